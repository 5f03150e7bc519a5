package dev.regatta.server;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a browser sees: the way in, and a page that says what this is. */
final class Pages {
  private static final String LOGIN = "/login";

  private final CommandServer server;

  Pages(CommandServer server) {
    this.server = server;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/", this::front),
        Route.open(LOGIN, this::login),
        Route.post("/api/v1/login-links", this::link));
  }

  private void front(Visit visit) throws IOException {
    visit.page(
        200,
        html(
            "Regatta",
            """
            <h1>Regatta %s</h1>
            <p>This server starts commands and agents on the machine that it runs on, as the user who
            started it, and streams their output.</p>
            <ul>
            <li>WebSocket, JSON-RPC 2.0: <code>/ws</code></li>
            <li>HTTP: <a href="/api">what can be asked for</a>, and the same for programs,
            <a href="/openapi.json">openapi.json</a></li>
            <li>MCP, streamable HTTP: <code>/mcp</code></li>
            </ul>
            <p>Connections: %d. Commands that run: %d.</p>
            """
                .formatted(
                    server.settings().version(),
                    server.sessions(),
                    server.executions().runningCount())));
  }

  /** Looked at alone (HEAD), as programs do that preview links, it is not used. */
  private void login(Visit visit) throws Refused, IOException {
    if (visit.headOnly()) {
      visit.empty(204);
      return;
    }
    Optional<String> cookie = server.browsers().open(visit.query("once").orElse(""));
    if (cookie.isEmpty()) {
      visit.page(
          401,
          html(
              "Regatta: no way in",
              """
              <h1>This link leads nowhere</h1>
              <p>It works once, and for five minutes. <code>regatta serve</code> prints one when it
              starts in a terminal; docs/server.md says how to get another.</p>
              """));
      return;
    }
    visit.set("Set-Cookie", server.admission().cookie(cookie.get()));
    visit.set("Location", "/");
    visit.empty(303);
  }

  private void link(Visit visit) throws IOException {
    URI link = server.loginLink();
    visit.json(
        201, Map.of("link", link.toString(), "seconds", BrowserSessions.LINK_LIFE.toSeconds()));
  }

  /** A text as it stands in a page, whatever is in it. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A page around what is given, which must be safe already. */
  static String html(String title, String body) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>%s</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
    code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
    td, th { text-align: left; vertical-align: top; padding: 0.1rem 1rem 0.1rem 0; }
    @media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } a { color: #8bf; } }
    </style>
    </head>
    <body>
    %s</body>
    </html>
    """
        .formatted(title, body);
  }
}
