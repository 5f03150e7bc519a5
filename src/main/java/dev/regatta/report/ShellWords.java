package dev.regatta.report;

import java.util.Locale;
import java.util.regex.Pattern;

/** Words as they must be written for a shell, so that what is pasted is what was meant. */
final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  /** One word, in quotes if it needs them; of one with hidden characters see {@link #visible}. */
  static String quoted(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    return visible(word) ? "'" + word.replace("'", "'\\''") + "'" : escaped(word);
  }

  /** The line as the server ran it: by a shell of its own, with nothing on standard input. */
  static String run(String line) {
    return visible(line)
        ? "sh -c " + quoted(line) + " < /dev/null"
        : "bash -c " + escaped(line) + " < /dev/null";
  }

  /** Whether a terminal shows all of it and acts on none of it. */
  private static boolean visible(String text) {
    return text.codePoints().noneMatch(Hidden::is);
  }

  /** In quotes that bash, zsh and ksh know, with whatever can't be seen written out. */
  private static String escaped(String word) {
    StringBuilder out = new StringBuilder("$'");
    word.codePoints()
        .forEach(point -> {
          switch (point) {
            case '\\', '\'' -> out.append('\\').appendCodePoint(point);
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            case '!' -> out.append("\\x21"); // else of the shell's history
            default -> {
              if (!Hidden.is(point)) {
                out.appendCodePoint(point);
              } else if (point < 0x80) {
                out.append(String.format(Locale.ROOT, "\\x%02x", point));
              } else {
                out.append(String.format(Locale.ROOT, "\\U%08x", point));
              }
            }
          }
        });
    return out.append('\'').toString();
  }
}
