package dev.regatta.report;

import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.Tree;
import java.io.IOException;

/** The verdict, the key figures and what a reader must know: the first screen. */
final class Summary {
  private Summary() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    verdict(proof, html);
    figures(proof, html);
    notes(proof, html);
  }

  private static void verdict(Proof proof, HtmlWriter html) throws IOException {
    Verdict verdict = proof.verdict();
    html.open("header");
    html.open("p", "class", "run").text("Regatta ").text(proof.kind()).text(" · run ");
    html.element("code", proof.run()).close();
    html.open("div", "class", "verdict " + verdict.parallel().word());
    html.open("h1").element("span", glyph(verdict.parallel()), "class", "glyph");
    html.text(" Parallel: " + verdict.parallel().word()).close();
    html.element("p", verdict.parallelReason());
    html.close();
    html.open("div", "class", "verdict calls " + verdict.calls().word());
    html.element("p", "Calls: " + verdict.calls().word(), "class", "second");
    html.element("p", verdict.callsReason());
    html.close();
    status(proof, html);
    html.close();
  }

  private static void status(Proof proof, HtmlWriter html) throws IOException {
    if (!proof.status().equals("completed")) {
      html.open("p", "class", "status", "role", "note").text("The run ");
      html.element(
          "b", proof.status().equals(Proof.RUNNING) ? "has not ended" : "is " + proof.status());
      html.text(": this report is made of what its journal holds.").close();
    }
  }

  private static String glyph(Verdict.Parallel parallel) {
    return switch (parallel) {
      case CONFIRMED -> "✓";
      case REFUTED -> "✗";
      case INCONCLUSIVE -> "?";
    };
  }

  private static void figures(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "Key figures");
    Proof.Comparison comparison = proof.comparison();
    if (proof.tree() != null) {
      tree(proof.tree(), html);
    } else if (comparison == null) {
      html.element(
          "p",
          "Sequential and parallel can't be compared: a phase is missing, did not end, or nothing"
              + " ran in it.");
    } else {
      html.open("dl", "class", "figures");
      compared(proof, comparison, html);
      html.close();
    }
    phases(proof, html);
    html.close();
  }

  private static void compared(Proof proof, Proof.Comparison c, HtmlWriter html)
      throws IOException {
    int rounds = proof.rounds();
    String turns =
        proof.parallelAttempts() > proof.parallel()
            ? "; tasks took turns, so it can exceed what is possible"
            : "";
    figure(
        html,
        "Speedup of durations",
        HtmlNumbers.factor(c.speedup()),
        (rounds > 1
                ? "sum of sequential durations ÷ sum of each round’s longest parallel one"
                : "sum of sequential durations ÷ longest parallel one")
            + turns);
    figure(
        html,
        "Wall speedup",
        HtmlNumbers.factor(c.wallSpeedup()),
        "sequential wall time ÷ parallel wall time; the verdict uses this one");
    figure(
        html,
        "Efficiency",
        HtmlNumbers.percent(c.efficiency()),
        "speedup of durations ÷ the most possible, "
            + HtmlNumbers.factor(c.theoreticalMaximum())
            + turns);
    figure(
        html,
        "Sequential",
        HtmlNumbers.duration(c.sequentialSumSeconds()),
        "sum of durations; wall time " + HtmlNumbers.duration(c.sequentialWallSeconds()));
    figure(
        html,
        "Parallel",
        HtmlNumbers.duration(c.parallelMaxSeconds()),
        (rounds > 1
                ? "sum of each round’s longest duration; wall time "
                : "longest duration; wall time ")
            + HtmlNumbers.duration(c.parallelWallSeconds()));
  }

  private static void tree(Tree tree, HtmlWriter html) throws IOException {
    Double work = tree.workSeconds();
    Double span = tree.spanSeconds();
    Double ideal = tree.idealParallelism();
    Double achieved = tree.achievedParallelism();
    Double over = tree.wallOverSpan();
    if (work == null || span == null || ideal == null || achieved == null || over == null) {
      html.element(
          "p", "The tree can't be measured: the end of an agent was not seen, or nothing ran.");
      return;
    }
    html.open("dl", "class", "figures");
    figure(
        html,
        "Achieved parallelism",
        HtmlNumbers.fixed(achieved, 2),
        "total work ÷ wall time; the verdict uses this one");
    figure(html, "Ideal parallelism", HtmlNumbers.fixed(ideal, 2), "total work ÷ critical path");
    figure(
        html,
        "Wall time",
        HtmlNumbers.duration(tree.wallSeconds()),
        HtmlNumbers.factor(over) + " the critical path");
    figure(
        html,
        "Critical path",
        HtmlNumbers.duration(span),
        "the longest chain of times in which each agent worked by itself");
    figure(
        html,
        "Total work",
        HtmlNumbers.duration(work),
        "own times of all agents: their durations less the time in which they waited for others");
    html.close();
  }

  private static void figure(HtmlWriter html, String name, String value, String meaning)
      throws IOException {
    html.open("div").element("dt", name).element("dd", value, "class", "value");
    html.element("dd", meaning, "class", "meaning").close();
  }

  private static void phases(Proof proof, HtmlWriter html) throws IOException {
    if (proof.phases().isEmpty()) {
      html.element("p", "No phase was run.");
      return;
    }
    Section.openTable(
        html,
        "Phases",
        "Phase",
        "Wall time (s)",
        "Sum of durations (s)",
        "Longest (s)",
        "Overhead (s)",
        "Most at once",
        "Average at once",
        "Share with all " + proof.parallel(),
        "Start (s since the run’s)",
        "Started (wall clock)");
    for (Proof.Phase phase : proof.phases()) {
      html.open("tr").element("th", phase.name(), "scope", "row", "class", "name");
      Section.number(html, HtmlNumbers.seconds(phase.wallSeconds()));
      Section.number(html, HtmlNumbers.seconds(phase.sumSeconds()));
      Section.number(html, HtmlNumbers.seconds(phase.maxSeconds()));
      Section.number(html, HtmlNumbers.seconds(phase.overheadSeconds()));
      Section.number(html, Integer.toString(phase.concurrency().greatest()));
      Section.number(html, HtmlNumbers.fixed(phase.concurrency().average(), 2));
      Section.number(html, HtmlNumbers.percent(phase.concurrency().shareAll()));
      Section.number(html, HtmlNumbers.seconds(phase.startSeconds()));
      Section.cell(html, HtmlNumbers.clock(phase.startedAt()));
      html.close();
    }
    Section.closeTable(html);
  }

  private static void notes(Proof proof, HtmlWriter html) throws IOException {
    if (!proof.notes().isEmpty()) {
      Section.open(proof, html, "Notes");
      html.open("ul");
      for (String note : proof.notes()) {
        html.element("li", note);
      }
      html.close().close();
    }
  }
}
