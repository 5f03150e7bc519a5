package dev.regatta.ensemble;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How daring answers are to be, from the lowest to the highest.
 *
 * @param low from 0
 * @param high from {@code low} to 2
 */
public record Temperatures(double low, double high) {
  /** The highest that model APIs take. */
  public static final double MOST = 2;

  private static final Pattern RANGE =
      Pattern.compile("(\\d{1,2}(?:\\.\\d{1,4})?)(?:\\.\\.(\\d{1,2}(?:\\.\\d{1,4})?))?");

  /** Checks the order and the range. */
  public Temperatures {
    if (!(low >= 0 && low <= high && high <= MOST)) {
      throw new IllegalArgumentException(
          "temperatures go from 0 to 2, the lower first, not from " + low + " to " + high);
    }
  }

  /**
   * Reads {@code 0.2..1.2}, or {@code 0.7} for one temperature.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Temperatures parse(String text) {
    Matcher matcher = RANGE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be two temperatures such as 0.2..1.2, or one, not '" + text + "'");
    }
    double low = Double.parseDouble(matcher.group(1));
    return new Temperatures(
        low, matcher.group(2) == null ? low : Double.parseDouble(matcher.group(2)));
  }

  /**
   * That of one of several instances: they are spread evenly, so that the same call is the same.
   *
   * @param index from 0
   * @param of how many
   */
  public double at(int index, int of) {
    double exact = of < 2 ? low : low + (high - low) * index / (of - 1);
    return Math.round(exact * 10_000) / 10_000.0;
  }
}
