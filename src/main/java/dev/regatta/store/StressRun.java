package dev.regatta.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a stress suite in one run.
 *
 * @param run the run's id
 * @param suite what the suite is called; one that was changed keeps its history
 * @param at when the run began, kept to the millisecond
 * @param rehearsal whether it was a rehearsal; those have a history of their own
 * @param partial whether it was of a part of the suite's tasks; it counts for these, not for the
 *     suite
 * @param tasks those that were judged, in any order; their ids differ
 */
public record StressRun(
    String run, String suite, Instant at, boolean rehearsal, boolean partial, List<Task> tasks) {
  /** Copies the list. */
  public StressRun {
    tasks = List.copyOf(tasks);
  }

  /**
   * One task of it.
   *
   * @param id of the task in its suite
   * @param category of the task
   * @param agent which its command starts, or null if none that is known
   * @param complexity as the suite says it
   * @param passed whether it passed
   * @param timedOut whether its last try was stopped because it took longer than it may
   * @param duration of its last try, kept to the millisecond
   */
  public record Task(
      String id,
      String category,
      @Nullable String agent,
      String complexity,
      boolean passed,
      boolean timedOut,
      Duration duration) {}

  /** How many of its tasks passed. */
  public long successes() {
    return tasks.stream().filter(Task::passed).count();
  }

  /** How many did not. */
  public long failures() {
    return tasks.size() - successes();
  }
}
