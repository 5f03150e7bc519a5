package dev.regatta.run;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How an attempt ended.
 *
 * @param plan what it was to do
 * @param ended as the journal has it
 * @param duration from its spawn to its exit; zero if it never started
 * @param restUntil until when the provider wants its credential to rest, if it said so
 * @param credential what its requests carried at last; where the gateway went over to another, not
 *     the one that it was granted
 * @param hopeless whether another attempt cannot end otherwise
 */
public record AttemptResult(
    AttemptPlan plan,
    Event.AttemptEnded ended,
    Duration duration,
    Optional<Instant> restUntil,
    Optional<Credential> credential,
    boolean hopeless) {

  /** How it ended. */
  public Outcome outcome() {
    return ended.outcome();
  }

  /** Whether it did what it should. */
  public boolean succeeded() {
    return ended.outcome() == Outcome.SUCCEEDED;
  }
}
