/**
 * The tools by which a running agent starts others and leaves notes, over MCP on loopback.
 *
 * <p>It owns the listener and how tools are spelled. In come the calls of agents, each with the
 * token of its attempt; what they ask for is carried out by the run, and its results go out to
 * them.
 */
@NullMarked
package dev.regatta.mcp;

import org.jspecify.annotations.NullMarked;
