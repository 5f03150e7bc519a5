package dev.regatta.server;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in. A browser that a page of somebody else's has talked into calling us is known by
 * its Origin, and by a Host that isn't ours where that page gave us a name of its own (DNS
 * rebinding).
 *
 * @param host the address that we listen on, as it was given
 * @param loopback whether only this machine reaches it
 * @param port the port
 * @param token what a client must know; none is needed when empty
 */
record Admission(String host, boolean loopback, int port, Optional<ServerToken> token) {
  private static final String BEARER = "bearer ";

  /** A name in the name service can lead to us from a page; a bare address can't. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");

  /**
   * Why somebody may not come in.
   *
   * @param status of HTTP
   * @param reason for people
   */
  record Refusal(int status, String reason) {}

  /**
   * Looks at a request's headers.
   *
   * @param given its Host, or null
   * @param origin its Origin, or null
   * @return empty if they may pass
   */
  Optional<Refusal> ofHeaders(@Nullable String given, @Nullable String origin) {
    if (given == null || !ours(given)) {
      return Optional.of(
          new Refusal(421, "this server has another name: call it by its address and port"));
    }
    if (origin != null && !origin.equalsIgnoreCase("http://" + given)) {
      return Optional.of(new Refusal(403, "pages of other origins may not call this server"));
    }
    return Optional.empty();
  }

  /**
   * Looks at a request's credential.
   *
   * @param authorization the header, or null
   */
  Optional<Refusal> ofToken(@Nullable String authorization) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    if (authorization != null
        && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        && token.get().is(authorization.substring(BEARER.length()).strip())) {
      return Optional.empty();
    }
    return Optional.of(new Refusal(401, "send the server's token: Authorization: Bearer TOKEN"));
  }

  private boolean ours(String given) {
    String name = given;
    int said = 80;
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
              || (!loopback && ADDRESS.matcher(name).matches());
    };
  }
}
