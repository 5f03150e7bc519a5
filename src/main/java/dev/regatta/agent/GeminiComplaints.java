package dev.regatta.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code gemini} CLI prints on standard error: warnings of no consequence, its only word
 * about calls that it repeats, and failures among stack traces. A provider's own words stand among
 * them, so nothing but a few bounded numbers is taken, and one line to quote.
 */
final class GeminiComplaints {
  private static final int LONGEST = 4000;
  private static final long LONGEST_WAIT_MS = 31 * 86_400_000L;
  private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]{0,20}m");
  private static final Pattern FAILED =
      Pattern.compile("^Attempt (\\d{1,4}) failed(?: with status (\\d{3}))?");
  private static final Pattern AFTER = Pattern.compile("Retrying after (\\d{1,9})ms\\.\\.\\.$");
  private static final Pattern DELAY = Pattern.compile("^\\s{0,20}retryDelayMs: (\\d{1,10}),?$");
  private static final List<String> NOISE =
      List.of(
          "Warning: 256-color",
          "Warning: --allowed-tools",
          "Warning: Basic terminal",
          "Ripgrep is not available",
          "Project hooks disabled",
          "YOLO mode is enabled",
          "[STARTUP]");

  private @Nullable String first;
  private int tries;
  private @Nullable Integer status;
  private boolean repeats;
  private long waitedMs;
  private @Nullable Long delayMs;

  /** Takes in one line; gives a sign where it says that a call is repeated. */
  Optional<Sign.ApiRetry> line(String line) {
    if (line.isBlank() || line.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher delay = DELAY.matcher(line);
    if (delay.matches()) {
      delayMs = Long.valueOf(delay.group(1));
    }
    Matcher failed = FAILED.matcher(line);
    if (failed.find()) {
      tries = Integer.parseInt(failed.group(1));
      status = failed.group(2) == null ? null : Integer.valueOf(failed.group(2));
    } else {
      note(line);
    }
    return repeated(line);
  }

  private void note(String line) {
    if (first == null && NOISE.stream().noneMatch(line::startsWith)) {
      first = Words.quote(COLOUR.matcher(line).replaceAll(""));
    }
  }

  /** The pause stands in the same line, or in the next one behind the provider's own words. */
  private Optional<Sign.ApiRetry> repeated(String line) {
    Matcher after = AFTER.matcher(line);
    boolean timed = after.find();
    if (tries == 0 || !(timed || line.contains("Retrying with backoff"))) {
      return Optional.empty();
    }
    long waits = timed ? Long.parseLong(after.group(1)) : 0;
    Sign.ApiRetry sign = new Sign.ApiRetry(tries, status, waits);
    repeats = true;
    waitedMs += waits;
    tries = 0;
    return Optional.of(sign);
  }

  /** How long it says that it waited before it repeated calls; some pauses it doesn't tell. */
  long waitedMs() {
    return waitedMs;
  }

  /** What to say of an attempt that was stopped; empty if it repeated nothing. */
  String whenStopped() {
    if (!repeats) {
      return "";
    }
    return status == null
        ? "; it was repeating calls"
        : "; it was repeating calls after HTTP status " + status;
  }

  /** The first line that tells something; empty if none does. */
  String first() {
    return first == null ? "" : first;
  }

  /** How long the provider said to wait, where it did. */
  Optional<Duration> delay() {
    return delayMs == null || delayMs > LONGEST_WAIT_MS
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(delayMs));
  }
}
