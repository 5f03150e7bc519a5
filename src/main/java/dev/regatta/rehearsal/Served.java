package dev.regatta.rehearsal;

import org.jspecify.annotations.Nullable;

/**
 * One finished request for a message, as the server saw it.
 *
 * @param requestId what the header said that names it
 * @param credentialFingerprint first 12 hex digits of the SHA-256 of the key or token; empty if
 *     none came
 * @param arrivedNanos when the handler got it, by {@link System#nanoTime}
 * @param firstTextNanos just before the first piece of an answer was written, or null if none was
 * @param finishedNanos when its answer was written or given up, by the same clock
 * @param status the HTTP status sent; 0 if none was
 * @param model the model asked for; empty if the request was refused before that was read
 * @param streamed whether events were asked for
 */
public record Served(
    String requestId,
    String credentialFingerprint,
    long arrivedNanos,
    @Nullable Long firstTextNanos,
    long finishedNanos,
    int status,
    String model,
    boolean streamed) {}
