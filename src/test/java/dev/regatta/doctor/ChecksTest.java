package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private record Scripted(String id, Looking looking) implements Check {
    @Override
    public List<Finding> findings() throws InterruptedException {
      looking.look();
      return List.of(finding(id));
    }
  }

  private interface Looking {
    void look() throws InterruptedException;
  }

  private static Finding finding(String id) {
    return new Finding(id, Status.OK, "looked at", null);
  }

  @Test
  void checksRunAtOnceAndAreGivenInTheirOrder() throws Exception {
    CyclicBarrier all = new CyclicBarrier(20);
    List<Check> checks = new ArrayList<>();
    List<Finding> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      checks.add(new Scripted("check." + i, () -> await(all)));
      expected.add(finding("check." + i));
    }
    assertThat(Checks.carryOut(checks, LONG)).isEqualTo(expected);
  }

  private static void await(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (java.util.concurrent.BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void oneThatHangsIsAFindingAndTheOthersAreStillThere() throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    Check hanging =
        new Scripted(
            "folder",
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                stopped.set(true);
                throw e;
              }
            });
    Check quick = new Scripted("disk", () -> {});
    assertThat(Checks.carryOut(List.of(hanging, quick), Duration.ofMillis(200)))
        .containsExactly(
            new Finding(
                "folder",
                Status.WARN,
                "folder gave no answer in time",
                "look at it yourself; the other findings do not depend on it"),
            finding("disk"));
    assertThat(stopped).as("interrupted before the findings were given").isTrue();
  }

  @Test
  void aMistakeOfOursIsNotTakenForAFinding() {
    Check broken =
        new Scripted(
            "disk",
            () -> {
              throw new IllegalArgumentException("a mistake");
            });
    assertThatThrownBy(() -> Checks.carryOut(List.of(broken), LONG))
        .hasMessage("the check disk failed")
        .hasRootCauseMessage("a mistake");
  }

  @Test
  void whoIsInterruptedStopsTheChecks() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Check hanging =
        new Scripted(
            "folder",
            () -> {
              begun.countDown();
              try {
                never.await();
              } finally {
                stopped.countDown();
              }
            });
    AtomicBoolean thrown = new AtomicBoolean();
    Thread examining =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Checks.carryOut(List.of(hanging), LONG);
              } catch (InterruptedException e) {
                thrown.set(stopped.getCount() == 0);
              }
            });
    begun.await();
    examining.interrupt();
    examining.join();
    assertThat(thrown).as("given up only when the check had ended").isTrue();
  }
}
