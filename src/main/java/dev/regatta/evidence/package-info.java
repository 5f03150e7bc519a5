/**
 * Evidence: what shows that an attempt was what it claims to be.
 *
 * <p>Figures taken from a journal come in; criteria, each passed, failed or unknown with its
 * reason, levels and verdicts go out, and never rest on anything but the journal. It also owns the
 * bundle: what is signed with which key, the timestamp that is asked for, and the check of all that
 * with nothing but the file.
 */
@NullMarked
package dev.regatta.evidence;

import org.jspecify.annotations.NullMarked;
