package dev.regatta.stress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server on which connections can be cut or fall silent, and be closed for good. */
final class BreakableWay implements AutoCloseable {
  private final ServerSocket door;
  private final int behind;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean silent;

  private BreakableWay(ServerSocket door, int behind) {
    this.door = door;
    this.behind = behind;
  }

  static BreakableWay to(URI server) {
    try {
      BreakableWay way =
          new BreakableWay(
              new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server.getPort());
      Thread.ofVirtual().start(way::accept);
      return way;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket("127.0.0.1", behind);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> passAsThatHost(client, server));
        Thread.ofVirtual().start(() -> passUntilSilent(server, client));
      } catch (IOException e) {
        // It was closed, or the server behind it is gone.
      }
    }
  }

  /** The server lets nobody in who asks for another port than its own. */
  private void passAsThatHost(Socket client, Socket server) {
    try {
      byte[] head = new byte[8192];
      int count = client.getInputStream().read(head);
      if (count > 0) {
        String text = new String(head, 0, count, StandardCharsets.ISO_8859_1);
        server
            .getOutputStream()
            .write(
                text.replace(":" + door.getLocalPort(), ":" + behind)
                    .getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // It was cut.
    }
    pass(client, server);
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // It was cut.
    }
  }

  private void passUntilSilent(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!silent) {
          to.getOutputStream().write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // It was cut.
    }
  }

  /** From now on nothing comes back from the server, though connections stay open. */
  void fallSilent() {
    silent = true;
  }

  /** Cuts what is connected; whoever comes again is let in. */
  void cut() {
    for (Socket socket : open) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // It is cut already.
      }
      open.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
