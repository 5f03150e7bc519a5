package dev.regatta.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A client that asks for the next in the moment in which it hears that the last is completed. */
final class Reflex implements WebSocket.Listener, AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final String request;
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final StringBuilder frame = new StringBuilder();
  private int left;

  Reflex(CommandServer server, int rounds, String request) {
    this.request = request;
    this.left = rounds;
    URI address = URI.create("ws" + server.baseUrl().toString().substring(4) + "/ws");
    client.newWebSocketBuilder().buildAsync(address, this).join();
  }

  /** What went wrong in all rounds. */
  List<String> errors() throws Exception {
    done.get(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return errors;
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    frame.append(data);
    if (last) {
      hear(socket, frame.toString());
      frame.setLength(0);
    }
    socket.request(1);
    return null;
  }

  private void hear(WebSocket socket, String message) {
    boolean failed = message.contains("\"error\":{");
    if (failed) {
      errors.add(message);
    }
    if (failed || message.contains("\"connected\"") || message.contains("process.completed")) {
      if (left-- > 0) {
        socket.sendText(request, true);
      } else {
        done.complete(null);
      }
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
