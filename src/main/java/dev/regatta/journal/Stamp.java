package dev.regatta.journal;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Wall-clock times as journals have them: ISO 8601 with milliseconds and zone. Thousands of lines a
 * second share all but their milliseconds, so the rest is formatted once a second. Used by one
 * thread at a time.
 */
final class Stamp {
  private static final long SECOND = 1_000_000_000L;
  private static final DateTimeFormatter TO_SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("XXX", Locale.ROOT);

  private final RunClock clock;
  private long second = Long.MIN_VALUE;
  private String before = "";
  private String after = "";

  Stamp(RunClock clock) {
    this.clock = clock;
  }

  /** The time of a place on the run's axis. */
  String at(long nanos) {
    long epoch = clock.originEpochNanos() + nanos;
    long now = Math.floorDiv(epoch, SECOND);
    if (now != second) {
      OffsetDateTime time = clock.at(nanos);
      before = TO_SECONDS.format(time);
      after = ZONE.format(time);
      second = now;
    }
    int millis = (int) (Math.floorMod(epoch, SECOND) / 1_000_000);
    return before + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis + after;
  }
}
