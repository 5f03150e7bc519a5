package dev.regatta.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An agent that a client asks for.
 *
 * @param agent its name, one of {@link AgentsAccess#names}
 * @param prompt what it is asked
 * @param credential the name of the one it must get; any that has room when empty
 * @param folder its working folder
 * @param attempt what this start of it is called
 * @param traceparent what names the span that the client works in, as the client gave it
 * @param mark the variables that its processes are found by
 */
public record AgentOrder(
    String agent,
    String prompt,
    Optional<String> credential,
    Path folder,
    String attempt,
    Optional<String> traceparent,
    Map<String, String> mark) {

  /** Copies what could change. */
  public AgentOrder {
    mark = Map.copyOf(mark);
  }
}
