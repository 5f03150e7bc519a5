package dev.regatta.report;

import dev.regatta.stress.Sighting;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TryResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Why tasks failed, each with all that helps to look further. */
final class FailureSections {
  private FailureSections() {}

  static void write(StressReport report, HtmlWriter html) throws IOException {
    List<TaskAnalysis> failures = TaskAnalysis.of(report.result());
    if (failures.isEmpty()) {
      return;
    }
    Section.open(report.rehearsal(), html, "What failed");
    for (TaskAnalysis failed : failures) {
      html.open("details", "open", "open");
      html.element(
          "summary", failed.result().task().id() + ": " + failed.result().status().reason());
      patterns(failed, html);
      if (failed.instance().tries().size() > 1) {
        tries(failed, html);
      }
      output(report.result(), failed, html);
      html.element("h3", "The task by itself");
      html.element("pre", failed.alone());
      html.element("h3", "Its command");
      html.element("pre", failed.command());
      Optional<String> variables = report.result().envFile();
      if (variables.isPresent()) {
        html.element("p", "It had the variables of " + variables.get() + " too (--env-file).");
      }
      html.close();
    }
    html.close();
  }

  private static void patterns(TaskAnalysis failed, HtmlWriter html) throws IOException {
    List<Sighting> sightings = failed.last().judgement().sightings();
    if (sightings.isEmpty()) {
      return;
    }
    html.element(
        "h3",
        "Patterns, " + failed.result().task().match().name().toLowerCase(Locale.ROOT) + " needed");
    html.open("ul");
    for (Sighting it : sightings) {
      html.open("li");
      html.element(
          "span",
          it.found() ? "✓ found in line " + it.line().orElseThrow() : "✗ not found",
          "class",
          "finding " + (it.found() ? "pass" : "fail"));
      html.text(" ").element("code", it.pattern());
      html.text(it.detail().isEmpty() ? "" : " (" + it.detail() + ")");
      html.close();
    }
    html.close();
  }

  private static void tries(TaskAnalysis failed, HtmlWriter html) throws IOException {
    html.element("h3", "Tries");
    html.open("ul");
    for (TryResult attempt : failed.instance().tries()) {
      html.element(
          "li",
          attempt.attempt()
              + ", after "
              + StressTables.seconds(attempt.duration())
              + " s: "
              + attempt.judgement().reason());
    }
    html.close();
  }

  private static void output(SuiteResult suite, TaskAnalysis failed, HtmlWriter html)
      throws IOException {
    html.element("h3", "The end of its output");
    if (failed.tail().isEmpty()) {
      html.element("p", "It printed nothing, or nothing was kept.", "class", "more");
      return;
    }
    OutputTail tail = failed.tail().get();
    html.element(
        "p",
        TaskAnalysis.output(suite, failed.last()).orElseThrow().toUri().toASCIIString()
            + String.format(Locale.ROOT, ", %,d bytes", failed.last().outputBytes())
            + (tail.missing().isEmpty() ? "" : ": " + tail.missing()),
        "class",
        "more");
    if (!tail.lines().isEmpty()) {
      html.element("pre", (tail.earlier() ? "…\n" : "") + String.join("\n", tail.lines()));
    }
  }
}
