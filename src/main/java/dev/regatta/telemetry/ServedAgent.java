package dev.regatta.telemetry;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An agent of a server that has ended: what is counted and told of it. Times are those of {@link
 * System#nanoTime}.
 *
 * @param agent its name, one of the known ones
 * @param credential the name of the one it had; null for none
 * @param rehearsal whether no real model answered it
 * @param outcome how it ended
 * @param claims what it says of itself
 * @param pid its process
 * @param exitCode null when a signal ended it, or when its end was not seen
 * @param spawnNanos when it was started
 * @param exitNanos when it ended
 */
public record ServedAgent(
    String agent,
    @Nullable String credential,
    boolean rehearsal,
    Outcome outcome,
    Claims claims,
    long pid,
    @Nullable Integer exitCode,
    long spawnNanos,
    long exitNanos) {

  /** How long it lived, in nanoseconds. */
  long nanos() {
    return Math.max(0, exitNanos - spawnNanos);
  }
}
