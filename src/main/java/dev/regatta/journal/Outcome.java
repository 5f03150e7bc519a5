package dev.regatta.journal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How an attempt ended: a closed set. Decided once per attempt, by the adapter of its agent. */
public enum Outcome {
  /** The agent ended well and its answer holds. */
  SUCCEEDED("succeeded"),
  /** The agent itself failed: its own error, a non-zero exit. Counts as a try of the task. */
  AGENT_ERROR("agent-error"),
  /** The model API failed: overload, server error, broken stream, no credit. */
  API_ERROR("api-error"),
  /** The credential is at its limit; it rests until the time the provider named. */
  RATE_LIMITED("rate-limited"),
  /** The credential was refused; it is out for the run. */
  UNAUTHORIZED("unauthorized"),
  /** The attempt ran longer than it may. */
  TIMED_OUT("timed-out"),
  /** The attempt was silent longer than it may be. */
  STALLED("stalled"),
  /** The agent ended, but what it printed is not what it should be. */
  OUTPUT_INVALID("output-invalid"),
  /** The agent ended well, but what it should have made is missing or wrong. */
  VERIFICATION_FAILED("verification-failed"),
  /** Somebody stopped it. */
  CANCELLED("cancelled"),
  /** The process could not be started. */
  SPAWN_FAILED("spawn-failed"),
  /** Nobody saw the end: the orchestrator died while it ran. */
  LOST("lost");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  /** The word used in journals, reports and messages. */
  @JsonValue
  public String word() {
    return word;
  }

  /**
   * The outcome of that word.
   *
   * @throws IllegalArgumentException if no outcome has that word
   */
  @JsonCreator
  public static Outcome of(String word) {
    for (Outcome outcome : values()) {
      if (outcome.word.equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("no outcome is called '" + word + "'");
  }
}
