/**
 * Evidence: what shows that an attempt was what it claims to be.
 *
 * <p>Figures taken from a journal come in; criteria, each passed, failed or unknown with its
 * reason, and verdicts go out. It never looks at anything but the journal.
 */
@NullMarked
package dev.regatta.evidence;

import org.jspecify.annotations.NullMarked;
