package dev.regatta.credential;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as providers write them into headers about limits: RFC 3339, seconds since the epoch, an
 * HTTP date, seconds from now, or a duration such as {@code 6m0s}. What is none of these, or more
 * than a year away, is no time.
 */
final class LimitTimes {
  private static final Duration FARTHEST = Duration.ofDays(366);

  /** So many seconds are a time since the epoch (2001 and later), fewer are a wait. */
  private static final double EPOCH_SECONDS = 1e9;

  private static final double EPOCH_MILLIS = 1e12;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,16}(\\.\\d{1,9})?");

  /** As Go prints durations, which is how OpenAI and those that speak its API write them. */
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m(?!s))?"
              + "(?:(\\d{1,9}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)ms)?");

  private LimitTimes() {}

  /** When a limit is counted anew: a point in time, or how long until then. */
  static Optional<Instant> reset(String text, Instant now) {
    String value = text.strip();
    Optional<Instant> time;
    if (NUMBER.matcher(value).matches()) {
      double number = Double.parseDouble(value);
      time =
          number >= EPOCH_MILLIS
              ? Optional.of(Instant.ofEpochMilli((long) number))
              : number >= EPOCH_SECONDS
                  ? Optional.of(Instant.ofEpochSecond((long) number))
                  : after(number, now);
    } else {
      time = duration(value, now).or(() -> date(value));
    }
    return near(time, now);
  }

  /**
   * When to ask again: seconds, or a date.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.retry-after">RFC 9110, Retry-After
   *     </a>
   */
  static Optional<Instant> retryAfter(String text, Instant now) {
    String value = text.strip();
    return near(
        NUMBER.matcher(value).matches() ? after(Double.parseDouble(value), now) : date(value), now);
  }

  /** The same in milliseconds, which some providers send beside it. */
  static Optional<Instant> retryAfterMillis(String text, Instant now) {
    String value = text.strip();
    return NUMBER.matcher(value).matches()
        ? near(after(Double.parseDouble(value) / 1000, now), now)
        : Optional.empty();
  }

  private static Optional<Instant> after(double seconds, Instant now) {
    return seconds > FARTHEST.toSeconds()
        ? Optional.empty()
        : Optional.of(now.plusNanos(Math.round(seconds * 1e9)));
  }

  private static Optional<Instant> near(Optional<Instant> time, Instant now) {
    return time.filter(at -> !at.isAfter(now.plus(FARTHEST)));
  }

  private static Optional<Instant> duration(String value, Instant now) {
    Matcher parts = DURATION.matcher(value);
    if (value.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    return after(
        86_400 * part(parts, 1)
            + 3600 * part(parts, 2)
            + 60 * part(parts, 3)
            + part(parts, 4)
            + part(parts, 5) / 1000,
        now);
  }

  private static double part(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Double.parseDouble(parts.group(group));
  }

  private static Optional<Instant> date(String value) {
    for (DateTimeFormatter form :
        new DateTimeFormatter[] {
          DateTimeFormatter.ISO_OFFSET_DATE_TIME,
          DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT)
        }) {
      try {
        return Optional.of(OffsetDateTime.parse(value, form).toInstant());
      } catch (DateTimeException e) {
        // not of this form
      }
    }
    return Optional.empty();
  }
}
