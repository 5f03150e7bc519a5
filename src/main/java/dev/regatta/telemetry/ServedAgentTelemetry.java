package dev.regatta.telemetry;

import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Sends spans and metrics of the agents that clients of a server start to a collector, over OTLP.
 * They have no journal: each is told as it ends. Nothing waits for the collector but {@link
 * #close}.
 */
public final class ServedAgentTelemetry implements AutoCloseable {
  private static final String SCOPE = "dev.regatta";

  private final Map<String, String> environment;
  private final InstantSource wall;
  private final Duration patience;
  private final Consumer<String> warn;
  private final Collector collector;
  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;
  private final Measures measures;
  private final AtomicLong sent = new AtomicLong();

  private ServedAgentTelemetry(
      Map<String, String> environment,
      InstantSource wall,
      Duration patience,
      Consumer<String> warn,
      Collector collector) {
    this.environment = environment;
    this.wall = wall;
    this.patience = patience;
    this.warn = warn;
    this.collector = collector;
    this.sdk = collector.open(environment, Optional.empty());
    this.tracer = sdk.getTracer(SCOPE);
    this.measures = new Measures(sdk.getMeter(SCOPE));
  }

  /**
   * Begins; nothing is sent, and why is said, if it is set up wrongly.
   *
   * @param environment the variables by which OpenTelemetry is set up
   * @param wall the wall clock
   * @param patience how long the end waits for a collector
   * @param warn is told in one line what was not delivered and why
   */
  public static Optional<ServedAgentTelemetry> open(
      Map<String, String> environment,
      InstantSource wall,
      Duration patience,
      Consumer<String> warn) {
    Optional<String> refusal = OtlpVariables.refusal(environment);
    try {
      if (refusal.isEmpty()) {
        return Optional.of(
            new ServedAgentTelemetry(environment, wall, patience, warn, new Collector()));
      }
    } catch (RuntimeException e) {
      refusal = Optional.of(Collector.reason(e)); // the server does its work all the same
    }
    warn.accept("no telemetry is sent: " + refusal.get());
    return Optional.empty();
  }

  /**
   * An agent is about to start.
   *
   * @param agent its name
   * @param caller what names the span of the client that asked for it, as the client gave it; an
   *     ill-formed one counts as none
   */
  public Begun begin(String agent, Optional<String> caller) {
    Instant now = wall.instant();
    SpanBuilder builder =
        tracer.spanBuilder("invoke_agent " + Values.text(agent)).setStartTimestamp(now);
    Optional<SpanContext> parent = caller.flatMap(Traceparent::read);
    if (parent.isPresent()) {
      builder.setParent(Context.root().with(Span.wrap(parent.get())));
    } else {
      builder.setNoParent();
      Traceparent.read(environment.getOrDefault(TraceIds.VARIABLE, "")).ifPresent(builder::addLink);
    }
    return new Begun(builder.startSpan(), now, System.nanoTime());
  }

  /** The span of an agent. One whose agent was never started is never sent. */
  public final class Begun {
    private final Span span;
    private final Instant start;
    private final long startNanos;

    private Begun(Span span, Instant start, long startNanos) {
      this.span = span;
      this.start = start;
      this.startNanos = startNanos;
    }

    /** The variables that its process is given, so that spans of its own join. */
    public Map<String, String> handed() {
      return OtlpVariables.handed(environment, Traceparent.of(span.getSpanContext()));
    }

    /** It ended. */
    public void ended(ServedAgent agent) {
      span.setAllAttributes(described(agent).build());
      if (Values.error(agent.outcome()).isPresent()) {
        span.setStatus(StatusCode.ERROR);
      }
      sent.addAndGet(span.getSpanContext().isSampled() ? 1 : 0);
      span.end(start.plusNanos(Math.max(0, agent.exitNanos() - startNanos)));
      measures.agent(agent.agent(), agent.outcome(), agent.nanos(), agent.rehearsal());
    }
  }

  private static AttributesBuilder described(ServedAgent agent) {
    AttributesBuilder attributes =
        Values.begin("invoke_agent", agent.rehearsal())
            .put(GenAi.AGENT, Values.text(agent.agent()))
            .put(GenAi.OUTCOME, agent.outcome().word())
            .put(GenAi.PID, agent.pid());
    Values.provider(agent.agent()).ifPresent(name -> attributes.put(GenAi.PROVIDER, name));
    Values.put(attributes, GenAi.CREDENTIAL, agent.credential());
    if (agent.exitCode() != null) {
      attributes.put(GenAi.EXIT_CODE, (long) agent.exitCode());
    }
    Values.claimed(attributes, agent.claims());
    Values.error(agent.outcome()).ifPresent(type -> attributes.put(GenAi.ERROR, type));
    return attributes;
  }

  /** Sends what is left, and gives up what the collector does not take in time. */
  @Override
  public void close() {
    boolean flushed = sdk.shutdown().join(patience.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
    collector.lost(sent.get(), flushed).ifPresent(warn);
  }
}
