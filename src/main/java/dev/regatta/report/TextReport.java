package dev.regatta.report;

import dev.regatta.agent.CommandAdapter;
import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.Tree;
import dev.regatta.run.Visible;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A proof as text, for a terminal or a file. */
public final class TextReport {
  private static final int LONGEST_TEXT = 500;

  /** Two rounds: every order repeats itself after them. */
  private static final int SHOWN_ORDER = 4;

  private final Proof proof;
  private final Style style;
  private final StringBuilder out = new StringBuilder();

  private TextReport(Proof proof, Style style) {
    this.proof = proof;
    this.style = style;
  }

  /**
   * The report.
   *
   * @param colour whether words may be coloured, as for a terminal
   */
  public static String of(Proof proof, boolean colour) {
    TextReport report = new TextReport(proof, colour ? Style.ANSI : Style.PLAIN);
    report.write();
    return report.out.toString();
  }

  private void write() {
    if (proof.rehearsal()) {
      line(
          style.warn("REHEARSAL: answered by a built-in model server on loopback, not by a model"));
      line("");
    }
    phases();
    comparison();
    totals();
    waterfall();
    intervals();
    agent();
    attemptsInFull();
    calls();
    verification();
    verdict();
    notes();
    if (proof.rehearsal()) {
      line("");
      line(style.warn("REHEARSAL: nothing above is proof of real calls"));
    }
  }

  private void phases() {
    boolean rounds = proof.rounds() > 1;
    for (Proof.Phase phase : proof.phases()) {
      if (proof.tree() != null && phase.mode().equals(Proof.TREE)) {
        tree(phase, proof.tree());
        continue;
      }
      boolean parallel = phase.mode().equals("parallel");
      String round = rounds ? " (round " + phase.round() + " of " + proof.rounds() + ")" : "";
      line(style.title((parallel ? "Parallel" : "Sequential") + " Execution Test" + round + ":"));
      Columns columns = new Columns("lrlrlrl");
      phase.attempts().forEach(attempt -> columns.add(attemptLine(attempt)));
      columns.lines().forEach(this::line);
      line(
          parallel
              ? "Total Parallel Time: " + total(phase.maxSeconds(), " seconds (max of all tasks)")
              : "Total Sequential Time: " + total(phase.sumSeconds(), " seconds"));
      line("");
    }
  }

  private void tree(Proof.Phase phase, Tree tree) {
    line(style.title("Tree Execution Test, " + tree.shape() + " agents, seconds:"));
    TreeColumns.lines(phase, tree).forEach(this::line);
    line("Total Tree Time: " + seconds(phase.wallSeconds()) + " seconds (wall time)");
    line("");
  }

  private static String total(@Nullable Double seconds, String of) {
    return seconds == null ? "missing: an end was not seen" : seconds(seconds) + of;
  }

  private String[] attemptLine(Proof.Attempt attempt) {
    String standing =
        switch (attempt.outcome()) {
          case SUCCEEDED -> "";
          case null -> ", " + attempt.standing() + ": " + text(attempt.reason());
          default -> ", FAILED: " + attempt.standing() + ", " + text(attempt.reason());
        };
    Double exit = attempt.exitSeconds();
    Double duration = attempt.durationSeconds();
    return new String[] {
      "Task " + text(attempt.label()) + ": Started at ",
      seconds(attempt.spawnSeconds()),
      "s, Completed at ",
      exit == null ? "missing" : seconds(exit),
      exit == null ? ", Duration: " : "s, Duration: ",
      duration == null ? "missing" : seconds(duration),
      (duration == null ? ", Session: " : "s, Session: ")
          + text(orMissing(attempt.sessionId()))
          + standing
    };
  }

