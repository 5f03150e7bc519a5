package dev.regatta.stress;

import java.util.OptionalDouble;

/**
 * Between what a number must be, both ends included.
 *
 * @param least the least, if there is one
 * @param most the most, if there is one
 */
public record Bounds(OptionalDouble least, OptionalDouble most) {
  /** Whether anything is within. */
  public Bounds {
    if (least.isPresent() && most.isPresent() && least.getAsDouble() > most.getAsDouble()) {
      throw new IllegalArgumentException("at_least must not be above at_most");
    }
  }

  boolean none() {
    return least.isEmpty() && most.isEmpty();
  }

  boolean hold(double number) {
    return number >= least.orElse(Double.NEGATIVE_INFINITY)
        && number <= most.orElse(Double.POSITIVE_INFINITY);
  }

  /** In words, such as {@code from 1 to 5}. */
  String words() {
    if (least.isPresent() && most.isPresent()) {
      return "from " + plain(least.getAsDouble()) + " to " + plain(most.getAsDouble());
    }
    return least.isPresent()
        ? "at least " + plain(least.getAsDouble())
        : "at most " + plain(most.orElseThrow());
  }

  static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }
}
