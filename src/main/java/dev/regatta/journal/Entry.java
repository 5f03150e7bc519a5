package dev.regatta.journal;

import java.time.OffsetDateTime;

/**
 * One line of a journal.
 *
 * @param sequence 1 for the first line, then one more each
 * @param at wall-clock time of writing, milliseconds, with zone
 * @param nanos elapsed time of writing, nanoseconds since the run's origin
 * @param event what happened
 * @param hash SHA-256 of this line chained to the line before, 64 hexadecimal digits
 */
public record Entry(long sequence, OffsetDateTime at, long nanos, Event event, String hash) {}
