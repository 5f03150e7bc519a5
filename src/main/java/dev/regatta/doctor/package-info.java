/**
 * The doctor: what is there, what is not, and what helps.
 *
 * <p>An environment, a folder and the names of credentials come in; findings go out, each with an
 * id, a status and the fix. It looks and never changes anything on disk.
 */
@NullMarked
package dev.regatta.doctor;

import org.jspecify.annotations.NullMarked;
