package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.store.StressRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");

  private static StressRun run(int hour, List<StressRun.Task> tasks) {
    return new StressRun("r" + hour, "S", START.plus(Duration.ofHours(hour)), false, false, tasks);
  }

  private static StressRun.Task task(String id, boolean passed) {
    return new StressRun.Task(id, "simple", null, "simple", passed, false, Duration.ofSeconds(1));
  }

  @Test
  void aSuiteStandsAsAllTasksOfAllItsRunsTogether() {
    Standing standing =
        Standing.ofSuite(
            List.of(
                run(1, List.of(task("a", true), task("b", false))),
                run(2, List.of(task("a", true), task("b", true)))));
    assertThat(standing.ratio().text()).isEqualTo("3:1");
    assertThat(standing.runs()).isEqualTo(2);
    assertThat(standing.updated()).contains(START.plus(Duration.ofHours(2)));
    assertThat(standing.status()).isEqualTo("not graduated");
    assertThat(new Standing(10, 1, 5, standing.updated()).status()).isEqualTo("graduated");
  }

  @Test
  void runsOfAPartCountForTheirTasksOnly() {
    StressRun whole = run(1, List.of(task("a", true), task("b", false)));
    StressRun part =
        new StressRun(
            "p", "S", START.plus(Duration.ofHours(2)), false, true, List.of(task("a", true)));
    Standing standing = Standing.ofSuite(List.of(whole, part));
    assertThat(standing.ratio().text()).isEqualTo("1:1");
    assertThat(standing.runs()).isEqualTo(1);
    assertThat(Standing.ofTasks(List.of(whole, part)).get("a").runs()).isEqualTo(2);
  }

  @Test
  void withoutARunItStandsAtNothing() {
    assertThat(Standing.ofSuite(List.of()).updated()).isEmpty();
    assertThat(Standing.ofSuite(List.of()).status()).isEqualTo("not graduated");
  }

  @Test
  void tasksOfTheLatestRunComeFirstAndThoseThatWereLeftOutKeepTheirs() {
    List<StressRun> runs =
        List.of(
            run(1, List.of(task("old", true), task("a", true))),
            run(2, List.of(task("b", false), task("a", false))));
    assertThat(Standing.ofTasks(runs).keySet()).containsExactly("b", "a", "old");
    assertThat(Standing.ofTasks(runs).get("a"))
        .isEqualTo(new Standing(1, 1, 2, java.util.Optional.of(START.plus(Duration.ofHours(2)))));
    assertThat(Standing.ofTasks(runs).get("old").updated())
        .contains(START.plus(Duration.ofHours(1)));
  }

  @Test
  void theTasksTogetherAreTheSuiteWhateverWasRun() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<StressRun> runs = new ArrayList<>();
      for (int hour = 0; hour < random.nextInt(12); hour++) {
        List<StressRun.Task> tasks = new ArrayList<>();
        for (int id = 0; id < 6; id++) {
          if (random.nextBoolean()) {
            tasks.add(task("t" + id, random.nextBoolean()));
          }
        }
        runs.add(run(hour, tasks));
      }
      Standing whole = Standing.ofSuite(runs);
      List<Standing> each = List.copyOf(Standing.ofTasks(runs).values());
      assertThat(each.stream().mapToLong(Standing::successes).sum()).isEqualTo(whole.successes());
      assertThat(each.stream().mapToLong(Standing::failures).sum()).isEqualTo(whole.failures());
      assertThat(each).allMatch(task -> task.successes() + task.failures() == task.runs());
    }
  }
}
