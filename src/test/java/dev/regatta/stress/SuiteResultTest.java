package dev.regatta.stress;

import static dev.regatta.stress.Results.instance;
import static dev.regatta.stress.Results.suite;
import static dev.regatta.stress.Results.task;
import static dev.regatta.stress.Results.tried;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SuiteResultTest {
  @Test
  void onlyTasksThatPassedOrFailedCountForTheRatio() {
    SuiteResult result =
        suite(
            task("a", new TaskStatus.Passed("exit 0")),
            task("b", new TaskStatus.Failed("exit 1")),
            task("c", new TaskStatus.Skipped("left out with --skip")),
            task("d", new TaskStatus.NotTried("interrupted")));
    assertThat(result.ratio()).isEqualTo(new SuccessRatio(1, 1));
    assertThat(result.tasks())
        .extracting(it -> it.status().word())
        .containsExactly("passed", "failed", "skipped", "not tried");
  }

  @Test
  void theLastTryOfAnInstanceCountsAndTheSlowestOfSeveralInstances() {
    TaskResult task =
        task(
            "a",
            new TaskStatus.Passed("2 instances passed"),
            instance(
                1,
                tried("a@1.1", 1, 1, Duration.ofSeconds(50)),
                tried("a@1.2", 2, 0, Duration.ofSeconds(2))),
            instance(2, tried("a@2.1", 1, 0, Duration.ofSeconds(3))));
    assertThat(task.instances()).allMatch(InstanceResult::passed);
    assertThat(task.tried()).isEqualTo(2);
    assertThat(task.last()).extracting(TryResult::attempt).containsExactly("a@1.2", "a@2.1");
    assertThat(task.duration()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aTaskThatWasNeverTriedTookNoTimeAndHasNotPassed() {
    TaskResult task = task("a", new TaskStatus.NotTried("interrupted"), instance(1));
    assertThat(task.duration()).isZero();
    assertThat(task.instances().getFirst().passed()).isFalse();
    assertThat(task.passed() || task.failed()).isFalse();
  }
}
