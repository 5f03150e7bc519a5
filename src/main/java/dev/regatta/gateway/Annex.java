package dev.regatta.gateway;

import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets somebody else of this run answer at one path; all else goes the usual way. Each request
 * there has a virtual thread of its own: one may wait for as long as an agent works, and the
 * threads of the gateway are few.
 */
final class Annex extends Handler.Wrapper {
  private record Guest(String path, Handler handler) {
    boolean answers(String asked) {
      return asked.equals(path) || asked.startsWith(path + "/");
    }
  }

  private volatile Optional<Guest> guest = Optional.empty();

  Annex(Handler usual) {
    super(usual);
  }

  void open(String path, Handler handler) throws Exception {
    handler.setServer(getServer());
    handler.start();
    guest = Optional.of(new Guest(path, handler));
  }

  void shut() throws Exception {
    Optional<Guest> gone = guest;
    guest = Optional.empty();
    if (gone.isPresent()) {
      gone.get().handler().stop();
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Optional<Guest> here = guest.filter(each -> each.answers(Request.getPathInContext(request)));
    if (here.isEmpty()) {
      return super.handle(request, response, callback);
    }
    Handler handler = here.get().handler();
    Thread.ofVirtual().name("annex").start(() -> answer(handler, request, response, callback));
    return true;
  }

  /** As the server does it for a handler on a thread of its own. */
  private static void answer(
      Handler handler, Request request, Response response, Callback callback) {
    try {
      if (!handler.handle(request, response, callback)) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    } catch (Exception | Error e) {
      Response.writeError(request, response, callback, e);
    }
  }
}
