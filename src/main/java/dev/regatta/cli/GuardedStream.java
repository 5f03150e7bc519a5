package dev.regatta.cli;

import dev.regatta.secret.RedactingOutputStream;
import dev.regatta.secret.Redactor;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes out of a stream all secrets that are known by the time something is written. Closing it
 * lets out what was held back, and leaves the stream behind it open.
 */
final class GuardedStream extends OutputStream {
  private final OutputStream out;
  private final KnownSecrets secrets;
  private Redactor redactor;
  private OutputStream redacting;

  GuardedStream(OutputStream out, KnownSecrets secrets) {
    this.out = out;
    this.secrets = secrets;
    this.redactor = secrets.redactor();
    this.redacting = new RedactingOutputStream(new Open(out), redactor);
  }

  /** The same as a stream to print on. */
  PrintStream printing() {
    return new PrintStream(this, true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (redactor != secrets.redactor()) {
      redacting.close();
      redactor = secrets.redactor();
      redacting = new RedactingOutputStream(new Open(out), redactor);
    }
    redacting.write(bytes, offset, length);
  }

  @Override
  public synchronized void flush() throws IOException {
    redacting.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    redacting.close();
  }

  /** Stays open when what stands before it is closed. */
  private static final class Open extends FilterOutputStream {
    Open(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
