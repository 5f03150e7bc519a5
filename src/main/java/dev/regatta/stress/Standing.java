package dev.regatta.stress;

import dev.regatta.store.StressRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a suite, or a task of it, stands after all its runs.
 *
 * @param successes how often a task of it passed
 * @param failures how often one did not
 * @param runs in how many runs it was
 * @param updated when the latest of these began; none without a run
 */
public record Standing(long successes, long failures, int runs, Optional<Instant> updated) {
  /** Of all tasks together, in runs with the earliest first; those of a part don't count. */
  public static Standing ofSuite(List<StressRun> runs) {
    return of(runs.stream().filter(run -> !run.partial()).toList());
  }

  private static Standing of(List<StressRun> runs) {
    return new Standing(
        runs.stream().mapToLong(StressRun::successes).sum(),
        runs.stream().mapToLong(StressRun::failures).sum(),
        runs.size(),
        runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast().at()));
  }

  /** Of each task by its id, those of the latest run first and in its order. */
  public static Map<String, Standing> ofTasks(List<StressRun> runs) {
    Map<String, List<StressRun>> alone = new LinkedHashMap<>();
    for (StressRun run : runs.reversed()) {
      for (StressRun.Task task : run.tasks()) {
        alone
            .computeIfAbsent(task.id(), id -> new ArrayList<>())
            .addFirst(
                new StressRun(
                    run.run(),
                    run.suite(),
                    run.at(),
                    run.rehearsal(),
                    run.partial(),
                    List.of(task)));
      }
    }
    Map<String, Standing> standings = new LinkedHashMap<>();
    alone.forEach((id, its) -> standings.put(id, of(its)));
    return standings;
  }

  /** Successes against failures. */
  public SuccessRatio ratio() {
    return new SuccessRatio(successes, failures);
  }

  /** {@code graduated} at 10:1 or more, else {@code not graduated}. */
  public String status() {
    return ratio().graduated() ? "graduated" : "not graduated";
  }
}
