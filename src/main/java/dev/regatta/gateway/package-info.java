/**
 * The witness: a reverse proxy on loopback between the agents of a run and the model API.
 *
 * <p>It owns the passes by which an agent's requests are told apart, and the exchanges it saw. In
 * come an attempt and its credential, and the agent's requests with the pass that it was given; out
 * go the same requests with the real credential, the responses event by event, one {@link
 * dev.regatta.journal.Exchange} for each, and what it read of limits to whoever heeds them.
 */
@NullMarked
package dev.regatta.gateway;

import org.jspecify.annotations.NullMarked;
