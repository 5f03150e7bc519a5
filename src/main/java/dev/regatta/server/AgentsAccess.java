package dev.regatta.server;

import java.util.List;
import java.util.function.Function;

/**
 * What the server has from above so that it can start agents.
 *
 * @param names the agents that are known
 * @param prepare makes of an order what is to be started; it may take a while
 */
public record AgentsAccess(List<String> names, Function<AgentOrder, AgentStart> prepare) {

  /** Copies what could change. */
  public AgentsAccess {
    names = List.copyOf(names);
  }
}
