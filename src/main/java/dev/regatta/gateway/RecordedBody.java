package dev.regatta.gateway;

import dev.regatta.secret.RedactingOutputStream;
import dev.regatta.secret.Redactor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** One body that is kept, as far as it comes; the file is made with its first byte. */
final class RecordedBody implements AutoCloseable {
  /** Longer ones are cut: an endless answer must not fill the disk. */
  static final int MOST_BYTES = 16 << 20;

  private static final FileAttribute<?>[] OWNER_ONLY =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  private final Path file;
  private final Redactor redactor;
  private @Nullable OutputStream out;
  private int bytes;
  private boolean over;

  RecordedBody(Path file, Redactor redactor) {
    this.file = file;
    this.redactor = redactor;
  }

  /**
   * Takes a piece; its position stays.
   *
   * @throws UncheckedIOException if it can't be written
   */
  void accept(ByteBuffer piece) {
    if (over || !piece.hasRemaining()) {
      return;
    }
    byte[] kept = new byte[Math.min(piece.remaining(), MOST_BYTES - bytes)];
    piece.slice().get(kept);
    try {
      OutputStream open = open();
      open.write(kept);
      bytes += kept.length;
      if (kept.length < piece.remaining()) {
        open.write(
            ("\n[cut after " + MOST_BYTES + " bytes]\n").getBytes(StandardCharsets.US_ASCII));
        close();
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private OutputStream open() throws IOException {
    OutputStream open = out;
    if (open == null) {
      Files.createFile(file, OWNER_ONLY);
      open = new RedactingOutputStream(Files.newOutputStream(file), redactor);
      out = open;
    }
    return open;
  }

  private UncheckedIOException unwritable(IOException e) {
    return new UncheckedIOException(file + " can't be written: " + e.getMessage(), e);
  }

  /** What comes later is not kept. */
  @Override
  public void close() {
    over = true;
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
  }
}