  private void comparison() {
    Proof.Comparison comparison = proof.comparison();
    line(style.title("Performance Comparison:"));
    if (proof.tree() != null) {
      parallelism(proof.tree());
      return;
    }
    if (comparison == null) {
      line("not possible: a phase is missing, did not end, or nothing ran in it");
      line("");
      return;
    }
    boolean rounds = proof.rounds() > 1;
    String sequential = seconds(comparison.sequentialSumSeconds());
    String parallel = seconds(comparison.parallelMaxSeconds());
    line(
        "Sequential Total: "
            + sequential
            + (rounds
                ? " seconds (sum of all tasks of all rounds)"
                : " seconds (sum of all tasks)"));
    line(
        "Parallel Maximum: "
            + parallel
            + (rounds ? " seconds (sum of each round's longest task)" : " seconds (longest task)"));
    line(format("Speedup Factor: %.2fx (%s / %s)", comparison.speedup(), sequential, parallel));
    line(
        format(
            "Parallelism Efficiency: %.0f%% (%.2f / %.1f theoretical maximum)",
            100 * comparison.efficiency(), comparison.speedup(), comparison.theoreticalMaximum()));
    if (proof.parallelAttempts() > proof.parallel()) {
      line(
          format(
              "(%d tasks took turns in %d places: these two compare with the longest task, not with"
                  + " its phase, and can exceed %.1f and 100%%; the verdict uses wall time against"
                  + " wall time, %.2fx)",
              proof.parallelAttempts(),
              proof.parallel(),
              comparison.theoreticalMaximum(),
              comparison.wallSpeedup()));
    }
    line("");
  }

  /** What a tree took, of what it had to take. */
  private void parallelism(Tree tree) {
    Double work = tree.workSeconds();
    Double span = tree.spanSeconds();
    Double ideal = tree.idealParallelism();
    Double achieved = tree.achievedParallelism();
    Double over = tree.wallOverSpan();
    if (work == null || span == null || ideal == null || achieved == null || over == null) {
      line("not possible: the end of an agent was not seen, or nothing ran");
      line("");
      return;
    }
    line(
        format(
            "Total Work: %.2f seconds (own time of %d agents: duration less waiting for others)",
            work, tree.nodes().size()));
    line(format("Critical Path: %.2f seconds (%s)", span, criticalPath(tree)));
    line(format("Ideal Parallelism: %.2f (%.2f / %.2f)", ideal, work, span));
    line(
        format(
            "Achieved Parallelism: %.2f (%.2f / %.2f), %.0f%% of the ideal",
            achieved, work, tree.wallSeconds(), 100 * achieved / ideal));
    line(format("Wall against Critical Path: %.2fx (%.2f / %.2f)", over, tree.wallSeconds(), span));
    line("");
  }

  /** By the places of its agents: their names would repeat them. */
  private static String criticalPath(Tree tree) {
    Map<String, String> labels = new HashMap<>();
    tree.nodes().forEach(node -> labels.put(node.attempt(), node.label()));
    return tree.criticalPath().stream()
        .map(name -> text(labels.getOrDefault(name, name)))
        .collect(Collectors.joining(" > "));
  }

  /** A total is always of something: wall time, tasks, and what lies between them. */
  private void totals() {
    if (proof.phases().isEmpty()) {
      return;
    }
    line(style.title("What the totals are of (elapsed time, monotonic clock):"));
    Columns columns = new Columns("llrlrlrl");
    for (Proof.Phase phase : proof.phases()) {
      boolean parallel = phase.mode().equals("parallel");
      Tree tree = phase.mode().equals(Proof.TREE) ? proof.tree() : null;
      Double busy =
          tree != null ? tree.spanSeconds() : parallel ? phase.maxSeconds() : phase.sumSeconds();
      String what =
          tree != null
              ? " s = critical path "
              : parallel ? " s = longest task " : " s = sum of tasks ";
      boolean seen = busy != null;
      columns.add(
          text(phase.name()) + ":",
          seen ? " wall time " : " watched for ",
          seconds(phase.wallSeconds()),
          seen ? what : " s",
          busy == null ? "" : seconds(busy),
          seen ? " s + orchestration " : "",
          busy == null ? "" : difference(phase.wallSeconds(), busy),
          (seen ? " s" : "") + "; started " + WallClock.of(phase.startedAt()) + " (wall clock)");
    }
    columns.lines().forEach(this::line);
    Proof.Comparison comparison = proof.comparison();
    if (comparison != null) {
      line(
          format(
              "wall time against wall time: %.2fx (%.2f / %.2f)",
              comparison.wallSpeedup(),
              comparison.sequentialWallSeconds(),
              comparison.parallelWallSeconds()));
    }
    line(
        format(
            "the whole run: %.2f s, with all that lies between the phases", proof.wallSeconds()));
    line("");
  }

