package dev.regatta.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Who comes in where: looks at the door's rules, then at the path. */
final class FrontDoor extends Handler.Abstract {
  private final CommandServer server;
  private final ServerWebSocketContainer sockets;

  FrontDoor(CommandServer server, ServerWebSocketContainer sockets) {
    this.server = server;
    this.sockets = sockets;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    HttpFields headers = request.getHeaders();
    Optional<Admission.Refusal> refusal =
        server.admission().ofHeaders(headers.get(HttpHeader.HOST), headers.get(HttpHeader.ORIGIN));
    boolean health = List.of("/health", "/healthz", "/readyz").contains(path);
    if (refusal.isEmpty() && !health) {
      refusal = server.admission().ofToken(headers.get(HttpHeader.AUTHORIZATION));
    }
    if (refusal.isPresent()) {
      refuse(response, callback, refusal.get());
    } else if (health) {
      health(path, request, response, callback);
    } else if (path.equals("/ws") || path.equals("/ws/mcp")) {
      open(request, response, callback);
    } else {
      error(response, callback, 404, "there is nothing here");
    }
    return true;
  }

  private static void refuse(Response response, Callback callback, Admission.Refusal refusal) {
    if (refusal.status() == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    error(response, callback, refusal.status(), refusal.reason());
  }

  private void open(Request request, Response response, Callback callback) {
    if (server.isStopping()) {
      error(response, callback, 503, "the server is stopping");
      return;
    }
    boolean taken =
        sockets.upgrade(
            (asked, answer, ignored) -> {
              // Nothing is compressed: it costs memory a connection, and lets a small frame grow.
              answer.setExtensions(List.of());
              return new Connection(server);
            },
            request,
            response,
            callback);
    if (!taken) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      error(response, callback, 426, "this path is for WebSocket");
    }
  }

  private void health(String path, Request request, Response response, Callback callback) {
    if (!List.of("GET", "HEAD").contains(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      error(response, callback, 405, "only GET and HEAD are answered here");
      return;
    }
    switch (path) {
      case "/healthz" -> answer(response, callback, 200, Map.of("status", "ok"));
      case "/readyz" ->
          answer(
              response,
              callback,
              server.isStopping() ? 503 : 200,
              Map.of("status", server.isStopping() ? "stopping" : "ready"));
      default -> answer(response, callback, 200, whole());
    }
  }

  private Map<String, ?> whole() {
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", "healthy");
    health.put("service", "regatta");
    health.put("version", server.settings().version());
    health.put("active_sessions", server.sessions());
    health.put("max_sessions", server.settings().limits().sessions());
    health.put("uptime_seconds", server.uptime().toMillis() / 1000.0);
    return health;
  }

  private static void error(Response response, Callback callback, int status, String reason) {
    answer(response, callback, status, Map.of("error", reason));
  }

  private static void answer(
      Response response, Callback callback, int status, Map<String, ?> fields) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Content.Sink.write(response, true, Notices.plain(fields), callback);
  }
}
