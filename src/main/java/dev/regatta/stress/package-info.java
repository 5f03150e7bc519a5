/**
 * Stress suites: files of tasks for a server that runs commands, and how each task is judged.
 *
 * <p>A suite comes in as a file; out come the tasks with the command line of each, its limits, what
 * is wrong with the file, and what experience says against it. With a run and the address of a
 * server its tasks are carried out there over WebSocket, judged, and written into the run's
 * journal, from which the result is read. Processes are the server's; nothing here starts one.
 */
@NullMarked
package dev.regatta.stress;

import org.jspecify.annotations.NullMarked;
