package dev.regatta.stress;

import java.time.Duration;
import java.util.List;

/**
 * What came of a task.
 *
 * @param ending how its process ended
 * @param output what it printed, as it came, standard output and standard error
 * @param duration how long it took
 * @param fileFaults what does not hold about the files that it had to leave, one sentence each
 */
public record Outcome(Ending ending, String output, Duration duration, List<String> fileFaults) {
  /** Copies the list. */
  public Outcome {
    fileFaults = List.copyOf(fileFaults);
  }
}
