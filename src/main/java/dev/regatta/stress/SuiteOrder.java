package dev.regatta.stress;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a suite is to be run.
 *
 * @param suite as its file has it
 * @param file what messages call the file
 * @param tasks those that are to be run, in the order of the suite
 * @param skipped those that are left out by name, with why
 * @param jobs how many commands run at once at most
 * @param pause what is waited after a command before its place is taken by the next
 * @param server the URL of the server, for people
 * @param embedded whether that is our own
 * @param endpoint which model API agents are led to
 * @param load the load average
 * @param limitFactor by what the limits were multiplied for it
 * @param folder where commands run, if that is known and on this machine
 * @param configFolder where agents keep their transcripts
 * @param options of the command that a task needs to be run by itself
 * @param warnings one line each
 */
public record SuiteOrder(
    Suite suite,
    String file,
    List<TaskOrder> tasks,
    Map<TaskOrder, String> skipped,
    int jobs,
    Duration pause,
    String server,
    boolean embedded,
    Endpoint endpoint,
    double load,
    int limitFactor,
    Optional<Path> folder,
    Path configFolder,
    List<String> options,
    List<String> warnings) {
  /** Copies the lists. */
  public SuiteOrder {
    tasks = List.copyOf(tasks);
    skipped = Map.copyOf(skipped);
    options = List.copyOf(options);
    warnings = List.copyOf(warnings);
  }

  /** What is waited before a try that is not the first. */
  Duration delay(int number) {
    List<Duration> delays = suite.execution().retryDelays();
    return delays.isEmpty() ? Duration.ZERO : delays.get(Math.min(number - 2, delays.size() - 1));
  }
}
