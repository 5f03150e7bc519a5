/**
 * Secrets: what a credential's value is, how it is shown, and the redactor in front of every sink.
 *
 * <p>Values come in from credentials; fingerprints and redacted text go out. It lies below all
 * other rooms.
 */
@NullMarked
package dev.regatta.secret;

import org.jspecify.annotations.NullMarked;
