package dev.regatta.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantileTest {
  private static double[] upTo(int n) {
    return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
  }

  @Test
  void itIsTheLeastValueThatSoLargeAShareDoesNotExceed() {
    assertThat(new Quantile(upTo(1), 0.95).nearestRank()).isEqualTo(1);
    assertThat(new Quantile(upTo(19), 0.95).nearestRank()).isEqualTo(19);
    assertThat(new Quantile(upTo(20), 0.95).nearestRank()).isEqualTo(19);
    assertThat(new Quantile(upTo(100), 0.95).nearestRank()).isEqualTo(95);
    assertThat(new Quantile(upTo(100), 0.001).nearestRank()).isEqualTo(1);
    for (int n = 1; n < 200; n++) {
      double found = new Quantile(upTo(n), 0.95).nearestRank();
      assertThat(found / n).as("share of %d", n).isGreaterThanOrEqualTo(0.95);
      assertThat((found - 1) / n).as("one less of %d", n).isLessThan(0.95);
    }
  }

  @Test
  void fewerThanFiftyNineGiveNoUpperBoundOfThe95thPercentile() {
    assertThat(new Quantile(upTo(58), 0.95).upperBound(0.95)).isEmpty();
    assertThat(new Quantile(upTo(59), 0.95).upperBound(0.95)).hasValue(59);
    assertThat(new Quantile(upTo(298), 0.99).upperBound(0.95)).isEmpty();
    assertThat(new Quantile(upTo(299), 0.99).upperBound(0.95)).hasValue(299);
    assertThat(new Quantile(upTo(1000), 0.95).upperBound(0.95)).hasValueCloseTo(962.0, within(1.0));
  }

  private static org.assertj.core.data.Offset<Double> within(double most) {
    return org.assertj.core.data.Offset.offset(most);
  }

  @Test
  void theUpperBoundHoldsAsOftenAsItSays() {
    Random random = new Random(7);
    int held = 0;
    int rounds = 4_000;
    for (int round = 0; round < rounds; round++) {
      double[] values = random.doubles(80).sorted().toArray();
      held += new Quantile(values, 0.95).upperBound(0.95).orElseThrow() >= 0.95 ? 1 : 0;
    }
    // Of uniform values the quantile is 0.95. 0.94 is more than two standard errors below.
    assertThat((double) held / rounds).isGreaterThan(0.94);
  }

  @Test
  void valuesThatAreOnlyKnownToBeGreaterCountAsGreatest() {
    double[] values = upTo(20);
    values[19] = Double.POSITIVE_INFINITY;
    assertThat(new Quantile(values, 0.95).nearestRank()).isEqualTo(19);
    values[18] = Double.POSITIVE_INFINITY;
    assertThat(new Quantile(values, 0.95).nearestRank()).isInfinite();
  }

  @Test
  void whatIsNoShareAndNoValuesAreRefused() {
    assertThatThrownBy(() -> new Quantile(new double[0], 0.5)).hasMessageContaining("at least one");
    for (double share : new double[] {0, 1, -1, Double.NaN}) {
      assertThatThrownBy(() -> new Quantile(upTo(3), share))
          .hasMessageContaining("between 0 and 1");
    }
  }
}
