package dev.regatta.gateway;

import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets somebody else of this run answer at one path; all else goes the usual way. */
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
    return here.isPresent()
        ? here.get().handler().handle(request, response, callback)
        : super.handle(request, response, callback);
  }
}
