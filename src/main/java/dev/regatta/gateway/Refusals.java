package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What the gateway itself answers, in the form of the API's errors, so that agents can read it. */
final class Refusals {
  private Refusals() {}

  static void greet(Response response, Callback callback) {
    response.setStatus(200);
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  static void refuse(Response response, Callback callback, int status) {
    String body =
        switch (status) {
          case 401 ->
              error(
                  "authentication_error",
                  "the gateway doesn't know this credential: it isn't one that this run gave out,"
                      + " or its attempt is over");
          case 404 ->
              error("not_found_error", "the gateway lets only the model API's paths through");
          default -> error("api_error", "the model API could not be reached");
        };
    response.setStatus(status);
    response.getHeaders().put("content-type", "application/json");
    response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
  }

  private static String error(String type, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\""
        + type
        + "\",\"message\":\""
        + message
        + "\"}}";
  }

  /** Whose fault it is that no whole response came: a failed write to the agent ends here too. */
  static Exchange.Ending ending(Throwable failure) {
    return failure instanceof ClientGone
        ? Exchange.Ending.CLIENT_GONE
        : Exchange.Ending.UPSTREAM_FAILED;
  }
}
