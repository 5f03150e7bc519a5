package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.List;

/**
 * From seconds since the phase's start to places in a figure. One scale serves all phases of a
 * round, so that equal lengths are equal times.
 *
 * @param frame the figure they are places in
 * @param seconds the time at the right end, above zero
 */
record TimeScale(Frame frame, double seconds) {
  /** The scale that holds all that is drawn of these phases. */
  static TimeScale of(Frame frame, List<Proof.Phase> phases) {
    double longest = 0.001;
    for (Proof.Phase phase : phases) {
      longest = Math.max(longest, finite(phase.wallSeconds()));
      for (Proof.Attempt attempt : phase.attempts()) {
        Double exit = attempt.exitSeconds();
        longest = Math.max(longest, exit == null ? 0 : finite(exit));
        Double verified = attempt.verifiedSeconds();
        longest = Math.max(longest, verified == null ? 0 : finite(verified));
      }
    }
    return new TimeScale(frame, longest);
  }

  /** The place of that time. */
  double x(double at) {
    return frame.left() + (frame.right() - frame.left()) * Math.clamp(finite(at) / seconds, 0, 1);
  }

  /** Grid lines from top to bottom with their times below. */
  void grid(HtmlWriter html, double top, double bottom) throws IOException {
    double step = step();
    int decimals = step >= 1 ? 0 : (int) Math.ceil(-Math.log10(step));
    for (int i = 0; i * step <= seconds * 1.0001; i++) {
      String x = HtmlNumbers.place(x(i * step));
      html.empty(
          "line",
          "class",
          "grid",
          "x1",
          x,
          "x2",
          x,
          "y1",
          HtmlNumbers.place(top),
          "y2",
          HtmlNumbers.place(bottom));
      html.element(
          "text",
          HtmlNumbers.fixed(i * step, decimals) + (i == 0 ? " s" : ""),
          "class",
          "tick",
          "x",
          x,
          "y",
          HtmlNumbers.place(bottom + 14),
          "text-anchor",
          "middle");
    }
  }

  /** A step of 1, 2 or 5 times a power of ten that gives at most ten lines. */
  private double step() {
    double power = Math.pow(10, Math.floor(Math.log10(seconds / 10)));
    for (double factor : new double[] {1, 2, 5}) {
      if (seconds / (power * factor) <= 10) {
        return power * factor;
      }
    }
    return power * 10;
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : 0;
  }
}
