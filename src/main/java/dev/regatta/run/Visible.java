package dev.regatta.run;

/**
 * Text of a stranger, made fit to be shown: what a terminal would act on, or an eye would miss, is
 * written out.
 */
public final class Visible {
  private Visible() {}

  /**
   * Writes out control characters, invisible format characters and broken surrogates as {@code
   * \}{@code x1b} or {@code \}{@code u202e}; everything else stays.
   */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(character -> {
          if (!hidden(character)) {
            shown.appendCodePoint(character);
          } else if (character < 0x100) {
            shown.append(String.format("\\x%02x", character));
          } else {
            shown.append(String.format("\\u%04x", character));
          }
        });
    return shown.toString();
  }

  /**
   * One line of at most {@code length} characters: white space becomes single blanks, the rest as
   * {@link #of}; a longer text ends at a word if it can, and with an ellipsis.
   */
  public static String line(String text, int length) {
    // No more is looked at than could be shown: a prompt may have megabytes.
    String start = text.stripLeading();
    boolean cut = start.length() > 4 * length;
    if (cut) {
      start = start.substring(0, 4 * length);
    }
    String line = of(start.strip().replaceAll("\\s+", " "));
    if (line.length() <= length && !cut) {
      return line;
    }
    int end = Math.min(line.length(), length - 1);
    int word = line.lastIndexOf(' ', end);
    if (word > length / 2) {
      end = word;
    } else if (end > 0 && Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end) + "…";
  }

  private static boolean hidden(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
