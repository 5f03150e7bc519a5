package dev.regatta.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.regatta.journal.Outcome;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SpeedupDerivationTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  @Test
  void theSpeedupIsTheSequentialSumOverTheLongestParallelAttemptUnrounded() {
    Proof.Comparison comparison = Recorded.plain().proof().comparison();
    assertThat(comparison.sequentialSumSeconds()).isCloseTo(15.0, CLOSE);
    assertThat(comparison.parallelMaxSeconds()).isCloseTo(6.6, CLOSE);
    assertThat(comparison.speedup()).isCloseTo(15.0 / 6.6, CLOSE);
    assertThat(comparison.wallSpeedup()).isCloseTo(15.4 / 6.9, CLOSE);
    assertThat(comparison.theoreticalMaximum()).isEqualTo(3.0);
    assertThat(comparison.efficiency()).isCloseTo(15.0 / 6.6 / 3, CLOSE);
  }

  @Test
  void overSeveralRoundsTotalsAreCompared() {
    Proof proof =
        Recorded.of(2, 2, "sequential", "parallel", "parallel", "sequential")
            .sequential(1, 1, 4, 4)
            .parallel(1, 20, 4, 5)
            .parallel(2, 30, 6, 5)
            .sequential(2, 40, 5, 5)
            .end(60, "completed")
            .proof();
    assertThat(proof.comparison().speedup()).isCloseTo(18.0 / 11.0, CLOSE);
    assertThat(proof.comparison().wallSpeedup()).isCloseTo((8.3 + 10.3) / (5.3 + 6.3), CLOSE);
  }

  @Test
  void theWaterfallNamesEachLossAndEndsAtTheWallSpeedup() {
    Proof proof = Recorded.plain().proof();
    Proof.Waterfall waterfall = proof.waterfall();
    assertThat(waterfall.steps())
        .extracting(Proof.WaterfallStep::name)
        .containsExactly(
            "ideal",
            "schedule loss",
            "queue wait",
            "retry and rate-limit wait",
            "latency inflation",
            "speedup");
    addsUp(proof);
    double wall = 6.9;
    double gaps = 15.4 / 15.0;
    assertThat(waterfall.steps().get(1).after())
        .isCloseTo((3 - (3 * wall - 16.5 - 0.6) / wall) * gaps, CLOSE);
    assertThat(waterfall.steps().get(2).after()).isCloseTo(16.5 / wall * gaps, CLOSE);
    assertThat(waterfall.steps().get(3).change()).as("nothing waited").isCloseTo(0, CLOSE);
    assertThat(waterfall.steps().get(4).explanation()).contains("1.100 times as long");
  }

  @Test
  void waitsForTheProviderAreALossOfTheirOwn() {
    Recorded recorded =
        Recorded.of(2, 2, "sequential", "parallel")
            .sequential(1, 1, 4, 4)
            .phase("p", 1, "parallel", 20)
            .started("p", 1, 20)
            .started("p", 2, 20)
            .ended("p", 1, 26, Outcome.SUCCEEDED, Recorded.claims("a", 20L), 2000, false)
            .ended("p", 2, 26, Outcome.SUCCEEDED, Recorded.claims("b", 20L), 2000, false)
            .phaseEnded("p", 26)
            .end(30, "completed");
    Proof proof = recorded.proof();
    addsUp(proof);
    Proof.WaterfallStep retry = proof.waterfall().steps().get(3);
    assertThat(retry.change()).isNegative();
    assertThat(retry.explanation()).contains("4.00 s in the parallel phase, 0.00 s in the seq");
    assertThat(proof.waterfall().steps().get(4).change())
        .as("without the waits they took as long as before")
        .isCloseTo(0, CLOSE);
  }

  @Test
  void waitsLongerThanTheRunItselfGiveNoWaterfall() {
    Recorded recorded =
        Recorded.of(1, 1, "sequential", "parallel")
            .sequential(1, 1, 4)
            .phase("p", 1, "parallel", 20)
            .started("p", 1, 20)
            .ended("p", 1, 26, Outcome.SUCCEEDED, Recorded.claims("a", 20L), 60_000, false)
            .phaseEnded("p", 26)
            .end(30, "completed");
    assertThat(recorded.proof().waterfall()).isNull();
    assertThat(recorded.proof().comparison()).isNotNull();
  }

  @Test
  void whateverWasMeasuredTheWaterfallAddsUp() {
    Random random = new Random(4);
    for (int round = 0; round < 500; round++) {
      int parallel = 1 + random.nextInt(8);
      double[] sequential = random.doubles(parallel, 0.1, 20).toArray();
      double[] atOnce = random.doubles(parallel, 0.1, 30).toArray();
      Proof proof =
          Recorded.of(parallel, parallel, "sequential", "parallel")
              .sequential(1, 1, sequential)
              .parallel(1, 500, atOnce)
              .end(1000, "completed")
              .proof();
      addsUp(proof);
      assertThat(proof.waterfall().steps()).allMatch(step -> step.after() > 0);
      assertThat(proof.waterfall().steps().get(1).explanation()).doesNotContain("-");
    }
  }

  @Test
  void phasesWithoutAPartnerOrATimeAreNotCompared() {
    assertThat(
            Recorded.of(2, 2, "sequential", "parallel")
                .sequential(1, 1, 4, 4)
                .end(30, "completed")
                .proof()
                .comparison())
        .isNull();
    assertThat(
            Recorded.of(1, 1, "sequential", "parallel")
                .sequential(1, 1, 4)
                .phase("p", 1, "parallel", 20)
                .started("p", 1, 20, 0)
                .ended("p", 1, 20, Outcome.SPAWN_FAILED)
                .phaseEnded("p", 20)
                .end(30, "completed")
                .proof()
                .comparison())
        .isNull();
  }

  @Test
  void oneRoundHasNoIntervals() {
    assertThat(Recorded.plain().proof().intervals()).isNull();
  }

  @Test
  void belowSixRoundsTheyAreDescriptiveOnly() {
    assertThat(rounds(2).intervals().descriptiveOnly()).isTrue();
    assertThat(rounds(5).intervals().descriptiveOnly()).isTrue();
    assertThat(rounds(6).intervals().descriptiveOnly()).isFalse();
    assertThat(rounds(6).intervals().rounds()).isEqualTo(6);
  }

  @Test
  void theIntervalsHoldTheEstimateAndLieBesideEachOther() {
    Proof.Intervals intervals = rounds(6).intervals();
    assertThat(intervals.level()).isEqualTo(0.95);
    assertThat(intervals.geometricMean()).isBetween(intervals.tLow(), intervals.tHigh());
    assertThat(intervals.fiellerLow()).isLessThan(intervals.fiellerHigh());
    assertThat(intervals.fiellerLow()).isCloseTo(intervals.tLow(), within(0.2));
    assertThat(intervals.fiellerHigh()).isCloseTo(intervals.tHigh(), within(0.2));
    assertThat(intervals.signFlipP()).isEqualTo(2.0 / 64);
    assertThat(intervals.smallestEffect()).isGreaterThan(1.0);
  }

  @Test
  void theGeometricMeanIsOfTheWallTimesOfPairs() {
    Proof proof =
        Recorded.of(2, 2, "sequential", "parallel", "parallel", "sequential")
            .sequential(1, 1, 4, 4)
            .parallel(1, 20, 4, 4)
            .parallel(2, 30, 8, 8)
            .sequential(2, 40, 4, 4)
            .end(60, "completed")
            .proof();
    assertThat(proof.intervals().geometricMean())
        .isCloseTo(Math.sqrt(8.3 / 4.3 * 8.3 / 8.3), within(1e-6));
  }

  private static Proof rounds(int rounds) {
    String[] order = new String[2 * rounds];
    Random random = new Random(6);
    for (int i = 0; i < order.length; i++) {
      order[i] = i % 4 == 0 || i % 4 == 3 ? "sequential" : "parallel";
    }
    Recorded recorded = Recorded.of(3, 3, order);
    double at = 1;
    for (int i = 0; i < order.length; i++) {
      double[] durations = random.doubles(3, 3.8, 4.2).toArray();
      recorded =
          order[i].equals("sequential")
              ? recorded.sequential(i / 2 + 1, at, durations)
              : recorded.parallel(i / 2 + 1, at, durations);
      at += 20;
    }
    return recorded.end(at, "completed").proof();
  }

  /** Each step takes up where the one before left off, from N to the wall speedup. */
  private static void addsUp(Proof proof) {
    double left = proof.parallel();
    assertThat(proof.waterfall().steps().getFirst().after()).isEqualTo(left);
    for (Proof.WaterfallStep step : proof.waterfall().steps()) {
      left += step.change();
      assertThat(step.after()).isCloseTo(left, within(1e-6));
    }
    assertThat(left).isCloseTo(proof.comparison().wallSpeedup(), within(1e-6));
  }
}
