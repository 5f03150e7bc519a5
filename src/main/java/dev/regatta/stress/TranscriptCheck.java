package dev.regatta.stress;

import java.util.Locale;
import java.util.Optional;

/**
 * What comes of holding a printed answer against the agent's own transcript of that session.
 *
 * @param verdict whether they agree
 * @param detail the line that is not in the transcript, or why nothing is known; empty for none
 * @param session the agent's session, if it named one
 */
public record TranscriptCheck(Verdict verdict, String detail, Optional<String> session) {
  /** Whether something was printed that the model never said. */
  public enum Verdict {
    /** All that was printed was said, and all tools that were named were run. */
    NONE,
    /** Something was printed that the transcript doesn't have. */
    SUSPECTED,
    /** It can't be told. */
    UNKNOWN;

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Nothing can be said. */
  public static TranscriptCheck unknown(String why) {
    return new TranscriptCheck(Verdict.UNKNOWN, why, Optional.empty());
  }
}
