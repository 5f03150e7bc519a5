/**
 * Stress suites: files of tasks for a server that runs commands, and how each task is judged.
 *
 * <p>A suite comes in as a file; out come the tasks with the command line of each, its limits, what
 * is wrong with the file, and what experience says against it. Whoever has run a command hands over
 * its outcome and gets a judgement. Nothing here starts anything.
 */
@NullMarked
package dev.regatta.stress;

import org.jspecify.annotations.NullMarked;
