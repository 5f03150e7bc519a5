package dev.regatta.journal;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/** The bytes of one line, in a buffer that is used again for the next. */
final class LineBuffer {
  /** A line longer than this gives its memory back. */
  private static final int USUAL = 1 << 16;

  private byte[] bytes = new byte[1024];
  private int size;

  void clear() {
    size = 0;
    if (bytes.length > USUAL) {
      bytes = new byte[1024];
    }
  }

  LineBuffer put(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  LineBuffer put(byte single) {
    room(1);
    bytes[size++] = single;
    return this;
  }

  LineBuffer undo(int count) {
    size -= count;
    return this;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  void update(MessageDigest digest) {
    digest.update(bytes, 0, size);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }
}
