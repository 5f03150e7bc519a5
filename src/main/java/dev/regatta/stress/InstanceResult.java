package dev.regatta.stress;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One of the instances of a task; a task without several has one.
 *
 * @param number from 1
 * @param model that it was given, if the suite names models
 * @param temperature that it was given, if the suite has a range
 * @param tries in their order; none if it was not tried
 */
public record InstanceResult(
    int number, Optional<String> model, OptionalDouble temperature, List<TryResult> tries) {
  /** Copies the list. */
  public InstanceResult {
    tries = List.copyOf(tries);
  }

  /** The try that counts. */
  public Optional<TryResult> last() {
    return tries.isEmpty() ? Optional.empty() : Optional.of(tries.getLast());
  }

  /** Whether its last try has passed. */
  public boolean passed() {
    return last().map(it -> it.judgement().passed()).orElse(false);
  }
}
