package dev.regatta.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Reads a journal's lines as they come; a line counts when its end is there. For one thread. */
final class JournalTail implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;

  private final SeekableByteChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
  private final Deque<String> lines = new ArrayDeque<>();
  private long number;

  /**
   * A line.
   *
   * @param number from 1
   * @param text without its end
   */
  record Line(long number, String text) {}

  JournalTail(Path journal) throws IOException {
    this.channel = Files.newByteChannel(journal);
  }

  /** The next line, or empty when there is none yet. */
  Optional<Line> next() throws IOException {
    while (lines.isEmpty()) {
      chunk.clear();
      int count = channel.read(chunk);
      if (count <= 0) {
        return Optional.empty();
      }
      cut(chunk.array(), count);
    }
    number++;
    return Optional.of(new Line(number, lines.remove()));
  }

  private void cut(byte[] bytes, int count) {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        rest.write(bytes, start, i - start);
        lines.add(rest.toString(StandardCharsets.UTF_8));
        rest.reset();
        start = i + 1;
      }
    }
    rest.write(bytes, start, count - start);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
