package dev.regatta.agent;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt's process ended, as seen from outside.
 *
 * @param exitCode its exit code; null when a signal ended it
 * @param signal the signal that ended it; null when it exited
 * @param stopped whether and why we stopped it
 * @param outputBytes how much it printed on standard output
 * @param errorBytes how much it printed on standard error
 * @param binary whether its standard output is not text
 * @param limit the limit it was stopped at
 */
public record Ending(
    @Nullable Integer exitCode,
    @Nullable Integer signal,
    Stopped stopped,
    long outputBytes,
    long errorBytes,
    boolean binary,
    Optional<Duration> limit) {}
