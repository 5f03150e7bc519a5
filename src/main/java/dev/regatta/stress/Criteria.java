package dev.regatta.stress;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Finds the best of a task's instances; only those that have passed can be it. */
final class Criteria {
  private final List<InstanceResult> passed;
  private final Map<Integer, Integer> answers;
  private final Map<String, Best> compared;

  /**
   * For these instances.
   *
   * @param answers how long the answer of each was, by its number
   * @param compared the best by criteria that go by what was answered, as far as they are known
   */
  Criteria(
      List<InstanceResult> instances, Map<Integer, Integer> answers, Map<String, Best> compared) {
    this.passed = instances.stream().filter(InstanceResult::passed).toList();
    this.answers = answers;
    this.compared = compared;
  }

  Best best(String criterion) {
    if (passed.isEmpty()) {
      return new Best(criterion, OptionalInt.empty(), "no instance has passed");
    }
    return switch (criterion) {
      case "FASTEST" ->
          best(
              criterion,
              Comparator.comparing(it -> it.last().orElseThrow().duration().negated()),
              it -> Limits.seconds(millis(it.last().orElseThrow())));
      case "MOST_DETAILED" ->
          best(
              criterion,
              Comparator.comparing(it -> answers.getOrDefault(it.number(), 0)),
              it -> answers.getOrDefault(it.number(), 0) + " characters");
      case "HIGHEST_MODEL_TEMP" -> hottest(criterion);
      default ->
          compared.getOrDefault(
              criterion, new Best(criterion, OptionalInt.empty(), "the answers were not compared"));
    };
  }

  private static Duration millis(TryResult result) {
    return Duration.ofMillis(result.duration().toMillis());
  }

  private Best hottest(String criterion) {
    if (passed.stream().allMatch(it -> it.temperature().isEmpty())) {
      return new Best(criterion, OptionalInt.empty(), "the suite gives no temperature_range");
    }
    return best(
        criterion,
        Comparator.comparing(it -> it.temperature().orElse(-1)),
        it -> "temperature " + it.temperature().orElse(-1));
  }

  /** Of several that are as good, the first. */
  private Best best(
      String criterion, Comparator<InstanceResult> order, Function<InstanceResult, String> words) {
    Optional<InstanceResult> best =
        passed.stream().reduce((one, other) -> order.compare(other, one) > 0 ? other : one);
    return new Best(
        criterion,
        best.map(it -> OptionalInt.of(it.number())).orElse(OptionalInt.empty()),
        best.map(words).orElse(""));
  }
}
