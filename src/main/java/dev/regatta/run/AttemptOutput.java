package dev.regatta.run;

import dev.regatta.process.Channel;
import dev.regatta.secret.RedactingOutputStream;
import dev.regatta.secret.Redactor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Keeps an attempt's raw output: a file for each channel, made when its first byte comes, because
 * most of thousands of small commands print nothing. Every byte passes the redactor.
 */
final class AttemptOutput implements AutoCloseable {
  private final RunFolder folder;
  private final String attempt;
  private final Redactor redactor;
  private final Map<Channel, OutputStream> files = new EnumMap<>(Channel.class);
  private final long[] bytes = new long[Channel.values().length];

  AttemptOutput(RunFolder folder, String attempt, Redactor redactor) {
    this.folder = folder;
    this.attempt = attempt;
    this.redactor = redactor;
  }

  void write(Channel channel, byte[] output) {
    bytes[channel.ordinal()] += output.length;
    try {
      file(channel).write(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that came from that channel. */
  long bytes(Channel channel) {
    return bytes[channel.ordinal()];
  }

  private OutputStream file(Channel channel) throws IOException {
    OutputStream open = files.get(channel);
    if (open == null) {
      Path path = channel == Channel.OUTPUT ? folder.output(attempt) : folder.error(attempt);
      OutputStream raw = Files.newOutputStream(path);
      RunFolder.ownerOnly(path);
      open = new RedactingOutputStream(raw, redactor);
      files.put(channel, open);
    }
    return open;
  }

  @Override
  public void close() {
    IOException first = null;
    for (OutputStream file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    files.clear();
    if (first != null) {
      throw new UncheckedIOException(first);
    }
  }
}
