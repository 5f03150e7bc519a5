package dev.regatta.secret;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Texts to be found and what is to stand in their places. Where two overlap, all that either covers
 * is replaced: taken one after the other, what is left of the second would stay readable.
 *
 * @param all the texts, each with its replacement
 */
record Needles(List<Needle> all) {

  /** A text and what stands in its place. */
  record Needle(String text, String replacement) {}

  /**
   * A text up to some place, cleaned.
   *
   * @param text what may be shown
   * @param covered how many characters after that place belong to what was replaced
   */
  record Cleaned(String text, int covered) {}

  /** A needle in the text, longer than itself where it overlaps itself. */
  private record Stretch(int start, int end, Needle needle) {}

  private static final Comparator<Stretch> FIRST_AND_LONGEST =
      Comparator.comparingInt(Stretch::start)
          .thenComparing(
              Comparator.comparingInt((Stretch stretch) -> stretch.needle().text().length())
                  .reversed());

  /**
   * Cleans a text.
   *
   * @param covered how many characters at its beginning are replaced already
   * @param until where to stop
   */
  Cleaned clean(String text, int covered, int until) {
    List<Stretch> stretches = find(text);
    if (stretches.isEmpty() && covered == 0) {
      return new Cleaned(text.substring(0, until), 0);
    }
    StringBuilder clean = new StringBuilder(until + 32);
    int at = covered;
    for (Stretch stretch : stretches) {
      if (stretch.start() >= until) {
        break;
      }
      if (stretch.start() >= at) {
        clean.append(text, at, stretch.start()).append(stretch.needle().replacement());
      }
      at = Math.max(at, stretch.end());
    }
    if (at < until) {
      clean.append(text, at, until);
    }
    return new Cleaned(clean.toString(), Math.max(0, at - until));
  }

  private List<Stretch> find(String text) {
    List<Stretch> found = new ArrayList<>();
    for (Needle needle : all) {
      int length = needle.text().length();
      int start = text.indexOf(needle.text());
      while (start >= 0) {
        int end = start + length;
        int next = text.indexOf(needle.text(), start + 1);
        while (next >= 0 && next < end) { // it overlaps itself
          end = next + length;
          next = text.indexOf(needle.text(), next + 1);
        }
        found.add(new Stretch(start, end, needle));
        start = next;
      }
    }
    found.sort(FIRST_AND_LONGEST);
    return found;
  }

  /** How many characters at a text's end could be the beginning of something to be found. */
  int openEnd(String text) {
    int longest = all.stream().mapToInt(needle -> needle.text().length()).max().orElse(0);
    for (int length = Math.min(longest - 1, text.length()); length > 0; length--) {
      int at = text.length() - length;
      for (Needle needle : all) {
        if (needle.text().length() > length && needle.text().regionMatches(0, text, at, length)) {
          return length;
        }
      }
    }
    return 0;
  }
}
