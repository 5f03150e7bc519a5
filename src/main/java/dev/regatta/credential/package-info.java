/**
 * Credentials: who gets which token, which ones rest, and where they come from.
 *
 * <p>Names come in and are resolved from the environment, a file or a command; leases on
 * credentials go out, and limits that were hit come back.
 */
@NullMarked
package dev.regatta.credential;

import org.jspecify.annotations.NullMarked;
