package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The waterfall's steps as they are shown, to two decimals. Each rounded by itself, they could miss
 * the speedup that stands below them; so what is left over goes to the steps that lose most by
 * being cut (the largest remainders), and whoever adds up gets what is shown.
 */
final class RoundedSteps {
  private RoundedSteps() {}

  /** The same steps with rounded figures. */
  static List<Proof.WaterfallStep> of(Proof.Waterfall waterfall) {
    List<Proof.WaterfallStep> steps = waterfall.steps();
    if (steps.size() < 3 || !finite(steps)) {
      return steps;
    }
    long[] changes = changes(steps);
    long after = hundredths(steps.getFirst().after());
    List<Proof.WaterfallStep> rounded = new ArrayList<>();
    rounded.add(step(steps.getFirst(), 0, after));
    for (int i = 0; i < changes.length; i++) {
      after += changes[i];
      rounded.add(step(steps.get(i + 1), changes[i], after));
    }
    rounded.add(step(steps.getLast(), 0, hundredths(steps.getLast().after())));
    return rounded;
  }

  /** Of all steps but the first and the last, which are totals. */
  private static long[] changes(List<Proof.WaterfallStep> steps) {
    double[] exact =
        steps.subList(1, steps.size() - 1).stream().mapToDouble(s -> 100 * s.change()).toArray();
    long[] changes = Arrays.stream(exact).mapToLong(change -> (long) Math.floor(change)).toArray();
    long total = hundredths(steps.getLast().after()) - hundredths(steps.getFirst().after());
    long left = total - Arrays.stream(changes).sum();
    IntStream.range(0, exact.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> changes[i] - exact[i]))
        .limit(Math.max(0, left))
        .forEach(i -> changes[i]++);
    return changes;
  }

  private static boolean finite(List<Proof.WaterfallStep> steps) {
    return steps.stream()
        .allMatch(step -> Double.isFinite(step.change()) && Double.isFinite(step.after()));
  }

  /** As the total is shown elsewhere: the same rule for what lies just between two figures. */
  private static long hundredths(double value) {
    return new BigDecimal(String.format(Locale.ROOT, "%.2f", value)).unscaledValue().longValue();
  }

  private static Proof.WaterfallStep step(Proof.WaterfallStep step, long change, long after) {
    return new Proof.WaterfallStep(step.name(), change / 100.0, after / 100.0, step.explanation());
  }
}
