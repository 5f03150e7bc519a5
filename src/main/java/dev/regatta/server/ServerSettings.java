package dev.regatta.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a server is started with.
 *
 * @param host the address it listens on
 * @param port 1 to 65535, or 0 for any free one
 * @param allowed the commands that may be started; all of them when empty
 * @param limits what is bounded
 * @param times its rhythm
 * @param environment what commands inherit
 * @param folder where commands start unless they say otherwise
 * @param version this program's version
 */
public record ServerSettings(
    String host,
    int port,
    Optional<Set<String>> allowed,
    ServerLimits limits,
    ServerTimes times,
    Map<String, String> environment,
    Path folder,
    String version) {

  /** Copies what could change. */
  public ServerSettings {
    allowed = allowed.map(Set::copyOf);
    environment = Map.copyOf(environment);
  }
}
