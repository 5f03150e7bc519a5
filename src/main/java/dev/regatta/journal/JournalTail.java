package dev.regatta.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads a journal while it grows: each whole line once, from the first on. A last line that is not
 * whole is left until it is; whoever goes on with a killed run takes such a line away. The chain is
 * not checked: that is for {@link JournalReader}. A line that is too long for memory is counted and
 * passed over. For one thread at a time.
 */
public final class JournalTail {
  private static final int USUAL = 1 << 18;

  /** No line that is written is as long; one that is would fill the memory of who looks on. */
  private static final int LONGEST = 1 << 26;

  private final Path file;
  private final int longest;
  private long offset;
  private long looked;
  private long number;
  private boolean inTooLong;

  /**
   * A line, whatever stands in it.
   *
   * @param number from 1
   * @param text without its end; what is not UTF-8 in it becomes U+FFFD
   */
  public record Line(long number, String text) {}

  /** What is made of a line. */
  @FunctionalInterface
  private interface Making<T> {
    Optional<T> of(long number, byte[] line);
  }

  /** The tail of a journal that may not be there yet. */
  public JournalTail(Path file) {
    this(file, LONGEST);
  }

  JournalTail(Path file, int longest) {
    this.file = file;
    this.longest = longest;
  }

  /**
   * What has been written since it was last asked, in order; when there is much, a part of it. It
   * is all when nothing comes. A line that is no journal line is passed over.
   *
   * @throws IOException if the file can't be read; that it is not there yet is no error
   */
  public List<Entry> next() throws IOException {
    return part((at, line) ->
        JournalReader.parsed(line) instanceof Entry entry ? Optional.of(entry) : Optional.empty());
  }

  /**
   * The lines that {@link #next} would read, as they stand.
   *
   * @throws IOException if the file can't be read; that it is not there yet is no error
   */
  public List<Line> lines() throws IOException {
    return part((at, line) -> Optional.of(new Line(at, new String(line, StandardCharsets.UTF_8))));
  }

  private <T> List<T> part(Making<T> making) throws IOException {
    while (true) {
      long size = size();
      if (size <= offset || size == looked) {
        return List.of();
      }
      long before = offset;
      List<T> made = read(size, making);
      if (offset == before) {
        looked = size; // the last line is not whole: nothing to read before there is more
      }
      if (!made.isEmpty() || offset == before) {
        return made;
      }
    }
  }

  private long size() throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private <T> List<T> read(long size, Making<T> making) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int room = USUAL;
      while (true) {
        int most = (int) Math.min(Math.min(room, longest), size - offset);
        byte[] bytes = bytes(channel, most);
        int whole = lastLineEnd(bytes) + 1;
        if (whole > 0) {
          offset += whole;
          return made(bytes, whole, making);
        }
        if (most == longest) {
          inTooLong = true;
          offset += most;
          return List.of();
        }
        if (most == size - offset || bytes.length < most) {
          return List.of();
        }
        room = 2 * most;
      }
    } catch (NoSuchFileException e) {
      return List.of(); // cleared away just now
    }
  }

  private byte[] bytes(FileChannel channel, int most) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(most);
    long at = offset;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        break; // a last line that was not whole has been taken away
      }
      at += read;
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static int lastLineEnd(byte[] bytes) {
    int at = bytes.length - 1;
    while (at >= 0 && bytes[at] != '\n') {
      at--;
    }
    return at;
  }

  private <T> List<T> made(byte[] bytes, int whole, Making<T> making) {
    List<T> made = new ArrayList<>();
    int start = 0;
    for (int at = 0; at < whole; at++) {
      if (bytes[at] != '\n') {
        continue;
      }
      number++;
      if (inTooLong) {
        inTooLong = false; // its end
      } else {
        making.of(number, Arrays.copyOfRange(bytes, start, at)).ifPresent(made::add);
      }
      start = at + 1;
    }
    return List.copyOf(made);
  }
}
