package dev.regatta.ensemble;

import java.text.Normalizer;
import java.util.Locale;

/** Answers made alike where they differ in nothing that was said. */
final class Answers {
  private Answers() {}

  /**
   * The text without what is form: compatibility forms (NFKC), case, punctuation, and how it is
   * spaced. Signs that carry meaning in numbers and code stay.
   */
  static String normalized(String text) {
    String folded =
        Normalizer.normalize(
                Normalizer.normalize(text, Normalizer.Form.NFKC)
                    .toUpperCase(Locale.ROOT)
                    .toLowerCase(Locale.ROOT),
                Normalizer.Form.NFKC)
            // A point or comma between digits, and a hyphen before one, are part of a number.
            .replaceAll("(?<=\\d)[,](?=\\d{3}(\\D|$))", "")
            .replaceAll("(?<![\\d\\p{L}])-(?=\\d)", "\u0001")
            .replaceAll("(?<=\\d)\\.(?=\\d)", "\u0002")
            .replaceAll("[\\p{P}\\p{Cf}]+", " ")
            .replace('\u0001', '-')
            .replace('\u0002', '.');
    return folded.replaceAll("[\\s\\p{Z}\\p{Cc}]+", " ").strip();
  }

  /** How long it is, in characters as people count them: code points. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
