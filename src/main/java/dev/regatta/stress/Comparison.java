package dev.regatta.stress;

import java.util.List;

/**
 * Finds the best of a task's instances by what they answered. Who judges and what is checked is
 * known only above this room.
 */
@FunctionalInterface
public interface Comparison {
  /** For suites in which no task asks for it. */
  Comparison NONE = (task, criteria, answers) -> List.of();

  /**
   * Compares.
   *
   * @param task whose instances they are
   * @param criteria the names of those to go by, of {@link #CRITERIA}
   * @param answers one of each instance, in their order
   * @return the best by each of them, or nothing if it was stopped
   */
  List<Best> best(SuiteTask task, List<String> criteria, List<GivenAnswer> answers)
      throws InterruptedException;

  /** The criteria for which answers have to be compared; the others go by figures. */
  List<String> CRITERIA = List.of("CONSENSUS", "LLM_JUDGE", "BEST_CODE_QUALITY");

  /** Those of a task that go by its answers; none if it has but one instance. */
  static List<String> of(SuiteTask task) {
    return task.instances() > 1
        ? task.criteria().stream().filter(CRITERIA::contains).toList()
        : List.of();
  }
}