  private void waterfall() {
    Proof.Waterfall waterfall = proof.waterfall();
    if (waterfall == null) {
      return;
    }
    line(style.title("Where the speedup went (wall time):"));
    Columns columns = new Columns("lrrl");
    for (Proof.WaterfallStep step : RoundedSteps.of(waterfall)) {
      boolean ends = step.name().equals("ideal") || step.name().equals("speedup");
      columns.add(
          text(step.name()) + "  ",
          ends ? "" : format("%+.2f", step.change()),
          format("  %.2f", step.after()),
          "  " + text(step.explanation()));
    }
    columns.lines().forEach(this::line);
    line("");
  }

  private void intervals() {
    Proof.Intervals intervals = proof.intervals();
    if (intervals == null) {
      return;
    }
    line(style.title("What " + intervals.rounds() + " rounds say of the wall speedup:"));
    line(
        format(
            "%.2f, t interval on the logarithms %.2f to %.2f (%.0f%%), Fieller %s",
            intervals.geometricMean(),
            intervals.tLow(),
            intervals.tHigh(),
            100 * intervals.level(),
            intervals.fiellerLow() == null || intervals.fiellerHigh() == null
                ? "unbounded"
                : format("%.2f to %.2f", intervals.fiellerLow(), intervals.fiellerHigh())));
    line(
        format(
            "sign-flip p of 'no speedup': %.3f; smallest speedup that could have been seen: %.2f",
            intervals.signFlipP(), intervals.smallestEffect()));
    if (intervals.descriptiveOnly()) {
      line("descriptive only: below 6 rounds no test can tell much");
    }
    line("");
  }

  /** Who was asked; and in which order, where the blocks above don't show it by themselves. */
  private void agent() {
    String version = proof.agentVersion();
    boolean hasVersion = version != null || !proof.agent().equals(CommandAdapter.NAME);
    line(
        style.title("Agent:")
            + " "
            + (proof.agent().isEmpty() ? "missing" : text(proof.agent()))
            + (hasVersion ? " " + (version == null ? "(version missing)" : text(version)) : "")
            + order());
    line("");
  }

  private String order() {
    List<String> order = proof.order();
    if (proof.rounds() == 1 && (order.isEmpty() || !order.getFirst().equals("parallel"))) {
      return "";
    }
    String first = String.join(", ", order.stream().limit(SHOWN_ORDER).toList());
    return "; "
        + (proof.rounds() == 1 ? "planned as " : proof.rounds() + " rounds, planned as ")
        + text(first)
        + (order.size() > SHOWN_ORDER ? ", …" : "");
  }

  private void attemptsInFull() {
    if (proof.phases().stream().allMatch(phase -> phase.attempts().isEmpty())) {
      return;
    }
    line(style.title("Attempts, as the agents claim:"));
    Columns columns = new Columns("llrrrrrl");
    columns.add(
        "attempt", "  credential", "  API ms", "  USD", "  in", "  out", "  turns", "  model");
    for (Proof.Phase phase : proof.phases()) {
      for (Proof.Attempt attempt : phase.attempts()) {
        Proof.Credential credential = attempt.credential();
        columns.add(
            text(attempt.name()),
            "  " + (credential == null ? "none" : credential(credential)),
            "  " + orMissing(attempt.apiDurationMs()),
            "  " + (attempt.costUsd() == null ? "missing" : format("%.4f", attempt.costUsd())),
            "  " + orMissing(attempt.tokens().input()),
            "  " + orMissing(attempt.tokens().output()),
            "  " + orMissing(attempt.turns()),
            "  " + text(orMissing(attempt.model())));
      }
    }
    columns.lines().forEach(this::line);
    line("");
  }

