package dev.regatta.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected figures were worked out apart from this code: quantiles by integrating the density of t,
 * Fieller's bounds by bisection of their definition, |mean(x) - r mean(y)| = t se(x - r y).
 */
class PairedRatioTest {
  private static final Offset<Double> CLOSE = within(1e-6);
  private static final double[] SEQUENTIAL = {44.09, 41.7, 46.2, 43.3, 45.0, 42.2};
  private static final double[] PARALLEL = {16.84, 15.9, 18.8, 17.1, 16.2, 17.9};

  private static PairedRatio ratio(double[] numerators, double[] denominators) {
    return new PairedRatio(numerators, denominators, 0.95);
  }

  @Test
  void aClearSpeedupOfSixBlocks() {
    PairedRatio ratio = ratio(SEQUENTIAL, PARALLEL);
    assertThat(ratio.geometricMean()).isCloseTo(2.557476365634166, CLOSE);
    assertThat(ratio.t().low()).isCloseTo(2.4086118457193164, CLOSE);
    assertThat(ratio.t().high()).isCloseTo(2.7155414735677375, CLOSE);
    PairedRatio.Bounds fieller = ratio.fieller().orElseThrow();
    assertThat(fieller.low()).isCloseTo(2.4090743623037625, CLOSE);
    assertThat(fieller.high()).isCloseTo(2.71695455053354, CLOSE);
    assertThat(ratio.signFlipP()).isEqualTo(2.0 / 64);
    assertThat(ratio.smallestEffect()).isCloseTo(1.0848295653146802, CLOSE);
  }

  @Test
  void noDifferenceInFiveBlocks() {
    PairedRatio ratio =
        ratio(
            new double[] {30.2, 28.9, 31.5, 33.0, 29.4},
            new double[] {29.8, 30.1, 30.0, 31.9, 30.6});
    assertThat(ratio.geometricMean()).isCloseTo(1.003071975969827, CLOSE);
    assertThat(ratio.t().low()).isCloseTo(0.9525972199433776, CLOSE);
    assertThat(ratio.t().high()).isCloseTo(1.0562212107188584, CLOSE);
    assertThat(ratio.fieller().orElseThrow().low()).isCloseTo(0.9519297789805288, CLOSE);
    assertThat(ratio.fieller().orElseThrow().high()).isCloseTo(1.0552209039309846, CLOSE);
    assertThat(ratio.signFlipP()).isEqualTo(0.8125);
    assertThat(ratio.smallestEffect()).isCloseTo(1.071573810542372, CLOSE);
  }

  @Test
  void threeBlocksAtAnotherLevel() {
    PairedRatio ratio =
        new PairedRatio(new double[] {10, 12.5, 11}, new double[] {5, 5.5, 4.5}, 0.9);
    assertThat(ratio.t().low()).isCloseTo(1.8802285903485805, CLOSE);
    assertThat(ratio.t().high()).isCloseTo(2.648262361739009, CLOSE);
    assertThat(ratio.fieller().orElseThrow().low()).isCloseTo(1.8864931931717495, CLOSE);
    assertThat(ratio.fieller().orElseThrow().high()).isCloseTo(2.62307704879286, CLOSE);
    assertThat(ratio.signFlipP()).isEqualTo(0.25);
  }

  @Test
  void belowSixBlocksNoPIsAsSmallAsFivePercent() {
    for (int n = 2; n < 6; n++) {
      double[] twos = new double[n];
      double[] ones = new double[n];
      Arrays.fill(twos, 2);
      Arrays.fill(ones, 1);
      assertThat(ratio(twos, ones).signFlipP()).as("%s blocks", n).isEqualTo(2.0 / (1 << n));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 1, 7.7, 1e-9, 1e9})
  void pairsWithoutAnyScatterHaveTheirRatioAsBothBounds(double time) {
    for (int n = 2; n < 12; n++) {
      double[] numerators = new double[n];
      double[] denominators = new double[n];
      Arrays.fill(numerators, 3 * time);
      Arrays.fill(denominators, time);
      PairedRatio ratio = ratio(numerators, denominators);
      assertThat(ratio.t().low()).isCloseTo(3, CLOSE);
      assertThat(ratio.t().high()).isCloseTo(3, CLOSE);
      assertThat(ratio.fieller()).as("%s pairs of %s", n, time).isPresent();
      assertThat(ratio.fieller().orElseThrow().low()).isCloseTo(3, CLOSE);
      assertThat(ratio.fieller().orElseThrow().high()).isCloseTo(3, CLOSE);
      assertThat(ratio.smallestEffect()).isCloseTo(1, CLOSE);
    }
  }

  @Test
  void equalTimesAreARatioOfOneAndCannotBeToldFromIt() {
    PairedRatio ratio = ratio(new double[] {2, 3, 4}, new double[] {2, 3, 4});
    assertThat(ratio.geometricMean()).isEqualTo(1);
    assertThat(ratio.t()).isEqualTo(new PairedRatio.Bounds(1, 1));
    assertThat(ratio.signFlipP()).isEqualTo(1);
  }

