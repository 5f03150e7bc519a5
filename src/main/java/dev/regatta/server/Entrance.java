package dev.regatta.server;

import java.util.Optional;

/**
 * What stands at the server's door.
 *
 * @param token what clients must know; none, only on loopback, lets every local process in
 * @param tls what makes connections secret; plain ones when empty
 */
public record Entrance(Optional<ServerToken> token, Optional<ServerTls> tls) {
  /** One without TLS. */
  public static Entrance plain(Optional<ServerToken> token) {
    return new Entrance(token, Optional.empty());
  }
}
