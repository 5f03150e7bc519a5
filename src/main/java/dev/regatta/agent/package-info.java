/**
 * Agents: what knows one agent, how to start it, how to read its output and what its failures mean.
 *
 * <p>An assignment (a prompt or command, a folder, a credential) comes in; a command line with its
 * whole environment goes out, and then, from the lines that were printed and the way it ended,
 * signs and one conclusion. It also reads what an agent wrote into its own files about a session.
 * The room starts nothing and waits for nothing.
 */
@NullMarked
package dev.regatta.agent;

import org.jspecify.annotations.NullMarked;
