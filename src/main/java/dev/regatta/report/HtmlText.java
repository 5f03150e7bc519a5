package dev.regatta.report;

import java.util.Locale;

/**
 * Text from agents, made harmless and visible. Escape sequences, bidi overrides and invisible
 * characters could otherwise make a report read differently from what is in it.
 */
final class HtmlText {
  /** Longest text shown of one field, in characters; the whole of it is in {@code report.json}. */
  static final int LONGEST = 2_000;

  private HtmlText() {}

  /** The text escaped for element content and for attributes in double quotes. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(point -> append(out, point));
    return out.toString();
  }

  /** The text cut to that many characters, saying how many are left out. */
  static String bounded(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = whole(text, longest);
    return text.substring(0, end) + "… (" + (text.length() - end) + " more characters)";
  }

  /** One line of that many characters at most, for labels in figures. */
  static String brief(String text, int longest) {
    String head = text.length() <= 4 * longest ? text : text.substring(0, whole(text, 4 * longest));
    String line = head.strip().replaceAll("\\s+", " ");
    return line.length() <= longest ? line : line.substring(0, whole(line, longest - 1)) + "…";
  }

  private static int whole(String text, int end) {
    return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }

  private static void append(StringBuilder out, int point) {
    switch (point) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      case '\n', '\t' -> out.append((char) point);
      case 0x7F -> out.append('\u2421');
      default -> {
        if (point < 0x20) {
          out.append((char) (0x2400 + point));
        } else if (Hidden.is(point)) {
          out.append(String.format(Locale.ROOT, "⟨U+%04X⟩", point));
        } else {
          out.appendCodePoint(point);
        }
      }
    }
  }
}
