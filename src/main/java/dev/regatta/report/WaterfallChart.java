package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.List;

/** Where the speedup went: from the ideal to the measured wall speedup, loss by loss. */
final class WaterfallChart {
  private static final double ROW = 30;

  /** Room for names that stand to the left of bars; in a narrow frame they stand above them. */
  private static final double NAMES = 220;

  private static final double NAME = 16;
  private static final double VALUES = 160;
  private static final double NARROW_VALUES = 56;

  private WaterfallChart() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    if (proof.tree() != null) {
      return; // it has no sequential phase to be faster than
    }
    Section.open(proof, html, "Where the speedup went");
    Proof.Waterfall waterfall = proof.waterfall();
    if (waterfall == null || waterfall.steps().isEmpty()) {
      html.element(
          "p",
          "Not known: this needs a sequential and a parallel phase in which agents ran longer than"
              + " they say they waited.");
    } else {
      List<Proof.WaterfallStep> steps = RoundedSteps.of(waterfall);
      for (Frame frame : Frame.values()) {
        draw(proof, html, frame, steps);
      }
      explain(html, steps);
    }
    html.close();
  }

  private static void draw(
      Proof proof, HtmlWriter html, Frame frame, List<Proof.WaterfallStep> steps)
      throws IOException {
    Svg svg = new Svg(html);
    StringBuilder words = new StringBuilder();
    double most = 0.001;
    for (Proof.WaterfallStep step : steps) {
      most = Math.max(most, Math.max(step.after(), step.after() - step.change()));
      words.append(step.name()).append(": ").append(amount(step, total(steps, step))).append(". ");
    }
    double above = frame.narrow() ? NAME : 0;
    double height = 30 + (ROW + above) * steps.size();
    svg.open(proof, frame, "waterfall", height, "Waterfall of the wall speedup", words.toString());
    double y = 24;
    for (Proof.WaterfallStep step : steps) {
      boolean total = total(steps, step);
      double from = total ? 0 : step.after() - step.change();
      double left = x(frame, Math.min(from, step.after()), most);
      double right = x(frame, Math.max(from, step.after()), most);
      String css = total ? "total" : step.change() > 0 ? "gain" : "loss";
      String name = HtmlText.brief(step.name(), 34);
      if (frame.narrow()) {
        svg.text("name", 0, y + NAME, "start", name);
      } else {
        svg.text("name", NAMES - 10, y + 16, "end", name);
      }
      y += above;
      svg.rect("bar " + css, left, y + 4, Math.max(1, right - left), ROW - 12);
      double after = x(frame, step.after(), most);
      svg.line("carry", after, y + 4, after, y + ROW + (step == steps.getLast() ? -8 : 4 + above));
      svg.text("value", right + 8, y + 16, "start", amount(step, total));
      y += ROW;
    }
    svg.close(
        "Wall speedup: sequential wall time ÷ parallel wall time. Each bar takes away from the one"
            + " above it.");
  }

  private static void explain(HtmlWriter html, List<Proof.WaterfallStep> steps) throws IOException {
    Section.openTable(html, "Steps of the waterfall", "Step", "Change", "Left", "Meaning");
    for (Proof.WaterfallStep step : steps) {
      html.open("tr").element("th", step.name(), "scope", "row");
      Section.number(html, signed(step.change()));
      Section.number(html, HtmlNumbers.factor(step.after()));
      html.element("td", step.explanation(), "class", "prose");
      html.close();
    }
    Section.closeTable(html);
  }

  /** The first and the last bar stand on zero; those between hang where the one before ended. */
  private static boolean total(List<Proof.WaterfallStep> steps, Proof.WaterfallStep step) {
    return step == steps.getFirst() || step == steps.getLast();
  }

  private static String amount(Proof.WaterfallStep step, boolean total) {
    return total ? HtmlNumbers.factor(step.after()) : signed(step.change());
  }

  private static String signed(double change) {
    return (change > 0 ? "+" : change < 0 ? "−" : "") + HtmlNumbers.fixed(Math.abs(change), 2);
  }

  private static double x(Frame frame, double speedup, double most) {
    double left = frame.narrow() ? 0 : NAMES;
    double right = frame.width() - (frame.narrow() ? NARROW_VALUES : VALUES);
    double share = Double.isFinite(speedup) ? Math.clamp(speedup / most, 0.0, 1.0) : 0;
    return left + (right - left) * share;
  }
}
