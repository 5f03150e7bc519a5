package dev.regatta.report;

import dev.regatta.run.Visible;
import dev.regatta.store.StressHistory;
import dev.regatta.store.StressRun;
import dev.regatta.stress.Standing;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The history of a suite.
 *
 * @param suite what it is called
 * @param rehearsal whether these are its rehearsals
 * @param standing of the whole suite
 * @param tasks each task's standing, those of the latest run first
 * @param runs all of them, the earliest first, those of a part of the suite too
 */
public record HistoryReport(
    String suite, boolean rehearsal, Row standing, List<TaskRow> tasks, List<Run> runs) {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  /**
   * A standing.
   *
   * @param success how often a task passed
   * @param failure how often one did not
   * @param totalRuns how many runs there were
   * @param successRatio successes against failures, in words
   * @param lastUpdated when the latest run began, or null without one
   * @param status whether that is graduated
   */
  public record Row(
      long success,
      long failure,
      int totalRuns,
      String successRatio,
      @Nullable Instant lastUpdated,
      String status) {
    static Row of(Standing standing) {
      return new Row(
          standing.successes(),
          standing.failures(),
          standing.runs(),
          standing.ratio().text(),
          standing.updated().orElse(null),
          standing.status());
    }
  }

  /** The standing of a task. */
  public record TaskRow(String task, Row standing, List<Double> trend) {}

  /**
   * What came of one run.
   *
   * @param share of its tasks that passed, from 0 to 1
   * @param partial whether it was of a part of the suite's tasks
   */
  public record Run(
      String run,
      Instant at,
      long success,
      long failure,
      double share,
      boolean partial,
      List<RunTask> tasks) {
    static Run of(StressRun run) {
      return new Run(
          run.run(),
          run.at(),
          run.successes(),
          run.failures(),
          Trend.share(run),
          run.partial(),
          run.tasks().stream().map(RunTask::of).toList());
    }
  }

  /** What came of one task in one run. */
  public record RunTask(
      String task,
      String category,
      @Nullable String agent,
      String complexity,
      boolean passed,
      boolean timedOut,
      double seconds) {
    static RunTask of(StressRun.Task task) {
      return new RunTask(
          task.id(),
          task.category(),
          task.agent(),
          task.complexity(),
          task.passed(),
          task.timedOut(),
          task.duration().toMillis() / 1e3);
    }
  }

  /** The history of these runs of a suite, the earliest first. */
  public static HistoryReport of(StressHistory.Key key, List<StressRun> runs) {
    List<TaskRow> tasks = new ArrayList<>();
    Standing.ofTasks(runs)
        .forEach((id, standing) -> tasks.add(new TaskRow(id, Row.of(standing), trend(runs, id))));
    return new HistoryReport(
        key.suite(),
        key.rehearsal(),
        Row.of(Standing.ofSuite(runs)),
        tasks,
        runs.stream().map(Run::of).toList());
  }

  private static List<Double> trend(List<StressRun> runs, String id) {
    return runs.stream()
        .flatMap(run -> run.tasks().stream())
        .filter(task -> task.id().equals(id))
        .map(task -> task.passed() ? 1.0 : 0.0)
        .toList();
  }

  private long partial() {
    return runs.stream().filter(Run::partial).count();
  }

  /** The shares of the runs of the whole suite. */
  private List<Double> trend() {
    return runs.stream().filter(run -> !run.partial()).map(Run::share).toList();
  }

  /** All suites, a line each; without any, what makes one. */
  public static String overview(List<HistoryReport> suites, boolean unicode, ZoneId zone) {
    if (suites.isEmpty()) {
      return "no stress suite was run yet; regatta stress FILE runs one\n";
    }
    Columns columns = new Columns("lrrrlllll");
    headings(columns, "Suite");
    for (HistoryReport suite : suites) {
      columns.add(
          cells(
              Visible.line(suite.suite(), 60) + (suite.rehearsal() ? " REHEARSAL" : ""),
              suite.standing(),
              Sparkline.of(suite.trend(), unicode),
              zone));
    }
    return lines(columns.lines());
  }

  /**
   * The whole history as text: the suite's standing, its runs with their trend, its tasks.
   *
   * @param unicode whether blocks can be shown
   */
  public String text(boolean colour, boolean unicode, ZoneId zone) {
    Style style = colour ? Style.ANSI : Style.PLAIN;
    StringBuilder text = new StringBuilder();
    if (rehearsal) {
      text.append(style.warn("REHEARSAL: these runs were answered by a built-in model server"))
          .append("\n\n");
    }
    text.append(style.title("Suite " + Visible.line(suite, 100))).append('\n');
    Columns figures = new Columns("ll");
    figures.add("Success:", "  " + standing.success());
    figures.add("Failure:", "  " + standing.failure());
    figures.add("Total runs:", "  " + standing.totalRuns());
    if (partial() > 0) {
      figures.add("Partial runs:", "  " + partial() + ", which count only for their tasks");
    }
    figures.add("Success ratio:", "  " + standing.successRatio());
    figures.add("Last updated:", "  " + when(standing.lastUpdated(), zone));
    figures.add("Status:", "  " + status(standing, style));
    text.append(lines(figures.lines())).append('\n');
    text.append(style.title("Runs, by the share of tasks that passed:")).append('\n');
    text.append(Sparkline.of(trend(), unicode)).append('\n');
    text.append(lines(Trend.lines(runs, zone))).append('\n');
    Columns columns = new Columns("lrrrlllll");
    headings(columns, "Task");
    tasks.forEach(task ->
        columns.add(
            cells(
                Visible.line(task.task(), 100),
                task.standing(),
                Sparkline.of(task.trend(), unicode),
                zone)));
    return text.append(lines(columns.lines())).toString();
  }

  private static String status(Row standing, Style style) {
    return standing.status().equals("graduated")
        ? style.good(standing.status())
        : style.warn(standing.status());
  }

  private static void headings(Columns columns, String first) {
    columns.add(
        first,
        "  Success",
        "  Failure",
        "  Total runs",
        "  Success ratio",
        "  Last updated",
        "  Status",
        "  Trend");
  }

  private static String[] cells(String name, Row row, String trend, ZoneId zone) {
    return new String[] {
      name,
      "  " + row.success(),
      "  " + row.failure(),
      "  " + row.totalRuns(),
      "  " + row.successRatio(),
      "  " + when(row.lastUpdated(), zone),
      "  " + row.status(),
      "  " + trend
    };
  }

  private static String when(@Nullable Instant at, ZoneId zone) {
    return at == null ? "never" : WHEN.format(at.atZone(zone));
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
