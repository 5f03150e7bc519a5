package dev.regatta.report;

import dev.regatta.store.StressRun;
import dev.regatta.stress.SuccessRatio;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The runs of a suite, one after another, as text. */
final class Trend {
  /** Older ones are in the database and in {@code --json}. */
  static final int SHOWN = 20;

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private Trend() {}

  /** The share of its tasks that passed; of none, none did. */
  static double share(StressRun run) {
    return run.tasks().isEmpty() ? 0 : (double) run.successes() / run.tasks().size();
  }

  /** A line for each of the latest runs, the latest last. */
  static List<String> lines(List<HistoryReport.Run> runs, ZoneId zone) {
    Columns columns = new Columns("llrl");
    int first = Math.max(0, runs.size() - SHOWN);
    for (HistoryReport.Run run : runs.subList(first, runs.size())) {
      SuccessRatio ratio = new SuccessRatio(run.success(), run.failure());
      columns.add(
          WHEN.format(run.at().atZone(zone)),
          "  " + run.run(),
          String.format(Locale.ROOT, "  %d %%", (int) Math.floor(100 * run.share())),
          "  "
              + ratio.text()
              + (run.partial() ? ", partial" : ratio.graduated() ? ", graduated" : ""));
    }
    List<String> lines = new ArrayList<>();
    if (first > 0) {
      lines.add("(" + first + " earlier runs; --json has them)");
    }
    lines.addAll(columns.lines());
    return lines;
  }
}
