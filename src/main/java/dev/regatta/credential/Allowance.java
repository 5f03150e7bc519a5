package dev.regatta.credential;

import java.time.Instant;

/**
 * How much is used of one of the limits that a credential has.
 *
 * @param window the provider's name for the limit, such as {@code 5h}, {@code 7d} or {@code
 *     input-tokens}
 * @param used the share of it that is used, from 0; 1 is all of it, and a provider that lets more
 *     through says more
 * @param resets when the provider counts anew
 */
public record Allowance(String window, double used, Instant resets) {
  /** Checks the range. */
  public Allowance {
    if (!(used >= 0)) {
      throw new IllegalArgumentException("a share that is used is 0 or more, not " + used);
    }
  }
}
