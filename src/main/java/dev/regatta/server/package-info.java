/**
 * The server: commands and agents for other programs on this machine, over HTTP and WebSocket on
 * one port.
 *
 * <p>Requests of JSON-RPC come in; processes, their output as it comes, and the orders to pause,
 * resume and cancel them go out. The room decides who may come in, holds back what a slow reader
 * has not read yet, and leaves no process behind; starting and sweeping is the work of the room
 * {@code process}.
 */
@NullMarked
package dev.regatta.server;

import org.jspecify.annotations.NullMarked;
