package dev.regatta.report;

import dev.regatta.run.Visible;
import dev.regatta.stress.Best;
import dev.regatta.stress.InstanceResult;
import dev.regatta.stress.LearnedLimit;
import dev.regatta.stress.Sighting;
import dev.regatta.stress.SuccessRatio;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TaskStatus;
import dev.regatta.stress.TranscriptCheck;
import dev.regatta.stress.TryResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What came of a stress suite as text, for a terminal or a file. */
public final class StressText {
  private static final int LONGEST = 300;
  private static final int STATUS = 9;

  private final StressReport report;
  private final SuiteResult suite;
  private final Style style;
  private final boolean unicode;
  private final ZoneId zone;
  private final StringBuilder out = new StringBuilder();

  private StressText(StressReport report, Style style, boolean unicode, ZoneId zone) {
    this.report = report;
    this.suite = report.result();
    this.style = style;
    this.unicode = unicode;
    this.zone = zone;
  }

  /**
   * The report.
   *
   * @param colour whether it is for a terminal that may have colours; links are such there, too
   * @param unicode whether blocks can be shown
   * @param zone of the times in it
   */
  public static String of(StressReport report, boolean colour, boolean unicode, ZoneId zone) {
    StressText text = new StressText(report, colour ? Style.ANSI : Style.PLAIN, unicode, zone);
    text.write();
    return text.out.toString();
  }

  private void write() {
    if (report.rehearsal()) {
      line(
          style.warn("REHEARSAL: answered by a built-in model server on loopback, not by a model"));
      line("");
    }
    head();
    table();
    TaskAnalysis.of(suite).forEach(this::analysis);
    instances();
    hallucinations();
    learned();
    trend();
    summary();
    if (report.rehearsal()) {
      line("");
      line(style.warn("REHEARSAL: nothing above is proof of real calls"));
    }
  }

  private void head() {
    line(style.title("Suite " + text(suite.suite())) + " (" + text(suite.file()) + ")");
    Columns columns = new Columns("ll");
    columns.add("Run:", "  " + text(suite.run()) + ", " + report.status());
    report.partial().ifPresent(what -> columns.add("Partial:", "  " + what));
    columns.add(
        "Server:",
        "  " + text(suite.server()) + (suite.embedded() ? ", started for this run" : ""));
    columns.add("Model API:", "  " + text(report.endpoint()));
    columns.add("At once:", "  " + suite.jobs() + " at most");
    columns.add("Load:", "  " + load());
    columns.add(
        "Outputs:", "  " + link(suite.folder().resolve("attempts").toUri().toASCIIString()));
    columns.lines().forEach(this::line);
    suite.prerequisites().forEach(found -> line("Prerequisite: " + text(found)));
    suite.warnings().forEach(warning -> line(style.warn("Warning: ") + text(warning)));
    line("");
  }

  private String load() {
    String factor =
        suite.limitFactor() > 1 ? "; time limits were multiplied by " + suite.limitFactor() : "";
    return (suite.load() < 0 ? "not known" : format("%.2f", suite.load())) + factor;
  }

  private void table() {
    List<TaskResult> tasks = suite.tasks();
    int width = Math.max(4, tasks.stream().mapToInt(task -> id(task).length()).max().orElse(0));
    line(style.title(row(width, "Task", "Status" + " ".repeat(STATUS - 6), "Duration", "Info")));
    for (TaskResult task : tasks) {
      String word = task.status().word();
      line(
          row(
              width,
              id(task),
              coloured(task.status(), word) + " ".repeat(STATUS - word.length()),
              task.last().isEmpty() ? "" : seconds(task.duration()),
              StressReport.info(task)));
    }
    line("");
  }

  private static String row(int width, String id, String status, String duration, String info) {
    return id
        + " ".repeat(width - id.length() + 2)
        + status
        + String.format(Locale.ROOT, "  %10s  ", duration)
        + info;
  }

  private String coloured(TaskStatus status, String word) {
    return switch (status) {
      case TaskStatus.Passed _ -> style.good(word);
      case TaskStatus.Failed _ -> style.bad(word);
      case TaskStatus.Skipped _, TaskStatus.NotTried _ -> style.warn(word);
    };
  }

  private void analysis(TaskAnalysis failed) {
    TaskResult task = failed.result();
    line(style.bad("Failed: ") + style.title(id(task)) + " (" + text(task.task().category()) + ")");
    line("  Reason:    " + text(task.status().reason()));
    String instance =
        task.instances().size() > 1 ? " of instance " + failed.instance().number() : "";
    if (failed.instance().tries().size() > 1) {
      line("  Tries" + instance + ":");
      failed.instance().tries().forEach(this::attempt);
    }
    patterns(failed);
    output(failed);
    line("  By itself: " + failed.alone());
    line("  Command:   " + failed.command());
    suite
        .envFile()
        .ifPresent(file ->
            line("  Variables: the command had those of " + text(file) + " too (--env-file)"));
    line("");
  }

  private void attempt(TryResult attempt) {
    line(
        "    "
            + attempt.number()
            + ". after "
            + seconds(attempt.duration())
            + ": "
            + text(attempt.judgement().reason()));
  }

  private void patterns(TaskAnalysis failed) {
    List<Sighting> found = failed.found();
    List<Sighting> missing = failed.missing();
    if (!found.isEmpty()) {
      line(
          "  Found:     "
              + found.stream()
                  .map(it -> text(it.pattern()) + " in line " + it.line().orElseThrow())
                  .collect(Collectors.joining(", ")));
    }
    if (!missing.isEmpty()) {
      line(
          "  Not found: "
              + missing.stream()
                  .map(it ->
                      text(it.pattern())
                          + (it.detail().isEmpty() ? "" : " (" + text(it.detail()) + ")"))
                  .collect(Collectors.joining(", ")));
    }
  }

