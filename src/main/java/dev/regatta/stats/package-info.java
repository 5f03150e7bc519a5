/**
 * Statistics: how many things overlapped, and what a few repetitions can and cannot say.
 *
 * <p>Plain numbers come in and plain numbers go out, each with its definition and its source. The
 * room knows nothing of runs.
 */
@NullMarked
package dev.regatta.stats;

import org.jspecify.annotations.NullMarked;
