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

/**
 * What a run came to: counts of all its tasks, those of before it was gone on with too, and the
 * first failures of this command.
 */
final class Summary {
  /** How a run came to its end. */
  enum End {
    /** All was done that could be. */
    COMPLETE(""),
    /** Somebody stopped it. */
    INTERRUPTED("it was interrupted"),
    /** It could not go on. */
    BROKEN("it could not go on");

    private final String words;

    End(String words) {
      this.words = words;
    }
  }

  private static final int MOST_FAILURES = 10;

  private final String run;
  private final RunFolder folder;
  private final RunClock clock;
  private final long start;
  private final boolean rehearsal;
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final List<String> failures = new ArrayList<>();
  private final int done;
  private int ended;
  private int passedOver;
  private int all;

  /**
   * Nothing has ended yet.
   *
   * @param done how many tasks had succeeded before the run was gone on with
   */
  Summary(String run, RunFolder folder, RunClock clock, boolean rehearsal, int done) {
    this.done = done;
    this.all = done;
    this.rehearsal = rehearsal;
    this.run = run;
    this.folder = folder;
    this.clock = clock;
    this.start = clock.nanos();
  }

  void add(TaskResult result) {
    ended++;
    passedOver += result.attempt().isEmpty() ? 1 : 0;
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

  /** Says how many tasks the run has in all, as far as they are known. */
  void outOf(int tasks) {
    all = tasks;
  }

  int tasks() {
    return all;
  }

  int succeeded() {
    return done + counts.getOrDefault(Outcome.SUCCEEDED, 0);
  }

  boolean allSucceeded() {
    return succeeded() == all;
  }

  /** Those that never came to their turn. */
  private int left() {
    return all - done - ended;
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

  void print(Context context, boolean json, End end) {
    double seconds = seconds();
    if (json) {
      Map<String, Integer> outcomes = new TreeMap<>();
      counts.forEach((outcome, count) -> outcomes.put(outcome.word(), count));
      if (done > 0) {
        outcomes.merge(Outcome.SUCCEEDED.word(), done, Integer::sum);
      }
      if (left() > 0) {
        outcomes.put("not-tried", left());
      }
      Json.line(
          context.out(),
          new Data(
              run,
              folder.path().toString(),
              all,
              succeeded(),
              seconds,
              outcomes,
              end == End.INTERRUPTED,
              rehearsal));
      return;
    }
    for (String failure : failures) {
      context.err().println("regatta: " + failure);
    }
    int failed = done + ended - succeeded();
    if (failed > failures.size()) {
      context.err().println("regatta: and " + (failed - failures.size()) + " more failed");
    }
    context
        .err()
        .printf(
            Locale.ROOT,
            "regatta: %s%d of %d tasks succeeded in %.2f s%s%s; regatta show %s%n",
            rehearsal ? "REHEARSAL: " : "",
            succeeded(),
            all,
            seconds,
            left() + passedOver > 0 ? ", " + (left() + passedOver) + " not tried" : "",
            end == End.COMPLETE
                ? ""
                : ", then "
                    + end.words
                    + "; --resume "
                    + run
                    + (rehearsal ? " --rehearsal" : "")
                    + " does what is left",
            run);
  }
}
