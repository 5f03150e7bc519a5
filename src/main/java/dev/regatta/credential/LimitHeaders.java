package dev.regatta.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers in which model APIs tell limits: {@code retry-after}; of Anthropic's API {@code
 * anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}}, and of
 * its plans {@code anthropic-ratelimit-unified-{5h,7d}-{status,utilization,reset}}, where the share
 * used is a fraction and the time is in seconds since the epoch; of OpenAI's {@code
 * x-ratelimit-{limit,remaining,reset}-{requests,tokens}}.
 *
 * @see <a href="https://docs.anthropic.com/en/api/rate-limits">Anthropic, rate limits</a>
 * @see <a href="https://platform.openai.com/docs/guides/rate-limits">OpenAI, rate limits</a>
 */
public final class LimitHeaders {
  private static final int TOO_MANY = 429;

  /** Where the time is missing: the limits that have none are counted by the minute. */
  private static final Duration USUAL_WINDOW = Duration.ofMinutes(1);

  private static final Pattern UNIFIED =
      Pattern.compile("anthropic-ratelimit-unified-(?:(.+)-)?(status|utilization|reset)");
  private static final Pattern COUNTED =
      Pattern.compile("anthropic-ratelimit-(.+)-(limit|remaining|reset)");
  private static final Pattern OPENAI = Pattern.compile("x-ratelimit-(limit|remaining|reset)-(.+)");

  /** What is paid for beyond a plan: no limit of the plan's. */
  private static final String OVERAGE = "overage";

  private LimitHeaders() {}

  /**
   * What they tell.
   *
   * @param headers by their names in lower case
   * @param status the response's HTTP status
   * @param now when it came
   */
  public static LimitsTold read(Map<String, String> headers, int status, Instant now) {
    Map<String, Window> windows = windows(headers, now);
    List<Allowance> allowances =
        windows.entrySet().stream()
            .flatMap(each -> each.getValue().allowance(each.getKey(), now).stream())
            .toList();
    boolean refused = status == TOO_MANY;
    return new LimitsTold(
        allowances, refused, refused ? until(headers, windows, now) : Optional.empty());
  }

  /**
   * A plan's window that says 'rejected' holds whatever {@code retry-after} says. A bucket that is
   * empty fills all the time, and {@code retry-after} tells better than its reset when there is
   * enough in it.
   */
  private static Optional<Instant> until(
      Map<String, String> headers, Map<String, Window> windows, Instant now) {
    Optional<Instant> rejected = latest(windows, window -> window.rejected);
    Optional<Instant> asked =
        Optional.ofNullable(headers.get("retry-after-ms"))
            .flatMap(text -> LimitTimes.retryAfterMillis(text, now))
            .or(() ->
                Optional.ofNullable(headers.get("retry-after"))
                    .flatMap(text -> LimitTimes.retryAfter(text, now)));
    if (asked.isPresent() && rejected.isPresent()) {
      return asked.get().isAfter(rejected.get()) ? asked : rejected;
    }
    return rejected.or(() -> asked).or(() -> latest(windows, Window::empty));
  }

  private static Optional<Instant> latest(Map<String, Window> windows, Predicate<Window> which) {
    return windows.values().stream()
        .filter(which)
        .flatMap(window -> window.resets.stream())
        .max(Comparator.naturalOrder());
  }

  /** What is said of one limit, gathered from its headers. */
  private static final class Window {
    @Nullable Double limit;
    @Nullable Double remaining;
    @Nullable Double used;
    boolean rejected;
    Optional<Instant> resets = Optional.empty();

    boolean empty() {
      return remaining != null && remaining <= 0;
    }

    Optional<Allowance> allowance(String name, Instant now) {
      Instant until = resets.orElse(now.plus(USUAL_WINDOW));
      Double share = share();
      if (rejected) {
        return Optional.of(new Allowance(name, share == null ? 1 : Math.max(1, share), until));
      }
      return share == null ? Optional.empty() : Optional.of(new Allowance(name, share, until));
    }

    private @Nullable Double share() {
      if (used != null) {
        return used;
      }
      return limit == null || remaining == null || limit <= 0
          ? null
          : Double.valueOf(Math.max(0, 1 - remaining / limit));
    }

    void take(String field, String value, Instant now) {
      switch (field) {
        case "limit" -> limit = number(value);
        case "remaining" -> remaining = number(value);
        case "utilization" -> used = number(value);
        case "status" -> rejected = value.strip().equalsIgnoreCase("rejected");
        default -> resets = LimitTimes.reset(value, now);
      }
    }
  }

  private static Map<String, Window> windows(Map<String, String> headers, Instant now) {
    Map<String, Window> windows = new LinkedHashMap<>();
    headers.forEach((header, value) -> {
      String name = header.toLowerCase(Locale.ROOT);
      Matcher unified = UNIFIED.matcher(name);
      Matcher counted = COUNTED.matcher(name);
      Matcher openai = OPENAI.matcher(name);
      if (unified.matches()) {
        String window = unified.group(1) == null ? "unified" : unified.group(1);
        if (!window.startsWith(OVERAGE)) {
          window(windows, window).take(unified.group(2), value, now);
        }
      } else if (counted.matches()) {
        window(windows, counted.group(1)).take(counted.group(2), value, now);
      } else if (openai.matches()) {
        window(windows, openai.group(2)).take(openai.group(1), value, now);
      }
    });
    return windows;
  }

  private static Window window(Map<String, Window> windows, String name) {
    return windows.computeIfAbsent(name, ignored -> new Window());
  }

  private static @Nullable Double number(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      return value >= 0 && value < 1e15 ? Double.valueOf(value) : null;
    } catch (NumberFormatException e) {
      return null; // not known then; what else is said still counts
    }
  }
}
