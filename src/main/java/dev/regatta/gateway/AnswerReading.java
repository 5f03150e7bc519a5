package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a response's body while it passes by. */
sealed interface AnswerReading permits EventStreamReading, WholeReading {
  /**
   * Takes a piece; its position stays.
   *
   * @param nanos when it came, on the run's elapsed axis
   */
  void accept(ByteBuffer piece, long nanos);

  /** What the body says of its message, or null. */
  Exchange.@Nullable Message message();

  /** Its events, or null if it is no stream. */
  Exchange.@Nullable Events events();

  /** When the first generated text came, or null. */
  @Nullable Long firstTokenNanos();

  /** Whether its text could be read, as far as it came. */
  boolean readable();

  /**
   * The reading that fits a content type.
   *
   * @param search what looks through its text, if that matters
   */
  static AnswerReading of(@Nullable String contentType, Optional<ChallengeSearch> search) {
    return isStream(contentType) ? new EventStreamReading(search) : new WholeReading(search);
  }

  /** Whether a content type is that of server-sent events. */
  static boolean isStream(@Nullable String contentType) {
    return contentType != null && contentType.startsWith("text/event-stream");
  }
}