  private void calls() {
    Proof.Gateway gateway = proof.gateway();
    if (gateway == null) {
      return;
    }
    line(style.title("Calls, as the gateway saw them:"));
    CallColumns.lines(proof).forEach(this::line);
    for (Proof.Phase phase : proof.phases()) {
      Proof.Wire wire = phase.wire();
      if (wire != null) {
        line(
            format(
                "%s: at most %d open at once, %.2f on average, %.2f s long on average",
                text(phase.name()), wire.open(), wire.average(), wire.meanSeconds()));
      }
    }
    line(
        "sent on to "
            + text(gateway.upstream())
            + (gateway.proxy() == null ? "" : " through the proxy " + text(gateway.proxy()))
            + (gateway.ownAuthority() ? ", believing an own authority" : "")
            + (gateway.refused() == 0 ? "" : "; " + gateway.refused() + " requests refused"));
    line("");
  }

  /** Its name and fingerprint, and whether the process was seen to have another value. */
  private static String credential(Proof.Credential credential) {
    String assigned = credential.fingerprint();
    String given = credential.givenFingerprint();
    String seen = credential.differs() ? ", given " + text(String.valueOf(given)) : "";
    return text(credential.name()) + " " + text(orMissing(assigned)) + seen;
  }

  private void verification() {
    line(style.title("Verification:"));
    for (Criterion criterion : proof.criteria()) {
      String status = String.format(Locale.ROOT, "%-7s", criterion.status().word());
      line(
          switch (criterion.status()) {
                case PASS -> style.good(status);
                case FAIL -> style.bad(status);
                case UNKNOWN -> style.warn(status);
              }
              + " "
              + text(criterion.title())
              + ": "
              + text(criterion.detail()));
    }
    line("");
  }

  private void verdict() {
    Verdict verdict = proof.verdict();
    String parallel = verdict.parallel().word();
    line(
        "PARALLEL: "
            + switch (verdict.parallel()) {
              case CONFIRMED -> style.good(parallel);
              case REFUTED -> style.bad(parallel);
              case INCONCLUSIVE -> style.warn(parallel);
            }
            + " ("
            + text(verdict.parallelReason())
            + ")");
    line("CALLS: " + verdict.calls().word() + " (" + text(verdict.callsReason()) + ")");
  }

  private void notes() {
    List<String> notes = new ArrayList<>(proof.notes());
    if (!proof.status().equals("completed")) {
      notes.addFirst(
          (running() ? "the run has not ended" : "the run is " + proof.status())
              + ": the report holds what there is");
    }
    if (notes.isEmpty()) {
      return;
    }
    line("");
    notes.forEach(note -> line("Note: " + text(note)));
  }

  private boolean running() {
    return proof.status().equals(Proof.RUNNING);
  }

  private void line(String line) {
    out.append(line).append('\n');
  }

  private static String orMissing(@Nullable Object value) {
    return value == null ? "missing" : value.toString();
  }

  private static String seconds(double seconds) {
    return format("%.2f", seconds);
  }

  /** Of the two as they are shown, so that whoever adds up gets what is shown. */
  private static String difference(double whole, double part) {
    return new BigDecimal(seconds(whole)).subtract(new BigDecimal(seconds(part))).toPlainString();
  }

  /** What came from an agent: one line, nothing that a terminal would act on. */
  private static String text(String foreign) {
    return Visible.line(foreign, LONGEST_TEXT);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
