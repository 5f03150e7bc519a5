package dev.regatta.agent;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import java.time.Instant;
import java.util.Optional;

/**
 * How an attempt ended, decided once.
 *
 * @param outcome the outcome
 * @param reason why, in one line without control characters
 * @param claims what the agent says about itself
 * @param rehearsal whether its output carries the rehearsal's mark
 * @param retryWaitMs time it says it waited before repeating API calls, milliseconds
 * @param rateLimitWaitMs the part of it that was for status 429
 * @param restUntil until when its credential should rest, where the provider said so
 * @param hopeless whether another attempt can't end otherwise
 */
public record Conclusion(
    Outcome outcome,
    String reason,
    Claims claims,
    boolean rehearsal,
    long retryWaitMs,
    long rateLimitWaitMs,
    Optional<Instant> restUntil,
    boolean hopeless) {}
