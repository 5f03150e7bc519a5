package dev.regatta.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client that speaks WebSocket's frames by itself, and so can send any and read none (RFC 6455).
 */
final class RawClient implements AutoCloseable {
  static final int TEXT = 1;
  static final int BINARY = 2;

  private final Socket socket;
  private final DataInputStream in;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    String request =
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException(head.toString());
    }
  }

  void send(int kind, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
    frame.put((byte) (0x80 | kind)).put((byte) (0x80 | 127)).putLong(payload.length);
    frame.putInt(0).put(payload); // the mask of zeros changes nothing
    OutputStream out = socket.getOutputStream();
    out.write(frame.array(), 0, frame.position());
  }

  void send(String text) throws IOException {
    send(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  void execute(String command, String more) throws IOException {
    send("{\"method\":\"execute\",\"params\":{\"command\":\"" + command + "\"" + more + "}}");
  }

  /** Reads until a message begins so, and gives how many bytes of messages came until then. */
  long readUntil(String beginning) throws IOException {
    byte[] chunk = new byte[64 * 1024];
    long all = 0;
    while (true) {
      in.readUnsignedByte();
      long length = in.readUnsignedByte();
      length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
      all += length;
      int first = (int) Math.min(length, chunk.length);
      in.readFully(chunk, 0, first);
      for (long left = length - first; left > 0; ) {
        int more = (int) Math.min(left, chunk.length - 256);
        in.readFully(chunk, 256, more);
        left -= more;
      }
      if (new String(chunk, 0, Math.min(first, 200), StandardCharsets.UTF_8).contains(beginning)) {
        return all;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
