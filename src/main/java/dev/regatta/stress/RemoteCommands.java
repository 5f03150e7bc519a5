package dev.regatta.stress;

import dev.regatta.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The commands that are run on a server, by the protocol that it speaks. */
public sealed interface RemoteCommands extends AutoCloseable permits NamedCommands, SingleCommands {
  /**
   * How long a server may take to let a client in, and be away before what ran there is given up.
   */
  Duration PATIENCE = Duration.ofSeconds(10);

  /** Starts one. */
  RemoteCommand start(RemoteRequest request);

  /** Whether the server keeps the limits and takes folder and variables; else only we do. */
  boolean keepsLimits();

  /** Why nothing can be started any more, if nothing can. */
  Optional<String> gone();

  @Override
  void close();

  /**
   * Connects to a server, and finds out which protocol it speaks.
   *
   * @param server its URL, as {@link #address} takes it
   * @param token what it wants to be shown, if it does
   * @param patience how long it may be away later
   * @throws ServerUnreachable if that fails
   */
  static RemoteCommands connect(URI server, Optional<Secret> token, Duration patience) {
    URI address = address(server);
    HttpClient client =
        HttpClient.newBuilder()
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    NamedCommands named = new NamedCommands(client, address, token, patience);
    try {
      named.open();
      if (named.knowsNames()) {
        return named;
      }
      named.close();
      return new SingleCommands(client, address, token);
    } catch (RuntimeException e) {
      named.close();
      throw e instanceof CompletionException wrapped && wrapped.getCause() instanceof Link.Broken it
          ? new ServerUnreachable(address + " broke the connection off: " + it.getMessage())
          : e;
    }
  }

  /**
   * Where the WebSocket of a server is.
   *
   * @param server {@code http}, {@code https}, {@code ws} or {@code wss}; without a path, /ws
   * @throws IllegalArgumentException if it is no such URL
   */
  static URI address(URI server) {
    String scheme =
        switch (String.valueOf(server.getScheme())) {
          case "http", "ws" -> "ws";
          case "https", "wss" -> "wss";
          default ->
              throw new IllegalArgumentException(
                  "must be an address such as http://127.0.0.1:8004, not '" + server + "'");
        };
    if (server.getHost() == null || server.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "must be an address such as http://127.0.0.1:8004, not '" + server + "'");
    }
    String path = server.getRawPath();
    try {
      return new URI(
          scheme,
          null,
          server.getHost(),
          server.getPort(),
          path == null || path.isEmpty() || path.equals("/") ? "/ws" : path,
          null,
          null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no address: " + e.getMessage(), e);
    }
  }

  /** Parameters of a request, without any in it. */
  static ObjectNode params() {
    return JsonMapper.shared().createObjectNode();
  }
}
