package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import dev.regatta.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What knows one agent: how to start it, how to read its output, what its failures mean. */
public interface Adapter {

  /** The agent's name, as in {@code --agent}. */
  String name();

  /** Whose model API it calls; empty if it needs no credential. */
  Optional<Provider> provider();

  /**
   * The tool with which it writes files, where a tool must be allowed by its name before it is
   * used.
   */
  default Optional<String> writeTool() {
    return Optional.empty();
  }

  /**
   * Why it can't be allowed these tools, in one line for those who named them; empty if it can.
   *
   * @param tools the tools that it may use without asking
   */
  default Optional<String> refusal(List<String> tools) {
    return Optional.empty();
  }

  /**
   * How long an attempt may take in a run without a limit of its own, for a program that doesn't
   * end by itself.
   */
  default Optional<Duration> usualTimeout() {
    return Optional.empty();
  }

  /** Turns an assignment into what is to be started. Starts nothing. */
  Launch launch(Assignment assignment);

  /** A new reading, for one attempt and one thread. */
  Reading reading();

  /** Whether {@link Reading#line} wants the lines; if not they need not be split at all. */
  boolean readsLines();

  /**
   * How far apart the starts of this agent should be.
   *
   * @param cores how many processors the machine has
   * @return empty when all may start at once
   */
  Optional<Duration> stagger(int cores);

  /**
   * What the agent wrote into its own files about a session.
   *
   * @param assignment what the attempt was to do
   * @param session the session's id, by the agent's word
   * @return empty if this agent keeps none, or none of that session
   */
  default Optional<Transcript> transcript(Assignment assignment, String session) {
    return Optional.empty();
  }
}
