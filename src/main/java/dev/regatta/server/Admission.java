package dev.regatta.server;

import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in. A browser that a page of somebody else's has talked into calling us is known by
 * its Origin, and by a Host that isn't ours where that page gave us a name of its own (DNS
 * rebinding).
 *
 * @param host the address that we listen on, as it was given
 * @param loopback whether only this machine reaches it
 * @param port the port
 * @param entrance what a client must know, and whether connections are secret
 */
record Admission(String host, boolean loopback, int port, Entrance entrance) {
  private static final String BEARER = "bearer ";

  /** A name in the name service can lead to us from a page; a bare address can't. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");

  /**
   * Looks where a request is sent to and which page it comes from.
   *
   * @throws Refused if it is none that may pass
   */
  void requireOurs(HttpFields headers) throws Refused {
    String given = headers.get(HttpHeader.HOST);
    if (given == null || !ours(given)) {
      throw new Refused(421, "this server has another name: call it by its address and port");
    }
    String origin = headers.get(HttpHeader.ORIGIN);
    if (origin != null && !origin.equalsIgnoreCase(scheme() + "://" + given)) {
      throw new Refused(403, "pages of other origins may not call this server");
    }
  }

  /**
   * Looks who asks.
   *
   * @throws Refused if it is nobody who has the token, or a browser's session
   */
  void requireKnown(Request request, BrowserSessions browsers) throws Refused {
    if (entrance.token().isEmpty()
        || hasToken(request.getHeaders().get(HttpHeader.AUTHORIZATION))) {
      return;
    }
    boolean session =
        Request.getCookies(request).stream()
            .anyMatch(cookie ->
                cookie.getName().equals(cookieName()) && browsers.knows(cookie.getValue()));
    if (!session) {
      throw new Refused(401, "send the server's token: Authorization: Bearer TOKEN");
    }
    requireSameOrigin(request);
  }

  private boolean hasToken(@Nullable String authorization) {
    return authorization != null
        && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        && entrance.token().isPresent()
        && entrance.token().get().is(authorization.substring(BEARER.length()).strip());
  }

  /**
   * A cookie comes by itself, also with requests of a page from another port of this host, which
   * browsers call the same site. They tell whose request it is in headers that no page can set (W3C
   * Fetch Metadata), and send Origin with all that changes something.
   */
  private static void requireSameOrigin(Request request) throws Refused {
    HttpFields headers = request.getHeaders();
    String site = headers.get("Sec-Fetch-Site");
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    boolean looks = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    boolean needsOrigin = !looks || headers.contains(HttpHeader.UPGRADE);
    if (foreign || (needsOrigin && !headers.contains(HttpHeader.ORIGIN))) {
      throw new Refused(403, "with a cookie only pages of this server may call it");
    }
  }

  /** What a browser is told to keep: for us alone, for no script, and for no other page's calls. */
  String cookie(String value) {
    return cookieName()
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict"
        + (entrance.tls().isPresent() ? "; Secure" : "");
  }

  /** Cookies know no ports, so two servers of one machine would take each other's away. */
  private String cookieName() {
    return "regatta-" + port;
  }

  String scheme() {
    return entrance.tls().isPresent() ? "https" : "http";
  }

  private boolean ours(String given) {
    String name = given;
    int said = entrance.tls().isPresent() ? 443 : 80;
    int colon = given.lastIndexOf(':');
    if (colon > given.lastIndexOf(']')) {
      name = given.substring(0, colon);
      String digits = given.substring(colon + 1);
      said = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
    }
    return said == port && named(name.toLowerCase(Locale.ROOT));
  }

  private boolean named(String name) {
    return switch (name) {
      case "localhost", "127.0.0.1", "[::1]" -> true;
      default ->
          name.equals(host.toLowerCase(Locale.ROOT))
              || name.equals("[" + host.toLowerCase(Locale.ROOT) + "]")
              || (!loopback && ADDRESS.matcher(name).matches())
              // Who leads a name of their own here has no certificate for it.
              || entrance.tls().filter(tls -> tls.names(name)).isPresent();
    };
  }
}
