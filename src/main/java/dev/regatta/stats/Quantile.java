package dev.regatta.stats;

import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The value that a share of all values does not exceed, from some of them. Both figures are of the
 * measured ones: nothing is assumed of how they are distributed.
 */
public final class Quantile {
  private final double[] sorted;
  private final double share;

  /**
   * From these.
   *
   * @param sorted at least one, in ascending order; may end with positive infinities, for values
   *     that are known to be greater than the others only
   * @param share above 0 and below 1
   */
  public Quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("a quantile needs at least one value");
    }
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("a share is between 0 and 1, not " + share);
    }
    this.sorted = sorted.clone();
    this.share = share;
  }

  /** The quantile of these values themselves: the least that so large a share doesn't exceed. */
  public double nearestRank() {
    return sorted[Math.max(1, (int) Math.ceil(share * sorted.length)) - 1];
  }

  /**
   * An upper bound of the quantile of all values, if there are enough: of 95 % with confidence 95 %
   * there is none from fewer than 59.
   *
   * @param confidence above 0 and below 1, if the values are independent and of one kind
   */
  public OptionalDouble upperBound(double confidence) {
    // The r-th of n exceeds the quantile if fewer than r of them lie below it.
    int rank =
        1 + BinomialDistribution.of(sorted.length, share).inverseCumulativeProbability(confidence);
    return rank > sorted.length ? OptionalDouble.empty() : OptionalDouble.of(sorted[rank - 1]);
  }
}
