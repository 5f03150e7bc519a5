package dev.regatta.process;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an attempt's processes carry in their environment, so that they are found wherever they have
 * reparented. It names the run and the attempt; inside another attempt (an agent that starts a run
 * of its own) it goes on the end of that one's mark, and is found by both.
 *
 * @param value the variable's value, for example {@code 20261121-a1b2/r1-parallel-2}
 */
public record Mark(String value) {
  /** The variable that carries it. */
  public static final String VARIABLE = "REGATTA_ATTEMPT";

  private static final String WITHIN = ";";

  /**
   * The mark of an attempt.
   *
   * @param environment the orchestrator's own environment, which may carry a mark itself
   */
  public static Mark of(String run, String attempt, Map<String, String> environment) {
    String own = run + "/" + attempt;
    String outer = environment.get(VARIABLE);
    return new Mark(outer == null || outer.isEmpty() ? own : outer + WITHIN + own);
  }

  /** What tells this attempt from all others. */
  String own() {
    return value.substring(value.lastIndexOf(WITHIN) + 1);
  }

  /** The marks in an environment, the outermost first. */
  static List<String> ownMarks(Optional<Map<String, String>> environment) {
    return environment
        .map(variables -> variables.get(VARIABLE))
        .map(value -> List.of(value.split(WITHIN, -1)))
        .orElse(List.of());
  }

  /** Whether a process with that environment belongs to the attempt. */
  static boolean belongs(Optional<Map<String, String>> environment, String attempt) {
    return ownMarks(environment).contains(attempt);
  }

  /** Whether a process with that environment belongs to any attempt of the run. */
  static boolean belongsToRun(Optional<Map<String, String>> environment, String run) {
    return ownMarks(environment).stream().anyMatch(mark -> mark.startsWith(run + "/"));
  }
}
