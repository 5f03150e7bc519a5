package dev.regatta.server;

import java.io.IOException;
import java.io.OutputStream;

/** What goes to a client. It fails with {@link ClientGone} alone. */
final class ClientOutput extends OutputStream {
  private final OutputStream out;

  ClientOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }
}
