package dev.regatta.stress;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What came of a suite. It is made from the journal of its run, while that goes on or later.
 *
 * @param suite the suite's id
 * @param file the suite's file, as it was named
 * @param run the id of the run
 * @param folder of the run, absolute
 * @param started when
 * @param duration until its end; of a run that has none, until the last that is known
 * @param ended whether it has come to its end; false of one that was killed or still goes on
 * @param interrupted whether it was stopped by Ctrl-C or a signal
 * @param server the URL of the server that ran the commands
 * @param embedded whether that was Regatta's own, started for this run
 * @param endpoint which model API the agents are led to
 * @param load the load average at its start
 * @param limitFactor by what the limits are multiplied for it
 * @param jobs how many commands ran at once at most
 * @param maxRetries how often a task that failed is tried again
 * @param suiteTasks how many tasks the suite has, those that are not run too
 * @param options of the command that a task needs to be run by itself
 * @param tasks those that were selected and those left out with {@code --skip}, in the order of the
 *     suite
 * @param prerequisites what was looked at before it began, one line each; empty for a server that
 *     somebody else started
 * @param warnings one line each
 */
public record SuiteResult(
    String suite,
    String file,
    String run,
    Path folder,
    Instant started,
    Duration duration,
    boolean ended,
    boolean interrupted,
    String server,
    boolean embedded,
    Endpoint endpoint,
    double load,
    int limitFactor,
    int jobs,
    int maxRetries,
    int suiteTasks,
    List<String> options,
    List<TaskResult> tasks,
    List<String> prerequisites,
    List<String> warnings) {
  /** Copies the lists. */
  public SuiteResult {
    options = List.copyOf(options);
    tasks = List.copyOf(tasks);
    prerequisites = List.copyOf(prerequisites);
    warnings = List.copyOf(warnings);
  }

  /** Passed against failed; tasks that were left out or not tried are neither. */
  public SuccessRatio ratio() {
    return new SuccessRatio(
        tasks.stream().filter(TaskResult::passed).count(),
        tasks.stream().filter(TaskResult::failed).count());
  }

  /** How many tasks were to be run. */
  public long chosen() {
    return tasks.stream().filter(task -> !(task.status() instanceof TaskStatus.Skipped)).count();
  }

  /** Whether that is only a part of the suite, which says nothing of how the whole one stands. */
  public boolean partial() {
    return chosen() < suiteTasks;
  }

  /** Whether enough of all the suite's tasks passed. */
  public boolean graduated() {
    return !partial() && ratio().graduated();
  }

  /** The file, as it was named, whose variables the commands had. */
  public Optional<String> envFile() {
    int at = options.indexOf("--env-file");
    return at < 0 ? Optional.empty() : Optional.of(options.get(at + 1));
  }

  /** The task with that id. */
  public Optional<TaskResult> task(String id) {
    return tasks.stream().filter(it -> it.task().id().equals(id)).findFirst();
  }
}
