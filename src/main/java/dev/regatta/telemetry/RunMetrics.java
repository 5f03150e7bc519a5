package dev.regatta.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** The counters and histograms of all runs together, as Prometheus knows them. */
final class RunMetrics {
  /** Agents work for seconds to hours. */
  static final double[] LONG = {
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200
  };

  /** A model API answers within milliseconds to minutes. */
  private static final double[] SHORT = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600
  };

  private static final int AGENTS = 20;
  private static final int MODELS = 50;

  private final BoundedLabel agents = new BoundedLabel(AGENTS);
  private final BoundedLabel models = new BoundedLabel(MODELS);

  private final Counter runs;
  private final Counter attempts;
  private final Counter tokens;
  private final Counter cost;
  private final Counter exchanges;
  private final Counter unreadable;
  private final Histogram duration;
  private final Histogram firstOutput;
  private final Histogram firstByte;
  private final Histogram firstToken;
  private final Histogram exchange;

  RunMetrics(PrometheusRegistry registry) {
    this.runs =
        counter("regatta_runs_ended", "Runs that ended, by how", registry, "status", "rehearsal");
    this.attempts =
        counter(
            "regatta_attempts",
            "Attempts that ended, by outcome",
            registry,
            "agent",
            "outcome",
            "rehearsal");
    this.tokens =
        counter(
            "regatta_tokens",
            "Tokens as agents count them",
            registry,
            "agent",
            "model",
            "type",
            "rehearsal");
    this.cost =
        counter(
            "regatta_cost_usd",
            "US dollars as agents work them out; no money where rehearsal is true",
            registry,
            "agent",
            "rehearsal");
    this.exchanges =
        counter(
            "regatta_exchanges",
            "Requests to model APIs that gateways saw, by class of status",
            registry,
            "agent",
            "status",
            "rehearsal");
    this.unreadable =
        counter("regatta_journal_read_errors", "Journals that could not be read", registry);
    this.duration =
        histogram("regatta_attempt_duration_seconds", "From start to exit", LONG, registry);
    this.firstOutput =
        histogram(
            "regatta_attempt_first_output_seconds", "From start to first output", LONG, registry);
    this.firstByte =
        histogram(
            "regatta_exchange_first_byte_seconds",
            "From a request sent to its response's head",
            SHORT,
            registry);
    this.firstToken =
        histogram(
            "regatta_exchange_first_token_seconds",
            "From a request sent to the first generated text",
            SHORT,
            registry);
    this.exchange =
        histogram(
            "regatta_exchange_duration_seconds",
            "From a request's head to its response's last byte",
            SHORT,
            registry);
  }

  static Counter counter(String name, String help, PrometheusRegistry registry, String... labels) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  static Histogram histogram(
      String name, String help, double[] bounds, PrometheusRegistry registry) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .labelNames("agent", "rehearsal")
        .classicOnly()
        .classicUpperBounds(bounds)
        .withoutExemplars()
        .register(registry);
  }

  BoundedLabel agents() {
    return agents;
  }

  void unreadable() {
    unreadable.inc();
  }

  void runEnded(String status, boolean rehearsal) {
    runs.labelValues(status, word(rehearsal)).inc();
  }

  void attemptEnded(String agent, String outcome, boolean rehearsal) {
    attempts.labelValues(agents.of(agent), outcome, word(rehearsal)).inc();
  }

  void tokens(String agent, String model, String type, long count, boolean rehearsal) {
    if (count > 0) {
      tokens.labelValues(agents.of(agent), models.of(model), type, word(rehearsal)).inc(count);
    }
  }

  void cost(String agent, double usd, boolean rehearsal) {
    // What agents print may be anything, and a counter that took one NaN would be one for ever.
    if (usd > 0 && Double.isFinite(usd)) {
      cost.labelValues(agents.of(agent), word(rehearsal)).inc(usd);
    }
  }

  void exchanged(String agent, String status, boolean rehearsal) {
    exchanges.labelValues(agents.of(agent), status, word(rehearsal)).inc();
  }

  /** What a histogram is told, in nanoseconds. */
  enum Time {
    DURATION,
    FIRST_OUTPUT,
    FIRST_BYTE,
    FIRST_TOKEN,
    EXCHANGE
  }

  void took(Time what, String agent, long nanos, boolean rehearsal) {
    Histogram histogram =
        switch (what) {
          case DURATION -> duration;
          case FIRST_OUTPUT -> firstOutput;
          case FIRST_BYTE -> firstByte;
          case FIRST_TOKEN -> firstToken;
          case EXCHANGE -> exchange;
        };
    histogram.labelValues(agents.of(agent), word(rehearsal)).observe(Math.max(0, nanos) / 1e9);
  }

  static String word(boolean rehearsal) {
    return Boolean.toString(rehearsal);
  }
}
