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
    List<String> problems = server.problems();
    if (problems.isEmpty()) {
      visit.json(200, Map.of("status", "ready"));
    } else {
      // The same for whoever asks, without paths: no token is needed here.
      visit.json(503, Map.of("status", server.isStopping() ? "stopping" : "not ready"));
      server.log().warn("not ready: " + String.join("; ", problems));
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
}
