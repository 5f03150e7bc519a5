package dev.regatta.stress;

import dev.regatta.store.StressRun;

/** What histories keep of a suite's result. */
public final class Remembered {
  private Remembered() {}

  /** The tasks that passed or failed; what was left out or not tried says nothing of a task. */
  public static StressRun of(SuiteResult result) {
    return new StressRun(
        result.run(),
        result.suite(),
        result.started(),
        result.endpoint().rehearsal(),
        result.partial(),
        result.tasks().stream()
            .filter(task -> task.passed() || task.failed())
            .map(Remembered::task)
            .toList());
  }

  private static StressRun.Task task(TaskResult result) {
    PlannedTask task = result.task();
    return new StressRun.Task(
        task.id(),
        task.category(),
        task.agent().orElse(null),
        Complexity.ofTags(task.metatags()).word(),
        result.passed(),
        result.last().stream().anyMatch(it -> it.ending() instanceof Ending.TimedOut),
        result.duration());
  }
}
