package dev.regatta.server;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Launch;
import dev.regatta.agent.Sign;
import dev.regatta.credential.Credential;
import dev.regatta.secret.Redactor;
import java.util.Optional;
import java.util.function.Consumer;

/** What came of the wish for an agent. */
public sealed interface AgentStart {

  /**
   * It can be started.
   *
   * @param adapter what knows it
   * @param launch what is to be started
   * @param credential the one it got, which is its own until {@code ended}
   * @param rehearsal whether the built-in model server answers it
   * @param redactor knows what nobody may see of what it prints
   * @param signs gets what it prints that matters beyond it
   * @param ended is told once that it is over, with nothing if it was never started
   */
  record Ready(
      Adapter adapter,
      Launch launch,
      Optional<Credential> credential,
      boolean rehearsal,
      Redactor redactor,
      Consumer<Sign> signs,
      Consumer<Optional<AgentEnd>> ended)
      implements AgentStart {}

  /**
   * It was asked for in a way that can't be.
   *
   * @param reason why, and what can
   */
  record Unfit(String reason) implements AgentStart {}

  /**
   * Something is not there that it needs.
   *
   * @param reason what, and what to do
   */
  record Lacking(String reason) implements AgentStart {}
}
