package dev.regatta.cli;

import dev.regatta.store.RegattaHome;
import dev.regatta.store.Store;
import dev.regatta.store.StressHistory;
import dev.regatta.store.StressRun;
import dev.regatta.stress.LearnedLimit;
import dev.regatta.stress.PlannedTask;
import dev.regatta.stress.Suite;
import dev.regatta.stress.SuiteTask;
import dev.regatta.stress.TaskCommand;
import dev.regatta.stress.TimeLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code --timeouts auto}: the time limits of a suite's tasks from how long they took before. */
final class SuiteLearning {
  private final Suite suite;
  private final StressHistory.Key key;

  /**
   * For a suite.
   *
   * @param rehearsal whether it is to be rehearsed: then rehearsals are what is learned from
   */
  SuiteLearning(Suite suite, boolean rehearsal) {
    this.suite = suite;
    this.key = new StressHistory.Key(suite.id(), rehearsal);
  }

  /** What is learned of each of these tasks, by its id. */
  Map<String, LearnedLimit> of(List<SuiteTask> tasks, RegattaHome home) {
    Map<String, LearnedLimit> learned = new LinkedHashMap<>();
    try (Store store = Store.open(home)) {
      for (SuiteTask task : tasks) {
        learned.put(task.id(), of(task, store.stressHistory()));
      }
    }
    return learned;
  }

  private LearnedLimit of(SuiteTask task, StressHistory history) {
    Optional<String> agent = PlannedTask.agent(TaskCommand.of(task, Instant.EPOCH));
    Duration before =
        task.timeout().map(TimeLimit::time).orElse(suite.execution().defaultTimeout());
    // Failures are left out afterwards: so that enough are left, more are asked for.
    int most = 2 * LearnedLimit.LATEST;
    List<StressRun.Task> similar =
        agent
            .map(name -> history.similarTasks(key, task.id(), name, task.complexity().word(), most))
            .orElse(List.of());
    return LearnedLimit.of(
        agent, task.complexity(), before, history.sameTask(key, task.id(), most), similar);
  }
}
