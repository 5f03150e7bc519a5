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
      throw Unwritable.of(path(channel), e);
    }
  }

  /** Bytes that came from that channel. */
  long bytes(Channel channel) {
    return bytes[channel.ordinal()];
  }

  private OutputStream file(Channel channel) throws IOException {
    OutputStream open = files.get(channel);
    if (open == null) {
      Path path = path(channel);
      OutputStream raw = Files.newOutputStream(path);
      RunFolder.ownerOnly(path);
      open = new RedactingOutputStream(raw, redactor);
      files.put(channel, open);
    }
    return open;
  }

  private Path path(Channel channel) {
    return channel == Channel.OUTPUT ? folder.output(attempt) : folder.error(attempt);
  }

  @Override
  public void close() {
    UncheckedIOException first = null;
    for (Map.Entry<Channel, OutputStream> file : files.entrySet()) {
      try {
        file.getValue().close();
      } catch (IOException e) {
        UncheckedIOException problem = Unwritable.of(path(file.getKey()), e);
        if (first == null) {
          first = problem;
        } else {
          first.addSuppressed(problem);
        }
      }
    }
    files.clear();
    if (first != null) {
      throw first;
    }
  }
}
