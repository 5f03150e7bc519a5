/**
 * The journal: the append-only record of what happened in a run, and the words in which it is told.
 *
 * <p>Events come in from whatever acts (processes, agents, the scheduler, experiments), are written
 * as chained JSON lines by one writer, and come out again as typed events. Everything that is shown
 * or reported is derived from them.
 */
@NullMarked
package dev.regatta.journal;

import org.jspecify.annotations.NullMarked;