  private void output(TaskAnalysis failed) {
    TryResult last = failed.last();
    if (last.output().isEmpty() || failed.tail().isEmpty()) {
      line("  Output:    none");
      return;
    }
    Path file = TaskAnalysis.output(suite, last).orElseThrow();
    OutputTail tail = failed.tail().get();
    line(
        "  Output:    "
            + link(file.toUri().toASCIIString())
            + format(" (%,d bytes)", last.outputBytes())
            + (tail.missing().isEmpty() ? "" : ": " + text(tail.missing())));
    if (tail.earlier()) {
      line("    | …");
    }
    tail.lines().forEach(shown -> line("    | " + shown));
  }

  /** Terminals open it; elsewhere its text says the same. */
  private String link(String uri) {
    return style == Style.ANSI ? "\u001b]8;;" + uri + "\u001b\\" + uri + "\u001b]8;;\u001b\\" : uri;
  }

  private void instances() {
    List<TaskResult> many =
        suite.tasks().stream()
            .filter(task -> task.instances().size() > 1 && !task.last().isEmpty())
            .toList();
    for (TaskResult task : many) {
      line(style.title("Instances of " + id(task) + ":"));
      Columns columns = new Columns("rlrl");
      task.instances().forEach(instance -> columns.add(cells(instance)));
      columns.lines().forEach(this::line);
      task.best().forEach(best -> line("  best by " + text(best.criterion()) + ": " + words(best)));
      line("");
    }
  }

  private static String[] cells(InstanceResult instance) {
    return new String[] {
      "  " + instance.number(),
      "  "
          + instance.model().map(StressText::text).orElse("")
          + (instance.temperature().isPresent()
              ? format(" at %.2f", instance.temperature().getAsDouble())
              : ""),
      instance.last().map(last -> "  " + seconds(last.duration())).orElse("  "),
      "  " + instance.last().map(last -> text(last.judgement().reason())).orElse("not tried")
    };
  }

  private static String words(Best best) {
    return (best.instance().isPresent() ? best.instance().getAsInt() + ", " : "none, ")
        + text(best.reason());
  }

  private void hallucinations() {
    List<StressReport.Checked> checked = report.checked();
    if (checked.isEmpty()) {
      return;
    }
    line(
        style.title("Hallucination:")
            + format(
                " none in %d, suspected in %d, unknown in %d of %d answers",
                report.checked(TranscriptCheck.Verdict.NONE),
                report.checked(TranscriptCheck.Verdict.SUSPECTED),
                report.checked(TranscriptCheck.Verdict.UNKNOWN),
                checked.size()));
    for (StressReport.Checked it : checked) {
      if (it.check().verdict() != TranscriptCheck.Verdict.NONE) {
        line(
            "  "
                + text(it.attempt().attempt())
                + " "
                + it.check().verdict().word()
                + ": "
                + text(it.check().detail()));
      }
    }
    line("");
  }

  private void learned() {
    List<TaskResult> tasks = report.learned();
    if (tasks.isEmpty()) {
      return;
    }
    long learned =
        tasks.stream().filter(task -> task.task().learned().orElseThrow().learned()).count();
    line(
        style.title("Time limits:")
            + format(" %d of %d learned from earlier runs", learned, tasks.size()));
    Columns columns = new Columns("lrl");
    for (TaskResult task : tasks) {
      LearnedLimit limit = task.task().learned().orElseThrow();
      columns.add(
          "  " + id(task), format("  %d s", limit.limit().toSeconds()), "  " + limit.words());
    }
    columns.lines().forEach(this::line);
    line("");
  }

  private void trend() {
    if (report.trend().isEmpty()) {
      return;
    }
    List<HistoryReport.Run> runs = report.trend().stream().map(HistoryReport.Run::of).toList();
    line(
        style.title("Trend:")
            + " "
            + Sparkline.of(runs.stream().map(HistoryReport.Run::share).toList(), unicode)
            + "  share of tasks that passed, "
            + runs.size()
            + (runs.size() == 1 ? " run" : " runs"));
    Trend.lines(runs.subList(Math.max(0, runs.size() - 5), runs.size()), zone)
        .forEach(run -> line("  " + run));
    line("");
  }

  private void summary() {
    SuccessRatio ratio = suite.ratio();
    line(style.title("Summary:"));
    Columns columns = new Columns("ll");
    columns.add("Success:", "  " + report.successes());
    columns.add("Failure:", "  " + report.failures());
    if (report.skipped() > 0) {
      columns.add("Left out:", "  " + report.skipped());
    }
    if (report.notTried() > 0) {
      columns.add("Not tried:", "  " + report.notTried());
    }
    columns.add("Match rule:", "  " + report.matchRule());
    columns.add("Duration:", "  " + seconds(suite.duration()));
    columns.lines().forEach(this::line);
    line("Success ratio: " + ratio.text() + ", " + verdict(ratio));
  }

  private String verdict(SuccessRatio ratio) {
    if (suite.partial()) {
      return "of a partial run, which can't graduate";
    }
    return ratio.graduated()
        ? style.good("graduated") + " (10:1 or more)"
        : style.bad("not graduated") + " (" + ratio.needed() + ")";
  }

  private static String id(TaskResult task) {
    return Visible.line(task.task().id(), 100);
  }

  private static String text(String text) {
    return Visible.line(text, LONGEST);
  }

  private static String seconds(Duration time) {
    return format("%.2f s", time.toNanos() / 1e9);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  private void line(String line) {
    out.append(line).append('\n');
  }
}
