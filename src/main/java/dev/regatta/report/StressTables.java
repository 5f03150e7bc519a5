package dev.regatta.report;

import dev.regatta.stress.Best;
import dev.regatta.stress.InstanceResult;
import dev.regatta.stress.LearnedLimit;
import dev.regatta.stress.LimitSource;
import dev.regatta.stress.Limits;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TaskStatus;
import dev.regatta.stress.TranscriptCheck;
import dev.regatta.stress.TryResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The tables of a stress suite's page. */
final class StressTables {
  private StressTables() {}

  static void tasks(StressReport report, HtmlWriter html) throws IOException {
    Section.open(report.rehearsal(), html, "Tasks");
    Section.openTable(
        html, "Tasks", "Task", "Status", "Duration, s", "Info", "Category", "Tries", "Limits");
    for (TaskResult result : report.result().tasks()) {
      html.open("tr").element("th", result.task().id(), "scope", "row", "class", "name");
      status(html, result.status());
      Section.number(html, result.last().isEmpty() ? "none" : seconds(result.duration()));
      html.element("td", StressReport.info(result), "class", "prose");
      Section.cell(html, HtmlText.brief(result.task().category(), 60));
      Section.number(html, Integer.toString(result.tried()));
      Section.cell(html, limits(result.task().limits(), result.task().limitSource()));
      html.close();
    }
    Section.closeTable(html);
    html.close();
  }

  private static String limits(Limits limits, LimitSource source) {
    return limits.words()
        + switch (source) {
          case SUITE -> "";
          case DEFAULT -> " (the suite's usual)";
          case LEARNED -> " (learned)";
        };
  }

  private static void status(HtmlWriter html, TaskStatus status) throws IOException {
    String glyph =
        switch (status) {
          case TaskStatus.Passed _ -> "✓ ";
          case TaskStatus.Failed _ -> "✗ ";
          case TaskStatus.Skipped _, TaskStatus.NotTried _ -> "… ";
        };
    String css =
        switch (status) {
          case TaskStatus.Passed _ -> "pass";
          case TaskStatus.Failed _ -> "fail";
          case TaskStatus.Skipped _, TaskStatus.NotTried _ -> "unknown";
        };
    html.element("td", glyph + status.word(), "class", "finding " + css);
  }

  static void instances(StressReport report, HtmlWriter html) throws IOException {
    List<TaskResult> many =
        report.result().tasks().stream()
            .filter(task -> task.instances().size() > 1 && !task.last().isEmpty())
            .toList();
    if (many.isEmpty()) {
      return;
    }
    Section.open(report.rehearsal(), html, "Instances");
    for (TaskResult task : many) {
      html.element("h3", task.task().id());
      Section.openTable(
          html,
          "Instances of " + task.task().id(),
          "Instance",
          "Model",
          "Temperature",
          "Duration, s",
          "Result");
      for (InstanceResult instance : task.instances()) {
        instance(html, instance);
      }
      Section.closeTable(html);
      for (Best best : task.best()) {
        html.element(
            "p",
            "Best by "
                + best.criterion()
                + ": "
                + (best.instance().isPresent() ? "instance " + best.instance().getAsInt() : "none")
                + ", "
                + best.reason(),
            "class",
            "more");
      }
    }
    html.close();
  }

  private static void instance(HtmlWriter html, InstanceResult instance) throws IOException {
    html.open("tr").element("th", Integer.toString(instance.number()), "scope", "row");
    Section.cell(html, instance.model().orElse("not set"));
    Section.cell(
        html,
        instance.temperature().isPresent()
            ? HtmlNumbers.fixed(instance.temperature().getAsDouble(), 2)
            : "not set");
    Section.number(html, instance.last().map(last -> seconds(last.duration())).orElse("none"));
    html.element(
        "td",
        instance.last().map(last -> last.judgement().reason()).orElse("not tried"),
        "class",
        "prose");
    html.close();
  }

  static void hallucinations(StressReport report, HtmlWriter html) throws IOException {
    List<StressReport.Checked> doubtful =
        report.checked().stream()
            .filter(it -> it.check().verdict() != TranscriptCheck.Verdict.NONE)
            .toList();
    if (report.checked().isEmpty()) {
      return;
    }
    Section.open(report.rehearsal(), html, "Answers against transcripts");
    html.element(
        "p",
        String.format(
            Locale.ROOT,
            "Of %d answers, %d were really said by the model in that session; of the others it is"
                + " suspected, or nothing is known.",
            report.checked().size(),
            report.checked(TranscriptCheck.Verdict.NONE)),
        "class",
        "lead");
    if (!doubtful.isEmpty()) {
      Section.openTable(html, "Answers", "Attempt", "Hallucination", "Line, or why", "Session");
      for (StressReport.Checked it : doubtful) {
        TryResult attempt = it.attempt();
        boolean suspected = it.check().verdict() == TranscriptCheck.Verdict.SUSPECTED;
        html.open("tr").element("th", attempt.attempt(), "scope", "row");
        html.element(
            "td",
            it.check().verdict().word(),
            "class",
            "finding " + (suspected ? "fail" : "unknown"));
        html.element("td", it.check().detail(), "class", "prose");
        Section.cell(html, it.check().session().orElse("none named"));
        html.close();
      }
      Section.closeTable(html);
    }
    html.close();
  }

  static void learned(StressReport report, HtmlWriter html) throws IOException {
    List<TaskResult> tasks = report.learned();
    if (tasks.isEmpty()) {
      return;
    }
    Section.open(report.rehearsal(), html, "Learned time limits");
    Section.openTable(html, "Learned time limits", "Task", "Limit, s", "Was, s", "From");
    for (TaskResult task : tasks) {
      LearnedLimit limit = task.task().learned().orElseThrow();
      html.open("tr").element("th", task.task().id(), "scope", "row", "class", "name");
      Section.number(html, seconds(limit.limit()));
      Section.number(html, seconds(limit.before()));
      html.element("td", limit.words(), "class", "prose").close();
    }
    Section.closeTable(html);
    html.close();
  }

  static String seconds(Duration time) {
    return HtmlNumbers.fixed(time.toNanos() / 1e9, 2);
  }
}
