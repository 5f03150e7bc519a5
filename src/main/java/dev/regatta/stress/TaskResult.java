package dev.regatta.stress;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of one task of a suite.
 *
 * @param task as it was to be run
 * @param status what became of it
 * @param instances in their order, each with its tries
 * @param best of the instances by each of the task's criteria; empty for a task with one instance
 */
public record TaskResult(
    PlannedTask task, TaskStatus status, List<InstanceResult> instances, List<Best> best) {
  /** Copies the lists. */
  public TaskResult {
    instances = List.copyOf(instances);
    best = List.copyOf(best);
  }

  /** All tries, instance by instance. */
  public Stream<TryResult> tries() {
    return instances.stream().flatMap(instance -> instance.tries().stream());
  }

  /** The last try of each instance that was tried. */
  public List<TryResult> last() {
    return instances.stream().flatMap(instance -> instance.last().stream()).toList();
  }

  /** How often it was tried: of several instances, the one that was tried most. */
  public int tried() {
    return instances.stream().mapToInt(instance -> instance.tries().size()).max().orElse(0);
  }

  /** How long the try took that counts: of several instances, the longest. Zero if none did. */
  public Duration duration() {
    return last().stream()
        .map(TryResult::duration)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Whether it has passed. */
  public boolean passed() {
    return status instanceof TaskStatus.Passed;
  }

  /** Whether it has failed; what was not tried has not. */
  public boolean failed() {
    return status instanceof TaskStatus.Failed;
  }
}
