package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Signals to processes that somebody else started. */
class KnownProcessTest {
  @Test
  void itIsSignalledByItsIdAndStartAndNoOtherThatHasTheId() throws Exception {
    Assumptions.assumeTrue(PosixLauncher.available(), "start times are read from /proc");
    assertThat(KnownProcess.self().lives()).isTrue();
    Process sleeping = new ProcessBuilder("sleep", "60").start();
    KnownProcess known =
        new KnownProcess(
            sleeping.pid(), ProcessTable.read(sleeping.pid()).orElseThrow().startTicks());
    KnownProcess another = new KnownProcess(known.pid(), known.startTicks() + 1);
    assertThat(another.signal(Signal.KILL)).isFalse();
    assertThat(new KnownProcess(known.pid(), 0).signal(Signal.KILL)).isFalse();
    assertThat(sleeping.isAlive()).isTrue();
    assertThat(known.signal(Signal.KILL)).isTrue();
    assertThat(sleeping.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(known.signal(Signal.KILL)).isFalse();
  }

  @Test
  void whereThereIsNoProcItIsKnownByWhatJavaSaysOfItsStart() throws Exception {
    Process sleeping = new ProcessBuilder("sleep", "60").start();
    Optional<Long> start = KnownProcess.startMillis(sleeping.pid());
    assertThat(start).hasValueSatisfying(millis -> assertThat(millis).isPositive());
    assertThat(KnownProcess.startMillis(sleeping.pid())).isEqualTo(start);
    assertThat(PortableLauncher.kill(Signal.INT, List.of(sleeping.toHandle()))).isTrue();
    assertThat(sleeping.waitFor()).isEqualTo(128 + Signal.INT.number());
    assertThat(KnownProcess.startMillis(sleeping.pid())).isEmpty();
    assertThat(PortableLauncher.kill(Signal.INT, List.of(sleeping.toHandle()))).isFalse();
  }
}
