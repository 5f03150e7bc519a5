package dev.regatta.stress;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a server is asked to run.
 *
 * @param id names it on the server
 * @param command a line of the shell
 * @param timeout the longest that it may take
 * @param stall the longest silence
 * @param folder where it runs, where that may be chosen
 * @param variables besides those of the server
 */
record RemoteRequest(
    String id,
    String command,
    Duration timeout,
    Optional<Duration> stall,
    Optional<Path> folder,
    Map<String, String> variables) {
  RemoteRequest {
    variables = Map.copyOf(variables);
  }
}
