package dev.regatta.store;

import java.time.Instant;

/**
 * A credential that rests, for all runs that use the same store.
 *
 * @param fingerprint of its value
 * @param name under which it was used
 * @param until when it may be used again
 * @param reason why
 */
public record Rest(String fingerprint, String name, Instant until, String reason) {}
