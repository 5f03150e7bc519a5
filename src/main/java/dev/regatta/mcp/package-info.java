/**
 * The tools by which a running agent starts others and leaves notes, over MCP on loopback.
 *
 * <p>It owns how the tools are spelled and served, at a run's gateway or at a listener of its own,
 * and the bridge over standard input. In come the calls of agents, each with the token of its
 * attempt; what they ask for is carried out by the run, and its results go out to them.
 */
@NullMarked
package dev.regatta.mcp;

import org.jspecify.annotations.NullMarked;
