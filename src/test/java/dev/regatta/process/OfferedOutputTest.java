package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs that somebody may deal with on the thread that reads all pipes. */
@Timeout(120)
class OfferedOutputTest {
  private static final String WAIT = "until [ -e go ]; do sleep 0.01; done; ";

  @TempDir Path folder;

  @BeforeEach
  void onlyWhereThereIsEpoll() {
    assumeTrue(PosixLauncher.available());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whoeverTakesThemTheyComeInOrderAndOnce(long seed) throws Exception {
    Random random = new Random(seed);
    StringBuffer all = new StringBuffer();
    AtomicInteger taken = new AtomicInteger();
    String script = "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i; done";
    try (PosixLauncher launcher = PosixLauncher.open();
        Child child = launcher.start(Programs.shell(folder, script))) {
      child.offer(output -> {
        boolean mine = random.nextInt(4) > 0;
        if (mine) {
          taken.incrementAndGet();
          all.append(text(output));
        }
        return mine;
      });
      int left = 0;
      boolean gone = false;
      for (int closed = 0; closed < 2 || !gone; ) {
        switch (Programs.next(child)) {
          case ChildEvent.Output output -> {
            left++;
            all.append(text(output));
          }
          case ChildEvent.Closed ignored -> closed++;
          case ChildEvent.Exited ignored -> gone = true;
          case ChildEvent.Nudged ignored -> {}
        }
      }
      assertThat(left).isPositive();
    }
    assertThat(taken).hasPositiveValue();
    assertThat(all.toString())
        .isEqualTo(
            IntStream.rangeClosed(1, 3000)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining("\n", "", "\n")));
  }

  private static String text(ChildEvent.Output output) {
    return new String(output.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void oneThatBreaksOverThemCostsItsOwnChildAndNoOther() throws Exception {
    try (PosixLauncher launcher = PosixLauncher.open();
        Child broken = launcher.start(Programs.shell(folder, WAIT + "echo a; exec sleep 60"));
        Child other = launcher.start(Programs.shell(folder, WAIT + "seq 1 1000"))) {
      broken.offer(output -> {
        throw new IllegalArgumentException("no such thing");
      });
      Files.createFile(folder.resolve("go"));
      assertThatIllegalStateException()
          .isThrownBy(() -> Programs.read(broken))
          .withMessageContaining("no such thing");
      assertThat(Programs.read(other).output()).hasSize(3_893);
      broken.signal(Signal.KILL);
    }
  }
}
