package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.regatta.experiment.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundedStepsTest {
  private static final List<String> NAMES =
      List.of("schedule loss", "queue wait", "retry and rate-limit wait", "latency inflation");

  @Test
  void stepsThatWouldMissTheTotalByACentAddUpToIt() {
    // Each by itself: 3.00 - 0.06 - 0.00 + 0.00 - 0.27, which is 2.67 and not 2.66.
    List<Proof.WaterfallStep> shown = RoundedSteps.of(waterfall(3, -0.0642, -0.0046, 0.0, -0.2744));
    assertThat(shown)
        .extracting(Proof.WaterfallStep::change)
        .containsExactly(0.0, -0.06, -0.01, 0.0, -0.27, 0.0);
    assertThat(shown)
        .extracting(Proof.WaterfallStep::after)
        .containsExactly(3.0, 2.94, 2.93, 2.93, 2.66, 2.66);
  }

  @Test
  void whoeverAddsUpGetsTheTotalThatIsShown() {
    Random random = new Random(20261121);
    for (int round = 0; round < 5_000; round++) {
      int parallel = 2 + random.nextInt(60);
      double[] changes = random.doubles(4, -parallel / 6.0, parallel / 20.0).toArray();
      Proof.Waterfall exact = waterfall(parallel, changes);
      List<Proof.WaterfallStep> shown = RoundedSteps.of(exact);
      BigDecimal sum = decimal(shown.getFirst().after());
      for (int i = 1; i < shown.size(); i++) {
        sum = sum.add(decimal(shown.get(i).change()));
        assertThat(decimal(shown.get(i).after())).isEqualTo(sum);
        assertThat(shown.get(i).change()).isCloseTo(exact.steps().get(i).change(), within(0.01));
      }
      assertThat(sum).isEqualTo(decimal(exact.steps().getLast().after()));
    }
  }

  @Test
  void whatIsNoNumberIsLeftAsItIs() {
    Proof.Waterfall odd = waterfall(3, Double.NaN, 0, 0, 0);
    assertThat(RoundedSteps.of(odd)).isEqualTo(odd.steps());
    assertThat(RoundedSteps.of(new Proof.Waterfall(List.of()))).isEmpty();
  }

  private static BigDecimal decimal(double value) {
    return new BigDecimal(String.format(Locale.ROOT, "%.2f", value));
  }

  private static Proof.Waterfall waterfall(int parallel, double... changes) {
    List<Proof.WaterfallStep> steps = new ArrayList<>();
    double after = parallel;
    steps.add(new Proof.WaterfallStep("ideal", 0, after, "all at once"));
    for (int i = 0; i < changes.length; i++) {
      after += changes[i];
      steps.add(new Proof.WaterfallStep(NAMES.get(i), changes[i], after, "why"));
    }
    steps.add(new Proof.WaterfallStep("speedup", 0, after, "wall against wall"));
    return new Proof.Waterfall(steps);
  }
}
