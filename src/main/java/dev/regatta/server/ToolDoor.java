package dev.regatta.server;

import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The way in for programs that speak MCP. The library that they are served with is not loaded
 * before the first of them comes: a server that has none pays nothing for it.
 */
final class ToolDoor {
  static final String PATH = "/mcp";

  private final CommandServer server;
  private final Server jetty;
  private final RunDesk desk;
  private final MessageRate rate;
  private @Nullable Handler servlet;

  ToolDoor(CommandServer server, Server jetty, RunDesk desk) {
    this.server = server;
    this.jetty = jetty;
    this.desk = desk;
    ServerLimits limits = server.settings().limits();
    this.rate =
        new MessageRate(limits.messagesPerSecond(), limits.messagesAtOnce(), System::nanoTime);
  }

  /**
   * Answers who was let in, and ends the callback.
   *
   * @throws Refused before anything is answered
   * @throws IOException if the client is gone
   */
  void answer(Request request, Response response, Callback callback) throws Refused, IOException {
    // No client is told anything that it didn't ask for, so there is no stream of events to get,
    // and no session to delete (MCP 2025-11-25, Transports, Streamable HTTP).
    if (!request.getMethod().equals("POST")) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      throw new Refused(405, "this path answers POST");
    }
    if (server.isStopping()) {
      throw new Refused(503, "the server is stopping");
    }
    count();
    Visit visit = new Visit(request, response, Map.of());
    byte[] body = visit.json(RunRoutes.LARGEST_REQUEST);
    requireBothTypes(visit.header("Accept").orElse(""));
    requireMessage(Visit.parsed(body));
    try {
      servlet().handle(new ReadRequest(request, body), response, callback);
    } catch (RuntimeException | IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the tools can't be served: " + e.getMessage(), e);
    }
  }

  /** As a client must say (MCP 2025-11-25, Transports, Sending Messages to the Server). */
  private static void requireBothTypes(String accepted) throws Refused {
    if (!accepted.contains(Visit.JSON) || !accepted.contains(EventStream.TYPE)) {
      throw new Refused(
          406, "send the header Accept: " + Visit.JSON + ", " + EventStream.TYPE + " too");
    }
  }

  /** A request or a notification (MCP 2025-11-25, Base Protocol, Messages). */
  private static void requireMessage(JsonNode message) throws Refused {
    JsonNode id = message.path("id");
    JsonNode params = message.path("params");
    boolean number = id.isIntegralNumber() && id.canConvertToLong();
    boolean known = id.isMissingNode() || id.isString() || number;
    boolean given = params.isMissingNode() || params.isNull() || params.isObject();
    if (!message.isObject()
        || !message.path("jsonrpc").asString("").equals("2.0")
        || !message.path("method").isString()
        || !known
        || !given) {
      throw new Refused(
          400,
          "the body must be one message of MCP: an object with jsonrpc \"2.0\", method (a string),"
              + " id (a string or an integer; none for a notification) and, if any, params (an"
              + " object)");
    }
  }

  /** The messages of all clients together: they have no connection that is theirs. */
  private synchronized void count() throws Refused {
    server.metrics().message();
    if (!rate.takes()) {
      server.metrics().error(ProtocolError.Code.RATE_LIMIT);
      throw new Refused(
          429,
          "too many messages: "
              + server.settings().limits().messagesPerSecond()
              + " a second are carried out");
    }
  }

  private synchronized Handler servlet() throws Exception {
    Handler known = servlet;
    if (known == null) {
      known = new RunTools(server, desk).served(PATH);
      known.setServer(jetty);
      jetty.addBean(known, true); // which stops it with the server
      known.start();
      servlet = known;
    }
    return known;
  }
}
