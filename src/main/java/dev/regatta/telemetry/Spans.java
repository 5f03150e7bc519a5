package dev.regatta.telemetry;

import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import dev.regatta.provider.Provider;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one run, made of its journal's lines: the run, its attempts below it or below the
 * attempt whose agent asked for them, and their exchanges and tool calls below these. A run that
 * was gone on with has one span for each part of it. Times are those of the journal. For one
 * thread.
 */
final class Spans {
  private final Tracer tracer;
  private final NamedIds ids;
  private final TraceIds names;
  private final Optional<SpanContext> caller;
  private final Map<String, Event.AttemptStarted> running = new HashMap<>();
  private final List<Made> missed = new ArrayList<>();

  private String kind = "run";
  private boolean rehearsal;
  private long origin;
  private int part;
  private long partStart;
  private boolean over;
  private long sent;

  /** A span that is whole. */
  private record Made(
      String id, String parent, String name, SpanKind kind, long start, long end, Described what) {}

  /** What it tells, and what went wrong. */
  private record Described(AttributesBuilder attributes, Optional<String> error) {}

  /**
   * Spans of a run of which nothing was read yet.
   *
   * @param ids what the tracer takes its ids from
   * @param caller the span from which the run was started, if there is one
   */
  Spans(Tracer tracer, NamedIds ids, TraceIds names, Optional<SpanContext> caller) {
    this.tracer = tracer;
    this.ids = ids;
    this.names = names;
    this.caller = caller;
  }

  boolean rehearsal() {
    return rehearsal;
  }

  /** How many spans were handed on to be sent. */
  long sent() {
    return sent;
  }

  /** The attempt as it began, while it runs. */
  Event.@Nullable AttemptStarted running(String attempt) {
    return running.get(attempt);
  }

  /**
   * Takes in the next line.
   *
   * @param earlier whether another process wrote it, which sent what it saw itself; what nobody saw
   *     because that process was killed is sent when the run is gone on with
   */
  void take(Entry entry, boolean earlier) {
    if (!earlier) {
      missed.forEach(this::send);
      missed.clear();
    }
    if (over) {
      over = false;
      part++;
      partStart = entry.nanos();
      running.clear();
      missed.clear();
    }
    switch (entry.event()) {
      case Event.RunStarted started -> {
        kind = started.kind();
        rehearsal = started.rehearsal();
        origin = started.originEpochNanos();
      }
      case Event.AttemptStarted started -> running.put(started.attempt(), started);
      case Event.AttemptEnded end -> {
        Event.AttemptStarted started = running.remove(end.attempt());
        if (started != null) {
          send(attempt(started, end), earlier, end.outcome() == Outcome.LOST);
        }
      }
      case Event.ExchangeSeen(Exchange exchange) -> send(exchange(exchange), earlier, false);
      case Event.ToolUsed used -> send(tool(used, entry.nanos()), earlier, false);
      case Event.RunEnded end -> {
        send(run(end), earlier, end.status().equals("lost"));
        over = true;
      }
      default -> {
        // No span begins or ends with it.
      }
    }
  }

  private void send(Made made, boolean earlier, boolean unseen) {
    if (!earlier) {
      send(made);
    } else if (unseen) {
      missed.add(made);
    }
  }

  private void send(Made made) {
    ids.next(made.id());
    SpanBuilder builder =
        tracer
            .spanBuilder(made.name())
            .setSpanKind(made.kind())
            .setStartTimestamp(origin + made.start(), TimeUnit.NANOSECONDS)
            .setAllAttributes(made.what().attributes().put(GenAi.RUN, names.run()).build());
    if (made.parent().isEmpty()) {
      builder.setNoParent();
      caller.ifPresent(builder::addLink);
    } else {
      builder.setParent(Context.root().with(Span.wrap(context(made.parent()))));
    }
    Span span = builder.startSpan();
    sent += span.getSpanContext().isSampled() ? 1 : 0;
    if (made.what().error().isPresent()) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(origin + Math.max(made.start(), made.end()), TimeUnit.NANOSECONDS);
  }

  private SpanContext context(String span) {
    return SpanContext.create(
        names.trace(), span, TraceFlags.getSampled(), TraceState.getDefault());
  }

  private static Described described(AttributesBuilder attributes, Optional<String> error) {
    error.ifPresent(type -> attributes.put(GenAi.ERROR, type));
    return new Described(attributes, error);
  }

