package dev.regatta.evidence;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What a proof comes to.
 *
 * @param parallel whether the attempts really ran at once
 * @param parallelReason why
 * @param calls what the API calls were
 * @param callsReason why
 */
public record Verdict(Parallel parallel, String parallelReason, Calls calls, String callsReason) {

  /** Whether the attempts really ran at once. */
  public enum Parallel {
    /** All overlapped and it was faster. */
    CONFIRMED,
    /** They did not overlap, or it was no faster. */
    REFUTED,
    /** Neither can be said. */
    INCONCLUSIVE;

    /** The word in reports. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the API calls were; docs/evidence.md says what each does and does not prove. */
  public enum Calls {
    /** The gateway saw them go to the provider, everything agrees, and each challenge came back. */
    REAL("real"),
    /** The same, but an answer may be older than its question: nothing new was asked for. */
    REAL_UNCHALLENGED("real (unchallenged)"),
    /**
     * All that the agents claim fits together and nothing contradicts it, but nobody else saw the
     * calls.
     */
    CONSISTENT("consistent"),
    /** The answers came from the rehearsal server. */
    REHEARSAL("rehearsal"),
    /** Claims are missing or contradict each other, or the endpoint is not the provider's own. */
    UNVERIFIED("unverified");

    private final String word;

    Calls(String word) {
      this.word = word;
    }

    /** The word in reports. */
    @JsonValue
    public String word() {
      return word;
    }
  }
}
