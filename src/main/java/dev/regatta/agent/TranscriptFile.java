package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import dev.regatta.process.LineSplitter;
import dev.regatta.secret.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A file of an agent's that was read line by line. The agent wrote it, so how much of it is read is
 * bounded.
 *
 * @param bytes how much of it was read
 * @param sha256 of that, hexadecimal
 * @param fault why it was not read whole; empty if it was
 */
record TranscriptFile(long bytes, String sha256, String fault) {
  /** How much of the files of one attempt is read, all together. */
  static final long MOST_BYTES = 256L << 20;

  private static final int PIECE = 1 << 16;

  /**
   * Gives each of its lines to a reader.
   *
   * @param most how many bytes may be read of it
   */
  static TranscriptFile read(Path file, Consumer<LineSplitter.Line> reader, long most)
      throws IOException {
    MessageDigest digest = Sha256.begin();
    LineSplitter lines = new LineSplitter(reader);
    byte[] piece = new byte[PIECE];
    long bytes = 0;
    String fault = "";
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int got = in.read(piece); got >= 0 && fault.isEmpty(); got = in.read(piece)) {
        if (bytes + got > most) {
          fault = "it is too long to be read whole";
        } else {
          digest.update(piece, 0, got);
          bytes += got;
          lines.accept(Arrays.copyOf(piece, got));
        }
      }
    }
    lines.finish();
    return new TranscriptFile(bytes, Sha256.of(digest), fault);
  }

  Transcript.Source source(String path) {
    return new Transcript.Source(path, bytes, sha256);
  }
}