  private Made run(Event.RunEnded end) {
    AttributesBuilder attributes = Values.begin("invoke_workflow", rehearsal);
    attributes.put(GenAi.WORKFLOW, Values.text(kind));
    Optional<String> error =
        end.status().equals("completed")
            ? Optional.empty()
            : Optional.of(Values.text(end.status()));
    return new Made(
        names.part(part),
        part == 0 ? "" : names.part(0),
        "invoke_workflow " + Values.text(kind),
        SpanKind.INTERNAL,
        part == 0 ? 0 : partStart,
        end.endNanos(),
        described(attributes, error));
  }

  private Made attempt(Event.AttemptStarted started, Event.AttemptEnded end) {
    AttributesBuilder attributes =
        Values.begin("invoke_agent", rehearsal || end.rehearsal())
            .put(GenAi.AGENT, Values.text(started.agent()))
            .put(GenAi.ATTEMPT, Values.text(started.attempt()))
            .put(GenAi.TASK, Values.text(started.task()))
            .put(GenAi.NUMBER, (long) started.number())
            .put(GenAi.OUTCOME, end.outcome().word());
    Values.provider(started.agent()).ifPresent(name -> attributes.put(GenAi.PROVIDER, name));
    Values.put(attributes, GenAi.PHASE, started.phase());
    Values.put(attributes, GenAi.CREDENTIAL, started.credential());
    if (started.pid() > 0) {
      attributes.put(GenAi.PID, started.pid());
    }
    if (end.exitCode() != null) {
      attributes.put(GenAi.EXIT_CODE, (long) end.exitCode());
    }
    Values.claimed(attributes, end.claims());
    return new Made(
        names.attempt(started.attempt()),
        started.parent() == null ? names.part(part) : names.attempt(started.parent()),
        "invoke_agent " + Values.text(started.agent()),
        SpanKind.INTERNAL,
        started.spawnNanos(),
        end.exitNanos(),
        described(attributes, Values.error(end.outcome())));
  }

  /** One without an answer lasted until its attempt was over, which is when it was written down. */
  private Made tool(Event.ToolUsed used, long written) {
    AttributesBuilder attributes =
        Values.begin("execute_tool", rehearsal)
            .put(GenAi.TOOL, Values.text(used.tool()))
            .put(GenAi.TOOL_CALL, Values.text(used.call()))
            .put(GenAi.ATTEMPT, Values.text(used.attempt()));
    Optional<String> error =
        used.answeredNanos() == null
            ? Optional.of("no_answer")
            : Boolean.TRUE.equals(used.failed()) ? Optional.of("tool_error") : Optional.empty();
    return new Made(
        names.tool(used.attempt(), used.call()),
        names.attempt(used.attempt()),
        "execute_tool " + Values.text(used.tool()),
        SpanKind.INTERNAL,
        used.calledNanos(),
        used.answeredNanos() == null ? written : used.answeredNanos(),
        described(attributes, error));
  }

  private Made exchange(Exchange exchange) {
    boolean chat = exchange.asked().forMessage();
    Exchange.Answered answered = exchange.answered();
    AttributesBuilder attributes =
        Values.begin(chat ? "chat" : "", rehearsal || (answered != null && answered.rehearsal()))
            .put(GenAi.EXCHANGE, exchange.number())
            .put(GenAi.ATTEMPT, Values.text(exchange.attempt()));
    Provider.answering(exchange.asked().path())
        .ifPresent(provider -> attributes.put(GenAi.PROVIDER, Values.name(provider)));
    Values.put(attributes, GenAi.REQUEST_MODEL, exchange.asked().model());
    if (exchange.upstream() != null) {
      Values.put(attributes, GenAi.SERVER, exchange.upstream().host());
    }
    if (answered != null) {
      attributes.put(GenAi.STATUS, (long) answered.status());
      Values.put(attributes, GenAi.REQUEST_ID, answered.requestId());
      answered(attributes, answered.message());
    }
    String model = exchange.asked().model();
    return new Made(
        names.exchange(exchange.number()),
        names.attempt(exchange.attempt()),
        chat
            ? model == null ? "chat" : "chat " + Values.text(model)
            : Values.text(exchange.asked().method()),
        SpanKind.CLIENT,
        exchange.times().startNanos(),
        exchange.times().endNanos(),
        described(attributes, Values.error(exchange)));
  }

  private static void answered(AttributesBuilder attributes, Exchange.@Nullable Message message) {
    if (message == null) {
      return;
    }
    Values.put(attributes, GenAi.RESPONSE_ID, message.id());
    Values.put(attributes, GenAi.RESPONSE_MODEL, message.model());
    if (message.stopReason() != null) {
      attributes.put(GenAi.FINISH_REASONS, List.of(Values.text(message.stopReason())));
    }
    Values.tokens(
        attributes,
        message.inputTokens(),
        message.outputTokens(),
        message.cacheReadTokens(),
        message.cacheCreationTokens());
  }
}
