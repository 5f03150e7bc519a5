package dev.regatta.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of bytes, never holding more than a bound: a longer line is cut there and marked, and
 * the rest of it is dropped. Bytes that are not UTF-8 become replacement characters.
 */
public final class LineSplitter {
  /** Enough for the largest messages that agents print; a stream of endless lines costs this. */
  public static final int LONGEST_LINE = 4 << 20;

  private final int longest;
  private final Consumer<Line> lines;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
  private boolean cut;
  private boolean binary;

  /**
   * A line without its end.
   *
   * @param text what it says
   * @param cut whether it was longer than the bound, and only its beginning is here
   */
  public record Line(String text, boolean cut) {}

  /** A splitter with the usual bound. */
  public LineSplitter(Consumer<Line> lines) {
    this(LONGEST_LINE, lines);
  }

  /**
   * A splitter with a bound of its own.
   *
   * @param longest bytes of a line that are kept, at least 1
   * @param lines gets each line as soon as it is whole
   */
  public LineSplitter(int longest, Consumer<Line> lines) {
    if (longest < 1) {
      throw new IllegalArgumentException("a line needs room for at least 1 byte, not " + longest);
    }
    this.longest = longest;
    this.lines = lines;
  }

  /** Takes the next bytes. */
  public void accept(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        hold(bytes, start, i - start);
        emit();
        start = i + 1;
      } else if (bytes[i] == 0) {
        binary = true;
      }
    }
    hold(bytes, start, bytes.length - start);
  }

  /** Ends the stream: what is held without a line end becomes the last line. */
  public void finish() {
    if (held.size() > 0) {
      emit();
    }
  }

  /** Whether a NUL byte was seen, which no text holds. */
  public boolean binary() {
    return binary;
  }

  private void hold(byte[] bytes, int from, int count) {
    int room = longest - held.size();
    if (count > room) {
      cut = true;
    }
    held.write(bytes, from, Math.min(count, room));
  }

  private void emit() {
    String text = held.toString(StandardCharsets.UTF_8);
    if (!cut && text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    Line line = new Line(text, cut);
    held.reset();
    cut = false;
    lines.accept(line);
  }
}
