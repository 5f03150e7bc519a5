package dev.regatta.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the words that people give as values of options. */
final class Words {
  private static final double LONGEST_SECONDS = 30 * 24 * 3600.0;

  private Words() {}

  /** A whole number in a range, or the default when nothing was given. */
  static int count(String option, @Nullable String word, int least, int most, int otherwise) {
    if (word == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(word.strip());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below, with the range
    }
    throw CliFailure.usage(
        option + " must be a whole number from " + least + " to " + most + ", not '" + word + "'");
  }

  /** A time in seconds, above zero; empty when nothing was given. */
  static Optional<Duration> seconds(String option, @Nullable String word) {
    if (word == null) {
      return Optional.empty();
    }
    try {
      double value = Double.parseDouble(word.strip());
      if (value >= 0.001 && value <= LONGEST_SECONDS) {
        return Optional.of(Duration.ofNanos(Math.round(value * 1e9)));
      }
    } catch (NumberFormatException e) {
      // said below, with the range
    }
    throw CliFailure.usage(
        option + " must be seconds, above 0 and at most 2592000 (30 days), not '" + word + "'");
  }

  /** A time in seconds that may be none at all, which it is when nothing was given. */
  static Duration pause(String option, @Nullable String word) {
    try {
      if (word == null || Double.parseDouble(word.strip()) == 0) {
        return Duration.ZERO;
      }
    } catch (NumberFormatException e) {
      // said below, with the range
    }
    return seconds(option, word).orElse(Duration.ZERO);
  }

  /** A web address without a user name in it; empty when nothing was given. */
  static Optional<URI> address(String option, @Nullable String word) {
    if (word == null) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(word);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw CliFailure.usage(
        option + " must be an address such as http://127.0.0.1:8080, not '" + word + "'");
  }

  /**
   * Options as they are written, but for those that were not given.
   *
   * @param given names and values in turn
   */
  static List<String> options(@Nullable String... given) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i + 1 < given.length; i += 2) {
      String value = given[i + 1];
      if (value != null) {
        words.add(String.valueOf(given[i]));
        words.add(value);
      }
    }
    return words;
  }

  /** How many letters differ: insertions, deletions, changes. */
  static int distance(String left, String right) {
    int[] before = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] now = new int[right.length() + 1];
      now[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int change = before[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(change, Math.min(before[j], now[j - 1]) + 1);
      }
      before = now;
    }
    return before[right.length()];
  }
}
