package dev.regatta.cli;

import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.run.RunFolder;
import dev.regatta.run.TaskResult;
import dev.regatta.run.Visible;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run came to: counts, and the first failures. */
final class Summary {
  private static final int MOST_FAILURES = 10;

  private final String run;
  private final RunFolder folder;
  private final RunClock clock;
  private final long start;
  private final boolean rehearsal;
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final List<String> failures = new ArrayList<>();
  private int tasks;

  Summary(String run, RunFolder folder, RunClock clock, boolean rehearsal) {
    this.rehearsal = rehearsal;
    this.run = run;
    this.folder = folder;
    this.clock = clock;
    this.start = clock.nanos();
  }

  void add(TaskResult result) {
    tasks++;
    counts.merge(result.outcome(), 1, Integer::sum);
    if (!result.succeeded() && failures.size() < MOST_FAILURES) {
      failures.add(
          "task "
              + result.task().name()
              + " ("
              + result.task().title()
              + "): "
              + result.outcome().word()
              + ", "
              + Visible.line(result.reason(), 300));
    }
  }

  int tasks() {
    return tasks;
  }

  int succeeded() {
    return counts.getOrDefault(Outcome.SUCCEEDED, 0);
  }

  boolean allSucceeded() {
    return succeeded() == tasks;
  }

  private double seconds() {
    return (clock.nanos() - start) / 1e9;
  }

  private record Data(
      String run,
      String folder,
      int tasks,
      int succeeded,
      double seconds,
      Map<String, Integer> outcomes,
      boolean interrupted,
      boolean rehearsal) {}

  void print(Context context, boolean json, boolean interrupted) {
    double seconds = seconds();
    if (json) {
      Map<String, Integer> outcomes = new TreeMap<>();
      counts.forEach((outcome, count) -> outcomes.put(outcome.word(), count));
      Json.line(
          context.out(),
          new Data(
              run,
              folder.path().toString(),
              tasks,
              succeeded(),
              seconds,
              outcomes,
              interrupted,
              rehearsal));
      return;
    }
    for (String failure : failures) {
      context.err().println("regatta: " + failure);
    }
    int failed = tasks - succeeded();
    if (failed > failures.size()) {
      context.err().println("regatta: and " + (failed - failures.size()) + " more failed");
    }
    context
        .err()
        .printf(
            Locale.ROOT,
            "regatta: %s%d of %d tasks succeeded in %.2f s%s; regatta show %s%n",
            rehearsal ? "REHEARSAL: " : "",
            succeeded(),
            tasks,
            seconds,
            interrupted
                ? ", then it was interrupted; --resume "
                    + run
                    + (rehearsal ? " --rehearsal" : "")
                    + " does what is left"
                : "",
            run);
  }
}
