package dev.regatta.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Who comes in where: looks at the door's rules, then at the path. */
final class FrontDoor extends Handler.Abstract {
  private final CommandServer server;
  private final ServerWebSocketContainer sockets;
  private final Optional<ToolDoor> tools;
  private final List<Route> routes;

  FrontDoor(
      CommandServer server,
      ServerWebSocketContainer sockets,
      Optional<ToolDoor> tools,
      List<Route> routes) {
    this.server = server;
    this.sockets = sockets;
    this.tools = tools;
    this.routes = List.copyOf(routes);
  }

  /** What fits a request: a route and its parameters. */
  private record Found(Route route, Map<String, String> parameters) {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    guard(response);
    String path = Request.getPathInContext(request);
    try {
      server.admission().requireOurs(request.getHeaders());
      if (path.equals("/ws") || path.equals("/ws/mcp")) {
        server.admission().requireKnown(request, server.browsers());
        open(request, response, callback);
        return true;
      }
      if (tools.isPresent() && path.equals(ToolDoor.PATH)) {
        server.admission().requireKnown(request, server.browsers());
        tools.get().answer(request, response, callback);
        return true;
      }
      Visit visit = answer(request, response, found(path));
      if (visit.answering()) {
        callback.succeeded();
      } else {
        throw new IllegalStateException("nothing was answered");
      }
    } catch (Refused e) {
      server
          .log()
          .warn(
              e.status()
                  + " to "
                  + Request.getRemoteAddr(request)
                  + ": "
                  + request.getMethod()
                  + " "
                  + path
                  + ": "
                  + e.getMessage());
      refuse(request, response, callback, e);
    } catch (ClientGone e) {
      callback.failed(e.getCause()); // the library knows of its own what there is to answer
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops
      callback.failed(e);
    } catch (IOException | RuntimeException e) {
      server.log().error(request.getMethod() + " " + path + " failed", e);
      refuse(request, response, callback, new Refused(500, "internal error: " + e));
    }
    return true;
  }

  /** Whatever a refusal repeats, of the client's words or of a failure's, may hold a secret. */
  private void refuse(Request request, Response response, Callback callback, Refused refusal) {
    answer(
        request,
        response,
        callback,
        refusal,
        server.redact().apply(String.valueOf(refusal.getMessage())));
  }

  /** Nothing of ours is kept by what lies between, guessed at, framed or named to other pages. */
  private static void guard(Response response) {
    response
        .getHeaders()
        .put(HttpHeader.CACHE_CONTROL, "no-store")
        .put("X-Content-Type-Options", "nosniff")
        .put("Cross-Origin-Resource-Policy", "same-origin")
        .put("Referrer-Policy", "no-referrer");
  }

  /** The routes that path has, whatever the method. */
  private List<Found> found(String path) {
    List<String> segments = Route.segments(path).stream().map(URIUtil::decodePath).toList();
    List<Found> found = new ArrayList<>();
    for (Route route : routes) {
      route.matched(segments).ifPresent(named -> found.add(new Found(route, named)));
    }
    return found;
  }

  private Visit answer(Request request, Response response, List<Found> found)
      throws Refused, IOException, InterruptedException {
    if (found.stream().allMatch(each -> each.route().caller() == Route.Caller.KNOWN)) {
      server.admission().requireKnown(request, server.browsers());
    }
    if (found.isEmpty()) {
      throw Refused.notFound("there is nothing here");
    }
    Optional<Found> taken =
        found.stream().filter(each -> each.route().takes(request.getMethod())).findFirst();
    if (taken.isEmpty()) {
      TreeSet<String> methods = new TreeSet<>();
      found.forEach(each -> methods.add(each.route().method()));
      if (methods.contains("GET")) {
        methods.add("HEAD");
      }
      response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods));
      throw new Refused(405, "this path answers " + String.join(", ", methods));
    }
    Visit visit = new Visit(request, response, taken.get().parameters());
    taken.get().route().handling().answer(visit);
    return visit;
  }

  /**
   * What the library refuses before it comes to us, for example paths that can be read two ways.
   */
  static boolean malformed(Request request, Response response, Callback callback) {
    guard(response);
    String words = "the request can't be read";
    Refused refusal = new Refused(Math.max(400, response.getStatus()), words);
    answer(request, response, callback, refusal, words);
    return true;
  }

  private static void answer(
      Request request, Response response, Callback callback, Refused refusal, String words) {
    if (response.isCommitted()) {
      callback.failed(refusal); // breaks the answer off, so that nobody takes it for a whole one
      return;
    }
    if (refusal.status() == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    try {
      new Visit(request, response, Map.of())
          .text(
              refusal.status(),
              "application/problem+json",
              Notices.JSON.writeValueAsString(Refused.problem(refusal.status(), words)));
      callback.succeeded();
    } catch (IOException e) {
      callback.failed(e);
    }
  }

  private void open(Request request, Response response, Callback callback) throws Refused {
    if (server.isStopping()) {
      throw new Refused(503, "the server is stopping");
    }
    HttpFields.Mutable headers = response.getHeaders();
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
      headers.put(HttpHeader.UPGRADE, "websocket");
      throw new Refused(426, "this path is for WebSocket");
    }
  }
}
