package dev.regatta.server;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

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
   */
  void answer(Request request, Response response, Callback callback) throws Refused {
    // No client is told anything that it didn't ask for, so there is no stream of events to get,
    // and no session to delete (MCP 2025-11-25, Transports, Streamable HTTP).
    if (!request.getMethod().equals("POST")) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      throw new Refused(405, "this path answers POST");
    }
    if (server.isStopping()) {
      throw new Refused(503, "the server is stopping");
    }
    if (request.getLength() > RunRoutes.LARGEST_REQUEST) {
      throw new Refused(413, "the body is longer than " + RunRoutes.LARGEST_REQUEST + " bytes");
    }
    count();
    try {
      servlet().handle(request, response, callback);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the tools can't be served: " + e.getMessage(), e);
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
