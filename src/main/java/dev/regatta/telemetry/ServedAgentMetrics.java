package dev.regatta.telemetry;

import dev.regatta.journal.Claims;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The agents that clients of a server started, as Prometheus knows them. The names of agents are
 * those that the server knows; models, whose names agents print as they like, are no label here.
 */
public final class ServedAgentMetrics {
  private final Counter agents;
  private final Counter tokens;
  private final Counter cost;
  private final Histogram duration;

  /** Metrics that are found in that registry. */
  public ServedAgentMetrics(PrometheusRegistry registry) {
    this.agents =
        RunMetrics.counter(
            "regatta_server_agents",
            "Agents of clients that ended, by outcome",
            registry,
            "agent",
            "outcome",
            "rehearsal");
    this.tokens =
        RunMetrics.counter(
            "regatta_server_agent_tokens",
            "Tokens as agents of clients count them",
            registry,
            "agent",
            "type",
            "rehearsal");
    this.cost =
        RunMetrics.counter(
            "regatta_server_agent_cost_usd",
            "US dollars as agents of clients work them out; no money where rehearsal is true",
            registry,
            "agent",
            "rehearsal");
    this.duration =
        RunMetrics.histogram(
            "regatta_server_agent_duration_seconds",
            "From start to exit",
            RunMetrics.LONG,
            registry);
  }

  /** Counts one. */
  public void ended(ServedAgent agent) {
    String rehearsal = RunMetrics.word(agent.rehearsal());
    agents.labelValues(agent.agent(), agent.outcome().word(), rehearsal).inc();
    duration.labelValues(agent.agent(), rehearsal).observe(agent.nanos() / 1e9);
    Claims claims = agent.claims();
    count(agent, "input", claims.inputTokens());
    count(agent, "output", claims.outputTokens());
    count(agent, "cache_read", claims.cacheReadTokens());
    count(agent, "cache_creation", claims.cacheCreationTokens());
    // As of runs: a counter that took one NaN would be one for ever.
    if (claims.costUsd() != null && claims.costUsd() > 0 && Double.isFinite(claims.costUsd())) {
      cost.labelValues(agent.agent(), rehearsal).inc(claims.costUsd());
    }
  }

  private void count(ServedAgent agent, String type, @Nullable Long count) {
    if (count != null && count > 0) {
      tokens.labelValues(agent.agent(), type, RunMetrics.word(agent.rehearsal())).inc(count);
    }
  }
}