  @Test
  void fiellerHasNoBoundsWhereTheDenominatorsCannotBeToldFromZero() {
    assertThat(ratio(new double[] {10, 11}, new double[] {1, 1000}).fieller()).isEmpty();
  }

  @Test
  void onePairOrNoneOrUnequalNumbersAreRefused() {
    double[][][] wrong = {{{}, {}}, {{1}, {1}}, {{1, 2}, {1}}, {{1}, {1, 2}}};
    for (double[][] each : wrong) {
      assertThatThrownBy(() -> ratio(each[0], each[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a ratio needs at least two pairs");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, -0.0, Double.NaN, Double.POSITIVE_INFINITY})
  void aTimeThatIsNoTimeIsRefused(double time) {
    assertThatThrownBy(() -> ratio(new double[] {1, time}, new double[] {1, 1}))
        .hasMessage("a ratio needs times above zero");
    assertThatThrownBy(() -> ratio(new double[] {1, 1}, new double[] {time, 1}))
        .hasMessage("a ratio needs times above zero");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.5, 95, Double.NaN})
  void aLevelThatIsNoShareIsRefused(double level) {
    assertThatThrownBy(() -> new PairedRatio(new double[] {1, 2}, new double[] {1, 2}, level))
        .hasMessage("a level is between 0 and 1, not " + level);
  }

  @Test
  void turnedRoundEverythingIsTheInverse() {
    PairedRatio forth = ratio(SEQUENTIAL, PARALLEL);
    PairedRatio back = ratio(PARALLEL, SEQUENTIAL);
    assertThat(back.geometricMean()).isCloseTo(1 / forth.geometricMean(), CLOSE);
    assertThat(back.t().low()).isCloseTo(1 / forth.t().high(), CLOSE);
    assertThat(back.fieller().orElseThrow().high())
        .isCloseTo(1 / forth.fieller().orElseThrow().low(), CLOSE);
    assertThat(back.signFlipP()).isEqualTo(forth.signFlipP());
  }

  @Test
  void anotherUnitOfTimeChangesNothing() {
    double[] milliseconds = Arrays.stream(SEQUENTIAL).map(it -> it * 1000).toArray();
    double[] others = Arrays.stream(PARALLEL).map(it -> it * 1000).toArray();
    PairedRatio seconds = ratio(SEQUENTIAL, PARALLEL);
    PairedRatio scaled = ratio(milliseconds, others);
    assertThat(scaled.t().low()).isCloseTo(seconds.t().low(), CLOSE);
    assertThat(scaled.fieller().orElseThrow().high())
        .isCloseTo(seconds.fieller().orElseThrow().high(), CLOSE);
  }

  @Test
  void beyondTwentyPairsPIsDrawnTheSameEachTimeAndAgreesWithTheExactOne() {
    double[] numerators = new double[21];
    double[] denominators = new double[21];
    Random random = new Random(6);
    for (int i = 0; i < 21; i++) {
      numerators[i] = 10 + random.nextGaussian();
      denominators[i] = 9.6 + random.nextGaussian();
    }
    PairedRatio drawn = ratio(numerators, denominators);
    double p = drawn.signFlipP();
    assertThat(p).isEqualTo(ratio(numerators, denominators).signFlipP());
    // All 2^21 sign patterns, counted here.
    double[] logs = new double[21];
    Arrays.setAll(logs, i -> Math.log(numerators[i] / denominators[i]));
    double seen = Math.abs(Arrays.stream(logs).sum());
    int extreme = 0;
    for (int signs = 0; signs < 1 << 21; signs++) {
      double total = 0;
      for (int i = 0; i < 21; i++) {
        total += (signs >> i & 1) == 0 ? logs[i] : -logs[i];
      }
      extreme += Math.abs(total) >= seen * (1 - 1e-12) ? 1 : 0;
    }
    assertThat(p).isCloseTo(extreme / (double) (1 << 21), within(0.003));
  }

  @Test
  void ofManyExperimentsTheIntervalsCoverWhatTheyPromise() {
    // Log-normal times with a scatter of 20 %, five pairs, as in the simulation behind the choice.
    Random random = new Random(12);
    int rounds = 4_000;
    int covered = 0;
    int fieller = 0;
    for (int round = 0; round < rounds; round++) {
      double[] numerators = new double[5];
      double[] denominators = new double[5];
      for (int i = 0; i < 5; i++) {
        numerators[i] = 30 * Math.exp(0.2 * random.nextGaussian());
        denominators[i] = 10 * Math.exp(0.2 * random.nextGaussian());
      }
      PairedRatio ratio = ratio(numerators, denominators);
      covered += ratio.t().low() <= 3 && 3 <= ratio.t().high() ? 1 : 0;
      PairedRatio.Bounds bounds = ratio.fieller().orElseThrow();
      fieller += bounds.low() <= 3 && 3 <= bounds.high() ? 1 : 0;
    }
    assertThat(covered / (double) rounds).as("t on logarithms").isBetween(0.935, 0.965);
    assertThat(fieller / (double) rounds).as("Fieller").isBetween(0.925, 0.975);
  }
}
