package dev.regatta.stress;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a suite is to be run.
 *
 * @param baseUrl where the older clients' server was, which is not used
 * @param endpoint the path there, which is not used
 * @param defaultTimeout for tasks without a time limit
 * @param retryDelays what is waited before each retry, the last for all further ones
 * @param maxConcurrent how many commands run at once at most
 * @param transcriptVerification whether answers are to be checked against the agent's transcript
 * @param others fields that are not known, as they were written
 */
public record ExecutionConfig(
    Optional<String> baseUrl,
    Optional<String> endpoint,
    Duration defaultTimeout,
    List<Duration> retryDelays,
    int maxConcurrent,
    boolean transcriptVerification,
    Map<String, JsonNode> others) {
  /** Copies the lists. */
  public ExecutionConfig {
    retryDelays = List.copyOf(retryDelays);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }
}
