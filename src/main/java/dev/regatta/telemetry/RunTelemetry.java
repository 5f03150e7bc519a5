package dev.regatta.telemetry;

import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.JournalTail;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans and metrics of one run to a collector, over OTLP. It reads the run's journal on a
 * thread of its own while that grows, so it can hold up nothing. What the collector does not take
 * in time is given up, and said in one line when the run is over.
 */
public final class RunTelemetry implements AutoCloseable {
  private static final long BETWEEN_LOOKS_MILLIS = 200;

  /** For what is left to do when the collector's time is over. */
  private static final Duration SLACK = Duration.ofMillis(500);

  private static final String SCOPE = "dev.regatta";

  private final TraceIds names;
  private final Path journal;
  private final Map<String, String> environment;
  private final Duration patience;
  private final Consumer<String> warn;
  private final Instant begun = Instant.ofEpochMilli(System.currentTimeMillis());
  private final Collector collector = new Collector();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable String fault;
  private volatile long sent;
  private volatile boolean flushed;

  private RunTelemetry(
      TraceIds names,
      Path journal,
      Map<String, String> environment,
      Duration patience,
      Consumer<String> warn) {
    this.names = names;
    this.journal = journal;
    this.environment = environment;
    this.patience = patience;
    this.warn = warn;
    this.thread = Thread.ofPlatform().daemon().name("regatta-telemetry").unstarted(this::follow);
  }

  /**
   * Begins; to be called before the run's journal is opened, so that what is in it by then is known
   * to be another process's.
   *
   * @param journal where it is or will be
   * @param environment the variables by which OpenTelemetry is set up
   * @param patience how long the end waits for a collector
   * @param warn is told in one line, at the end, what was not delivered and why
   */
  public static RunTelemetry follow(
      TraceIds names,
      Path journal,
      Map<String, String> environment,
      Duration patience,
      Consumer<String> warn) {
    RunTelemetry telemetry = new RunTelemetry(names, journal, environment, patience, warn);
    telemetry.thread.start();
    return telemetry;
  }

  private void follow() {
    NamedIds ids = new NamedIds(names.trace());
    Optional<String> refusal = OtlpVariables.refusal(environment);
    if (refusal.isPresent()) {
      fault = refusal.get();
      return;
    }
    try {
      OpenTelemetrySdk sdk = collector.open(environment, Optional.of(ids));
      try {
        read(sdk, ids);
      } finally {
        flushed = sdk.shutdown().join(patience.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
      }
    } catch (IOException e) {
      fault = "the journal could not be read: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    } catch (RuntimeException e) {
      // Set up wrongly, mostly; whatever it is, the run must not hear of it.
      fault = Collector.reason(e);
    }
  }

  private void read(OpenTelemetrySdk sdk, NamedIds ids) throws IOException, InterruptedException {
    Spans spans = new Spans(sdk.getTracer(SCOPE), ids, names, caller());
    Measures measures = new Measures(sdk.getMeter(SCOPE));
    JournalTail tail = new JournalTail(journal);
    boolean last = false;
    while (true) {
      List<Entry> entries = tail.next();
      for (Entry entry : entries) {
        boolean earlier = entry.at().toInstant().isBefore(begun);
        if (!earlier) {
          measure(entry.event(), spans, measures);
        }
        spans.take(entry, earlier);
        sent = spans.sent();
      }
      if (entries.isEmpty()) {
        if (last) {
          return;
        }
        last = closing.await(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static void measure(Event event, Spans spans, Measures measures) {
    switch (event) {
      case Event.AttemptEnded end -> {
        Event.AttemptStarted started = spans.running(end.attempt());
        if (started != null) {
          measures.attempt(started, end, spans.rehearsal() || end.rehearsal());
        }
      }
      case Event.ExchangeSeen(Exchange exchange) -> {
        Exchange.Answered answered = exchange.answered();
        measures.exchange(
            exchange, spans.rehearsal() || (answered != null && answered.rehearsal()));
      }
      default -> {
        // Nothing is measured by it.
      }
    }
  }

  /** The span that this process was started from. */
  private Optional<SpanContext> caller() {
    return Traceparent.read(environment.getOrDefault(TraceIds.VARIABLE, ""));
  }

  /** Sends what is left, and gives up what the collector does not take in time. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(patience.plus(SLACK));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // who is in a hurry does not wait for a collector
    }
    String said = fault;
    if (said != null) {
      warn.accept("no telemetry was sent: " + said);
    } else {
      collector.lost(sent, flushed).ifPresent(warn);
    }
  }
}
