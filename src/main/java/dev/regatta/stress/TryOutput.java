package dev.regatta.stress;

import dev.regatta.run.RunFolder;
import dev.regatta.secret.RedactingOutputStream;
import dev.regatta.secret.Redactor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a try prints: kept in a file without secrets, made when the first of it comes, and held for
 * the judge as far as it is not endless: its beginning and its end.
 */
final class TryOutput implements AutoCloseable {
  /** Characters that are held of the beginning, and as many of the end. */
  static final int HELD = 4 << 20;

  /** Bytes that are kept. */
  private static final long KEPT = 256L << 20;

  private final RunFolder folder;
  private final String name;
  private final Redactor redactor;
  private final StringBuilder beginning = new StringBuilder();
  private final Deque<String> end = new ArrayDeque<>();
  private @Nullable OutputStream file;
  private int ending;
  private long leftOut;
  private long bytes;

  /**
   * The output of a try.
   *
   * @param name of its file
   */
  TryOutput(RunFolder folder, String name, Redactor redactor) {
    this.folder = folder;
    this.name = name;
    this.redactor = redactor;
  }

  void take(String text) {
    byte[] printed = text.getBytes(StandardCharsets.UTF_8);
    if (bytes < KEPT) {
      write(printed);
    }
    bytes += printed.length;
    if (end.isEmpty() && beginning.length() + text.length() <= HELD) {
      beginning.append(text);
      return;
    }
    end.add(text);
    ending += text.length();
    while (ending > HELD) {
      int gone = end.remove().length();
      ending -= gone;
      leftOut += gone;
    }
  }

  private void write(byte[] printed) {
    try {
      if (file == null) {
        file = new RedactingOutputStream(folder.beginOutput(name), redactor);
      }
      file.write(printed);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " can't be written: " + e.getMessage(), e);
    }
  }

  /** For the judge. */
  String text() {
    StringBuilder all = new StringBuilder(beginning);
    if (leftOut > 0) {
      all.append("\n[regatta: ").append(leftOut).append(" characters are left out here]\n");
    }
    end.forEach(all::append);
    return all.toString();
  }

  /** How much was printed. */
  long bytes() {
    return bytes;
  }

  /** What a reader must know: that not all was kept, or looked at. */
  Optional<String> warning() {
    if (bytes > KEPT) {
      return Optional.of("of " + bytes + " bytes of output only the first " + KEPT + " are kept");
    }
    return leftOut > 0
        ? Optional.of(leftOut + " characters in the middle of its output were not looked at")
        : Optional.empty();
  }

  /** Its file, relative to the run's folder; none if nothing was printed. */
  Optional<Path> path() {
    return file == null
        ? Optional.empty()
        : Optional.of(folder.path().relativize(folder.output(name)));
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(name + " can't be written: " + e.getMessage(), e);
      }
    }
  }
}
