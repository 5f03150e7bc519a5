/**
 * Runs: the room that turns a plan into attempts.
 *
 * <p>Tasks come in, from the command line, from a tasks file, or from an agent that runs and asks
 * for others. Attempts and their outcomes go out through the journal, and nothing else.
 */
@NullMarked
package dev.regatta.run;

import org.jspecify.annotations.NullMarked;
