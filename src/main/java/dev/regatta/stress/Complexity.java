package dev.regatta.stress;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How complex a task is, and how long an agent was seen to need for such a task at least. */
public enum Complexity {
  /** A question. */
  SIMPLE(120),
  /** Several answers, or some code. */
  MEDIUM(180),
  /** Whatever is more than that. */
  COMPLEX(240);

  private static final Pattern TAG = Pattern.compile("\\[complexity:\\s*([^\\]]*?)\\s*]");

  private final Duration floor;

  Complexity(long seconds) {
    floor = Duration.ofSeconds(seconds);
  }

  /** What the tags of a task say; without a word on it, it is simple. */
  public static Complexity ofTags(String metatags) {
    Matcher tag = TAG.matcher(metatags);
    return tag.find() ? of(tag.group(1)) : SIMPLE;
  }

  /** As it is written. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the word after {@code complexity:} stands for; one that nobody knows is complex. */
  static Complexity of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "simple", "low", "trivial", "" -> SIMPLE;
      case "medium", "moderate" -> MEDIUM;
      default -> COMPLEX;
    };
  }

  /** The shortest time limit that is of use. */
  public Duration floor() {
    return floor;
  }
}
