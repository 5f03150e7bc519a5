package dev.regatta.stress;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How many tasks passed for each that failed.
 *
 * @param successes how many passed
 * @param failures how many did not
 */
public record SuccessRatio(long successes, long failures) {
  private static final long NEEDED = 10;

  /** Both are counts. */
  public SuccessRatio {
    if (successes < 0 || failures < 0) {
      throw new IllegalArgumentException("counts are not below 0");
    }
  }

  /** Such as {@code 23:2 = 11.5:1}; rounded down, so that it never looks better than it is. */
  public String text() {
    String counts = successes + ":" + failures;
    if (failures <= 1) {
      return counts;
    }
    BigDecimal ratio =
        BigDecimal.valueOf(successes).divide(BigDecimal.valueOf(failures), 1, RoundingMode.DOWN);
    return counts + " = " + ratio + ":1";
  }

  /** What is needed to be graduated, for people: also where nothing failed. */
  public String needed() {
    return failures > 0
        ? NEEDED + ":1 is needed"
        : successes + " passed, at least " + NEEDED + " are needed";
  }

  /**
   * Whether it is 10:1 or more. Without a failure too ten successes are needed: one task that
   * passed says little.
   */
  public boolean graduated() {
    return successes >= NEEDED * Math.max(1, failures);
  }
}
