package dev.regatta.agent;

import dev.regatta.agent.Endings.Judgement;
import dev.regatta.journal.Outcome;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code codex} CLI's failures mean. It tells them in sentences alone (measured with
 * 0.169.0); a status stands in some of them.
 */
final class CodexFailures {
  private static final Pattern STATUS =
      Pattern.compile("(?:unexpected status|last status:) ([1-5]\\d\\d)\\b");
  private static final Pattern AGAIN =
      Pattern.compile(
          "(?i:try again at) (?:(\\p{Alpha}{3} \\d{1,2})(?:st|nd|rd|th), (\\d{4})"
              + " )?(\\d{1,2}:\\d{2} [AP]M)");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("h:mm a", Locale.US);
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MMM d yyyy", Locale.US);

  private CodexFailures() {}

  /** The status that a sentence tells, or null. */
  static @Nullable Integer status(String said) {
    Matcher matcher = STATUS.matcher(said);
    return matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
  }

  /**
   * The API's failure.
   *
   * @param said the CLI's sentence about it
   * @return empty when it does not say that it was the API
   */
  static Optional<Judgement> api(String said) {
    if (said.contains("hit your usage limit")) { // "You’ve" before it has a curly apostrophe
      return Optional.of(because(Failures.limited(), said));
    }
    if (said.contains("Quota exceeded") || said.contains("exceeded your current quota")) {
      return Optional.of(
          because(
              new Judgement(
                  Outcome.API_ERROR, "no credit left; add credit or use another credential", true),
              said));
    }
    Integer status = status(said);
    if (status != null) {
      return Failures.api(status, null, said);
    }
    if (said.contains("currently experiencing high demand")) { // it says so of each 5xx
      return Optional.of(because(new Judgement(Outcome.API_ERROR, "the API failed"), said));
    }
    boolean broken =
        said.contains("stream disconnected")
            || said.contains("error sending request")
            || said.contains("Connection failed")
            || said.contains("timeout waiting for");
    return broken
        ? Optional.of(
            because(new Judgement(Outcome.API_ERROR, "the connection to the API broke"), said))
        : Optional.empty();
  }

  private static Judgement because(Judgement judgement, String said) {
    return new Judgement(
        judgement.outcome(), judgement.reason() + ": " + Words.quote(said), judgement.hopeless());
  }

  /**
   * When a limit ends, by the sentence about it. It tells minutes: the end of that minute counts.
   *
   * @param clock now, in the zone in which the CLI tells times
   */
  static Optional<Instant> until(String said, Clock clock) {
    Matcher matcher = AGAIN.matcher(said);
    if (!matcher.find()) {
      return Optional.empty();
    }
    ZonedDateTime now = ZonedDateTime.now(clock);
    try {
      LocalTime time = LocalTime.parse(matcher.group(3), TIME);
      String day = matcher.group(1);
      LocalDate date =
          day == null ? now.toLocalDate() : LocalDate.parse(day + " " + matcher.group(2), DAY);
      ZonedDateTime end = date.atTime(time).atZone(now.getZone()).plusMinutes(1);
      boolean tomorrow = day == null && end.isBefore(now);
      return Optional.of((tomorrow ? end.plusDays(1) : end).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty(); // no time that there is: the usual rest will do
    }
  }
}
