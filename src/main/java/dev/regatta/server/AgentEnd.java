package dev.regatta.server;

import dev.regatta.agent.Conclusion;
import dev.regatta.telemetry.ServedAgent;

/**
 * How an agent ended.
 *
 * @param conclusion what came of it
 * @param told what is counted and told of it
 */
public record AgentEnd(Conclusion conclusion, ServedAgent told) {}
