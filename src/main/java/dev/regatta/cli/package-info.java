/**
 * The command line: the one place that wires the other rooms together.
 *
 * <p>Words come in; a command below is called, and what it gives is shown. Failures of any room
 * become one message and an exit code here.
 */
@NullMarked
package dev.regatta.cli;

import org.jspecify.annotations.NullMarked;
