package dev.regatta.report;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Wall-clock times as all reports show them: ISO 8601 with zone, always to the millisecond. */
final class WallClock {
  static final String PATTERN = "uuuu-MM-dd'T'HH:mm:ss.SSSXXX";

  private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(PATTERN, Locale.ROOT);

  private WallClock() {}

  static String of(OffsetDateTime time) {
    return FORM.format(time);
  }
}
