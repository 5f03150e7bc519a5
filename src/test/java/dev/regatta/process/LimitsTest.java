package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.process.Limits.Overrun;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Limits and the steps of stopping are arithmetic over given times: no clock, no waiting. */
class LimitsTest {
  private static final long SECOND = 1_000_000_000L;
  private final Limits limits = new Limits(seconds(10), seconds(3), seconds(2));

  @Test
  void theWholeLimitCountsFromTheStart() {
    assertThat(limits.passed(5, 5 + 9 * SECOND, true, 4 + 10 * SECOND)).isEmpty();
    assertThat(limits.passed(5, 5 + 9 * SECOND, true, 5 + 10 * SECOND)).contains(Overrun.WHOLE);
  }

  @Test
  void silenceIsAStallAlsoBeforeTheFirstByte() {
    assertThat(limits.passed(0, 0, false, 2 * SECOND)).contains(Overrun.STALL);
    Limits noStall = new Limits(seconds(10), seconds(3), Optional.empty());
    assertThat(noStall.passed(0, 0, false, 2 * SECOND)).isEmpty();
    assertThat(noStall.passed(0, 0, false, 3 * SECOND)).contains(Overrun.FIRST_OUTPUT);
    assertThat(noStall.passed(0, SECOND, true, 9 * SECOND)).isEmpty();
  }

  @Test
  void noLimitIsNeverPassed() {
    assertThat(Limits.NONE.passed(0, 0, false, Long.MAX_VALUE)).isEmpty();
    assertThat(Limits.NONE.nanosLeft(0, 0, false, 7)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theTimeLeftLeadsExactlyToTheOverrun() {
    for (long now = 0; now < 12 * SECOND; now += SECOND / 4) {
      boolean printed = now > SECOND;
      long last = printed ? SECOND : 0;
      long left = limits.nanosLeft(0, last, printed, now);
      assertThat(limits.passed(0, last, printed, now).isPresent()).isEqualTo(left == 0);
      assertThat(limits.passed(0, last, printed, now + left)).isPresent();
    }
  }

  @Test
  void onABusyMachineTheyGrow() {
    assertThat(limits.times(3)).isEqualTo(new Limits(seconds(30), seconds(9), seconds(6)));
  }

  @Test
  void aLimitOfNothingIsRefused() {
    assertThatThrownBy(() -> new Limits(seconds(0), Optional.empty(), Optional.empty()))
        .hasMessage("the time limit must be above 0, not PT0S");
  }

  @Test
  void theLadderInterruptsThenTerminatesThenKills() {
    StopLadder ladder =
        new StopLadder(new StopLadder.Graces(Duration.ofSeconds(3), Duration.ofSeconds(2)));
    assertThat(ladder.due(0)).contains(Signal.INT);
    assertThat(ladder.due(0)).isEmpty();
    assertThat(ladder.nanosLeft(SECOND)).isEqualTo(2 * SECOND);
    assertThat(ladder.due(3 * SECOND)).contains(Signal.TERM);
    assertThat(ladder.due(5 * SECOND - 1)).isEmpty();
    assertThat(ladder.due(5 * SECOND)).contains(Signal.KILL);
    assertThat(ladder.due(100 * SECOND)).isEmpty();
    assertThat(ladder.nanosLeft(100 * SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoIsInAHurryKillsAtOnce() {
    StopLadder ladder = new StopLadder(StopLadder.Graces.USUAL);
    assertThat(ladder.due(0)).contains(Signal.INT);
    ladder.hurry();
    assertThat(ladder.due(1)).contains(Signal.KILL);
  }

  private static Optional<Duration> seconds(long seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }
}
