package dev.regatta.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output, which does not hide that it failed. A {@link PrintStream} swallows every {@link
 * IOException}; what this throws goes through it.
 */
final class StandardOutput extends OutputStream {
  private final OutputStream file = new FileOutputStream(FileDescriptor.out);

  private StandardOutput() {}

  static PrintStream open() {
    return new PrintStream(new StandardOutput(), true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int single) {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      file.write(bytes, offset, length);
    } catch (IOException e) {
      throw OutputGone.of(e);
    }
  }
}
