package dev.regatta.stress;

import dev.regatta.process.MachineLoad;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The limits that a task has when it is run.
 *
 * @param timeout the longest that it may take
 * @param stall the longest silence; none if the suite gives none
 */
public record Limits(Duration timeout, Optional<Duration> stall) {
  private static final double NOTICEABLE = 5;

  /** The suite's limits of that task, three times as long on a busy machine. */
  public static Limits of(SuiteTask task, ExecutionConfig execution, MachineLoad load) {
    return of(task, task.timeout().map(TimeLimit::time).orElse(execution.defaultTimeout()), load);
  }

  /** The limits of that task with another time limit, likewise. */
  public static Limits of(SuiteTask task, Duration timeout, MachineLoad load) {
    int factor = load.limitFactor();
    return new Limits(
        timeout.multipliedBy(factor), task.stall().map(limit -> limit.time().multipliedBy(factor)));
  }

  /** What the load of the machine means for the limits, if it means anything. */
  public static Optional<String> warning(MachineLoad load) {
    if (load.limitFactor() > 1) {
      return Optional.of(
          "the load average is %s: time limits are multiplied by %d"
              .formatted(load.describe(), load.limitFactor()));
    }
    return load.average() >= NOTICEABLE
        ? Optional.of(
            "the load average is %s: tasks may take longer than their time limits assume"
                .formatted(load.describe()))
        : Optional.empty();
  }

  /** In words, such as {@code 30 s, silence 20 s}. */
  public String words() {
    return seconds(timeout) + stall.map(limit -> ", silence " + seconds(limit)).orElse("");
  }

  /** Such as {@code 30 s} or {@code 1.5 s}. */
  static String seconds(Duration time) {
    double seconds = time.toNanos() / 1e9;
    return time.toNanos() % 1_000_000_000 == 0
        ? time.toSeconds() + " s"
        : String.format(Locale.ROOT, "%.3f", seconds).replaceAll("0+$", "") + " s";
  }
}
