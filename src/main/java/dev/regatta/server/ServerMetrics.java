package dev.regatta.server;

import dev.regatta.telemetry.HomeMetrics;
import dev.regatta.telemetry.ServedAgent;
import dev.regatta.telemetry.ServedAgentMetrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/** What is answered at {@code /metrics}: what this server does, and the runs of its folder. */
final class ServerMetrics implements AutoCloseable {
  /** Also when nobody asks, so that a run that was there for a moment is not missed. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final HomeMetrics runs;
  private final ServedAgentMetrics agents;
  private final Counter messages;
  private final Counter errors;
  private final CommandServer server;
  private final Thread looking;
  private String failure = "";

  /**
   * Metrics of a server.
   *
   * @param home the {@code .regatta} folder whose runs are counted
   */
  ServerMetrics(CommandServer server, Path home) {
    this.server = server;
    this.runs = new HomeMetrics(home, registry, InstantSource.system());
    this.agents = new ServedAgentMetrics(registry);
    this.messages = counter("regatta_server_messages", "Messages of clients");
    this.errors =
        counter("regatta_server_errors", "Errors that clients were told, by code", "code");
    gauge("regatta_server_connections", "Connections that are open", server::sessions);
    executions(server);
    this.looking = Thread.ofVirtual().name("regatta-metrics").unstarted(this::look);
  }

  private void executions(CommandServer server) {
    gauge(
        "regatta_server_executions_running",
        "Executions that run",
        () -> server.executions().tally().running());
    total(
        "regatta_server_executions_started",
        "Executions that were started",
        () -> server.executions().tally().started());
    total(
        "regatta_server_output_bytes",
        "Bytes that executions printed",
        () -> server.executions().tally().outputBytes());
    total(
        "regatta_server_dropped_bytes",
        "Bytes of notifications that nobody read in time",
        () -> server.executions().tally().droppedBytes());
    CounterWithCallback.builder()
        .name("regatta_server_executions_ended")
        .help("Executions that ended, by reason")
        .labelNames("reason")
        .callback(told ->
            server.executions().tally().ended().forEach((why, count) -> told.call(count, why)))
        .register(registry);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  private void gauge(String name, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(told -> told.call(value.getAsLong()))
        .register(registry);
  }

  private void total(String name, String help, LongSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(told -> told.call(value.getAsLong()))
        .register(registry);
  }

  /** Begins to follow the runs. */
  void start() {
    looking.start();
  }

  private void look() {
    try {
      while (true) {
        Thread.sleep(BETWEEN_LOOKS);
        try {
          runs.catchUp();
        } catch (RuntimeException e) {
          failed(e); // a journal may hold anything, and the next look may do better
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops
    }
  }

  /** What fails each second in the same way is said once. */
  private void failed(RuntimeException e) {
    if (!failure.equals(e.toString())) {
      failure = e.toString();
      server.log().error("looking at the runs failed", e);
    }
  }

  /** A client sent a message. */
  void message() {
    messages.inc();
  }

  /** A client was told an error. */
  void error(ProtocolError.Code code) {
    errors.labelValues(Integer.toString(code.number())).inc();
  }

  /** An agent that a client had asked for ended. */
  void agentEnded(ServedAgent agent) {
    agents.ended(agent);
  }

  /** What they are called where they are read; a counter ends with {@code _total} there. */
  List<String> names() {
    return registry.scrape().stream()
        .map(each ->
            each.getMetadata().getPrometheusName()
                + (each instanceof CounterSnapshot ? "_total" : ""))
        .toList();
  }

  List<Route> routes() {
    return List.of(Route.get("/metrics", this::answer));
  }

  /** In the form that the client asks for: Prometheus' own, or OpenMetrics. */
  private void answer(Visit visit) throws IOException, Refused {
    try {
      runs.catchUp();
    } catch (UncheckedIOException e) {
      throw new Refused(500, "the folder of the runs can't be read: " + e.getMessage());
    }
    ExpositionFormatWriter writer = formats.findWriter(visit.header("Accept").orElse(null));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    writer.write(text, registry.scrape());
    visit.text(200, writer.getContentType(), text.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    looking.interrupt();
  }
}
