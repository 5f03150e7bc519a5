package dev.regatta.secret;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes secrets out of a stream of bytes, also those that come in pieces: bytes that could be the
 * beginning of a secret are held back until it is clear, at the latest until the stream is closed.
 * A flush does not let them out.
 */
public final class RedactingOutputStream extends FilterOutputStream {
  private final Redactor redactor;

  /** Bytes of which it is not clear yet whether a secret begins with them. */
  private String held = "";

  /** How many of them belong to a secret that was replaced already, and overlaps another. */
  private int covered;

  /** A stream in front of another. */
  public RedactingOutputStream(OutputStream out, Redactor redactor) {
    super(out);
    this.redactor = redactor;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (redactor.idle()) {
      out.write(bytes, offset, length);
      return;
    }
    String text = held + new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    emit(text, text.length() - redactor.latin().openEnd(text));
  }

  private void emit(String text, int until) throws IOException {
    Needles.Cleaned cleaned = redactor.latin().clean(text, covered, until);
    held = text.substring(until);
    covered = cleaned.covered();
    out.write(cleaned.text().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    try (OutputStream closing = out) {
      emit(held, held.length());
      closing.flush();
    }
  }
}
