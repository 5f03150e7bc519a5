package dev.regatta.mcp;

import dev.regatta.run.Member;
import dev.regatta.run.Tree;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets nobody in without the token of an attempt that runs. */
final class Doorkeeper extends Handler.Wrapper {
  private static final String BEARER = "Bearer ";
  private static final byte[] REFUSAL =
      ("{\"error\":\"unknown token: it isn't one that this run gave out, or its attempt is"
              + " over\"}")
          .getBytes(StandardCharsets.UTF_8);

  private final Tree tree;

  Doorkeeper(Tree tree, Handler inside) {
    super(inside);
    this.tree = tree;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    Optional<Member> member =
        header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? tree.member(header.substring(BEARER.length()).strip())
            : Optional.empty();
    if (member.isEmpty()) {
      tree.turnedAway(request.getMethod(), Request.getPathInContext(request), 401);
      response.setStatus(401);
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.write(true, ByteBuffer.wrap(REFUSAL), callback);
      return true;
    }
    request.setAttribute(Caller.ATTRIBUTE, member.get());
    return super.handle(request, response, callback);
  }
}
