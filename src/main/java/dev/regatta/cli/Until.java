package dev.regatta.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A time to wait for, as people read it: on their clock, and how long it is until then. */
final class Until {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX", Locale.ROOT);

  private Until() {}

  static String of(Instant time, Instant now, ZoneId zone) {
    // Rounded up: at the second that is shown it is over.
    Instant whole = time.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
    return FORM.format(whole.atZone(zone)) + " (in " + length(Duration.between(now, time)) + ")";
  }

  /** The two greatest units that it has. */
  private static String length(Duration left) {
    long seconds = Math.max(0, left.plusMillis(999).toSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (days > 0) {
      return days + (days == 1 ? " day " : " days ") + hours % 24 + " h";
    }
    if (hours > 0) {
      return hours + " h " + minutes % 60 + " min";
    }
    return minutes > 0 ? minutes + " min " + seconds % 60 + " s" : seconds + " s";
  }
}
