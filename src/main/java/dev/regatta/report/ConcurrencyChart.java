package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.List;

/** How many attempts ran at once, over time, on the scale of the timeline. */
final class ConcurrencyChart {
  /** Steps drawn per phase: far more than a figure has room for. */
  private static final int DRAWN_STEPS = 2_000;

  private static final double HEADING = 28;

  /** In a narrow frame a heading has three lines, the last for what the line at the top is. */
  private static final double HIGH_HEADING = 52;

  private static final double PLOT = 90;
  private static final double AXIS = 40;

  private ConcurrencyChart() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "How many ran at once");
    Rounds.each(proof, html, (round, phases) -> draw(proof, html, round, phases));
    html.close();
  }

  private static void draw(Proof proof, HtmlWriter html, int round, List<Proof.Phase> phases)
      throws IOException {
    for (Frame frame : Frame.values()) {
      draw(proof, html, TimeScale.of(frame, phases), round, phases);
    }
    for (Proof.Phase phase : phases) {
      Section.more(
          html,
          phase.concurrency().steps().size(),
          DRAWN_STEPS,
          "changes of the " + phase.mode() + " phase");
    }
  }

  private static void draw(
      Proof proof, HtmlWriter html, TimeScale scale, int round, List<Proof.Phase> phases)
      throws IOException {
    Svg svg = new Svg(html);
    boolean narrow = scale.frame().narrow();
    double heading = narrow ? HIGH_HEADING : HEADING;
    int highest = Math.max(1, proof.parallel());
    StringBuilder words = new StringBuilder();
    for (Proof.Phase phase : phases) {
      highest = Math.max(highest, phase.concurrency().greatest());
      words.append(phase.mode()).append(": ").append(summary(proof, phase)).append(". ");
    }
    svg.open(
        proof,
        scale.frame(),
        "concurrency-" + round,
        20 + phases.size() * (heading + PLOT + AXIS),
        "Attempts at once" + (proof.rounds() > 1 ? " in round " + round : ""),
        words.toString());
    double top = 20;
    for (Proof.Phase phase : phases) {
      String summary = summary(proof, phase);
      svg.text("heading", 0, top + 14, "start", phase.mode() + (narrow ? "" : " · " + summary));
      if (narrow) {
        svg.text("tick", 0, top + 30, "start", summary);
      }
      panel(proof, html, svg, scale, highest, phase, top + heading);
      top += heading + PLOT + AXIS;
    }
    svg.close(
        "Attempts between spawn and exit; elapsed time on the monotonic clock, seconds since each"
            + " phase’s own start.");
  }

  private static String summary(Proof proof, Proof.Phase phase) {
    Proof.Concurrency c = phase.concurrency();
    return "at most "
        + c.greatest()
        + ", on average "
        + HtmlNumbers.fixed(c.average(), 2)
        + ", all "
        + proof.parallel()
        + " for "
        + HtmlNumbers.percent(c.shareAll())
        + " of the wall time";
  }

  private static void panel(
      Proof proof,
      HtmlWriter html,
      Svg svg,
      TimeScale scale,
      int highest,
      Proof.Phase phase,
      double top)
      throws IOException {
    double bottom = top + PLOT;
    scale.grid(html, top, bottom);
    double asked = bottom - PLOT * proof.parallel() / highest;
    Frame frame = scale.frame();
    svg.line("asked", frame.left(), asked, frame.right(), asked);
    String label = proof.parallel() + " asked for";
    if (frame.narrow()) {
      svg.text("tick", frame.right(), asked - 4, "end", label);
    } else {
      svg.text("tick", frame.left() - 10, asked + 4, "end", label);
      svg.text("tick", frame.left() - 10, bottom, "end", "0");
    }
    StringBuilder path =
        new StringBuilder("M" + HtmlNumbers.place(frame.left()) + " ")
            .append(HtmlNumbers.place(bottom));
    for (Proof.Step step : phase.concurrency().steps().stream().limit(DRAWN_STEPS).toList()) {
      path.append(" H").append(HtmlNumbers.place(scale.x(step.seconds())));
      path.append(" V").append(HtmlNumbers.place(bottom - PLOT * step.running() / highest));
    }
    path.append(" H").append(HtmlNumbers.place(scale.x(phase.wallSeconds())));
    path.append(" V").append(HtmlNumbers.place(bottom));
    String mode = phase.mode().equals("sequential") ? "sequential" : "parallel";
    svg.path("steps " + mode, path.toString());
    double end = scale.x(phase.wallSeconds());
    svg.line("phase-end", end, top, end, bottom);
  }
}
