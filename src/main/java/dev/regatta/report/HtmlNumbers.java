package dev.regatta.report;

import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as they stand in the page: the same everywhere, whatever the machine's language. */
final class HtmlNumbers {
  private HtmlNumbers() {}

  /** Seconds with three decimals and no unit, for columns that name it; null stays null. */
  static @Nullable String seconds(@Nullable Double value) {
    return value == null ? null : fixed(value, 3);
  }

  /** Seconds with two decimals and unit. */
  static String duration(double value) {
    return fixed(value, 2) + " s";
  }

  /** A factor as {@code 2.91×}. */
  static String factor(double value) {
    return fixed(value, 2) + "×";
  }

  /** A fraction as percent. */
  static String percent(double fraction) {
    return fixed(100 * fraction, 1) + " %";
  }

  /** US dollars with four decimals; null stays null. */
  static @Nullable String dollars(@Nullable Double value) {
    return value == null ? null : "$" + fixed(value, 4);
  }

  /** A whole number with thousands set apart; null stays null. */
  static @Nullable String count(@Nullable Long value) {
    return value == null ? null : String.format(Locale.ROOT, "%,d", value);
  }

  /** Bytes as MiB; null stays null. */
  static @Nullable String mebibytes(@Nullable Long bytes) {
    return bytes == null ? null : fixed(bytes / 1048576.0, 1);
  }

  /** ISO 8601 with zone, to the millisecond; null stays null. */
  static @Nullable String clock(@Nullable OffsetDateTime time) {
    return time == null ? null : WallClock.of(time);
  }

  /** A place in a figure: two decimals are a fiftieth of a hair. */
  static String place(double value) {
    return fixed(value, 2);
  }

  /** That many decimals; what is not a number is called so. */
  static String fixed(double value, int decimals) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%." + decimals + "f", value)
        : "undefined";
  }
}
