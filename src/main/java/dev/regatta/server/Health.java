package dev.regatta.server;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the server lives, for whoever asks; the only thing that is said without a token. */
final class Health {
  private final CommandServer server;

  Health(CommandServer server) {
    this.server = server;
  }

  List<Route> routes() {
    return List.of(
        Route.open("/health", visit -> visit.json(200, whole())),
        Route.open("/healthz", visit -> visit.json(200, Map.of("status", "ok"))),
        Route.open("/readyz", this::ready));
  }

  private void ready(Visit visit) throws IOException {
    boolean stopping = server.isStopping();
    visit.json(stopping ? 503 : 200, Map.of("status", stopping ? "stopping" : "ready"));
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
}
