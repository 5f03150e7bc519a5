package dev.regatta.doctor;

import java.util.Locale;

/** Amounts of memory and disk in words. */
final class Bytes {
  private static final double STEP = 1024;

  private Bytes() {}

  static String words(long bytes) {
    double amount = bytes / STEP / STEP;
    String unit = "MiB";
    if (amount >= STEP) {
      amount /= STEP;
      unit = "GiB";
    }
    return String.format(Locale.ROOT, amount < 100 ? "%.1f %s" : "%.0f %s", amount, unit);
  }
}
