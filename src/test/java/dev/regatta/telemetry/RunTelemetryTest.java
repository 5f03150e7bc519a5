package dev.regatta.telemetry;

import static dev.regatta.telemetry.Told.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.TestRuns;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector is sent of a run, and what a run hears of a collector. */
class RunTelemetryTest {
  private static final TraceIds IDS = new TraceIds("test");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path home;
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private RunTelemetry follow(Map<String, String> environment, Duration patience) {
    return RunTelemetry.follow(
        IDS, home.resolve("runs/test/journal.jsonl"), environment, patience, warnings::add);
  }

  private void sent(OtlpReceiver receiver, Map<String, String> more, Event... events) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url());
    try (RunTelemetry telemetry = follow(environment, PATIENCE);
        Run run = TestRuns.open(home, new Cancellation())) {
      List.of(events).forEach(run::record);
      run.end("completed");
    }
  }

  private long origin() {
    return JournalReader.read(home.resolve("runs/test/journal.jsonl")).events().stream()
        .filter(Event.RunStarted.class::isInstance)
        .map(Event.RunStarted.class::cast)
        .findFirst()
        .orElseThrow()
        .originEpochNanos();
  }

  @Test
  void anAttemptAndItsExchangesAreSpansOfTheRun() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      sent(
          receiver,
          Map.of("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a-secret-key"),
          Told.started("1.1", "claude", SECOND),
          Told.exchange("1.1", 200, 2 * SECOND, 3 * SECOND),
          Told.ended(
              "1.1", Outcome.SUCCEEDED, SECOND, 4 * SECOND, Told.claims(0.25, "a-model", null)));
      assertThat(warnings).isEmpty();
      assertThat(receiver.spans()).hasSize(3).allMatch(span -> trace(span).equals(IDS.trace()));
      assertThat(receiver.keys()).containsOnly("a-secret-key");
      Span run = receiver.span(IDS.part(0));
      assertThat(run.getName()).isEqualTo("invoke_workflow run");
      assertThat(OtlpReceiver.parent(run)).isEmpty();
      assertThat(run.getStartTimeUnixNano()).isEqualTo(origin());
      Span attempt = receiver.span(IDS.attempt("1.1"));
      assertThat(OtlpReceiver.parent(attempt)).isEqualTo(IDS.part(0));
      assertThat(attempt.getStartTimeUnixNano()).isEqualTo(origin() + SECOND);
      assertThat(attempt.getEndTimeUnixNano()).isEqualTo(origin() + 4 * SECOND);
      assertThat(attempt.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(OtlpReceiver.attributes(attempt))
          .containsEntry("gen_ai.operation.name", "invoke_agent")
          .containsEntry("gen_ai.agent.name", "claude")
          .containsEntry("gen_ai.provider.name", "anthropic")
          .containsEntry("gen_ai.conversation.id", "a-session")
          .containsEntry("gen_ai.usage.input_tokens", "80")
          .containsEntry("gen_ai.usage.cache_read.input_tokens", "30")
          .containsEntry("gen_ai.usage.cache_creation.input_tokens", "40")
          .containsEntry("gen_ai.usage.output_tokens", "20")
          .containsEntry("regatta.cost_usd", "0.25")
          .containsEntry("regatta.rehearsal", "false")
          .containsEntry("regatta.outcome", "succeeded")
          .doesNotContainKey("error.type");
      Span exchange = receiver.span(IDS.exchange(1));
      assertThat(exchange.getName()).isEqualTo("chat a-model");
      assertThat(exchange.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
      assertThat(OtlpReceiver.parent(exchange)).isEqualTo(IDS.attempt("1.1"));
      assertThat(OtlpReceiver.attributes(exchange))
          .containsEntry("gen_ai.operation.name", "chat")
          .containsEntry("gen_ai.request.model", "a-model")
          .containsEntry("gen_ai.response.model", "a-model-1")
          .containsEntry("gen_ai.response.id", "msg_1")
          .containsEntry("gen_ai.response.finish_reasons", "[end_turn]")
          .containsEntry("gen_ai.usage.input_tokens", "80")
          .containsEntry("http.response.status_code", "200")
          .containsEntry("regatta.request_id", "req_1");
      assertThat(receiver.resources())
          .allSatisfy(each -> assertThat(each).containsEntry("service.name", "regatta"));
    }
  }

  private static String trace(Span span) {
    return OtlpReceiver.trace(span);
  }

  @Test
  void whatFailedHasTheKindOfItsFailure() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      sent(
          receiver,
          Map.of("OTEL_SERVICE_NAME", "mine", "OTEL_RESOURCE_ATTRIBUTES", "team=blue"),
          Told.started("1.1", "codex", 0),
          Told.exchange("1.1", 429, 1, 2),
          Told.ended("1.1", Outcome.RATE_LIMITED, 1, 2, Claims.NONE));
      Span attempt = receiver.span(IDS.attempt("1.1"));
      assertThat(attempt.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(attempt.getStatus().getMessage()).isEmpty();
      assertThat(OtlpReceiver.attributes(attempt)).containsEntry("error.type", "rate-limited");
      assertThat(OtlpReceiver.attributes(receiver.span(IDS.exchange(1))))
          .containsEntry("error.type", "429");
      assertThat(receiver.resources())
          .allSatisfy(each ->
              assertThat(each).containsEntry("service.name", "mine").containsEntry("team", "blue"));
    }
  }

  @Test
  void anAttemptThatAnAgentAskedForIsBelowThatOne() throws IOException {
    Event.AttemptStarted child =
        new Event.AttemptStarted(
            "1.1.1", "1.1.1", null, "1.1", 1, "claude", null, null, null, null, null, 8, 0, 5, 5);
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      sent(
          receiver,
          Map.of("TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
          Told.started("1.1", "claude", 0),
          child,
          Told.ended("1.1.1", Outcome.SUCCEEDED, 6, 7, Claims.NONE),
          Told.ended("1.1", Outcome.SUCCEEDED, 1, 9, Claims.NONE));
      assertThat(OtlpReceiver.parent(receiver.span(IDS.attempt("1.1.1"))))
          .isEqualTo(IDS.attempt("1.1"));
      assertThat(receiver.span(IDS.part(0)).getLinksList())
          .singleElement()
          .satisfies(link ->
              assertThat(java.util.HexFormat.of().formatHex(link.getSpanId().toByteArray()))
                  .isEqualTo("b7ad6b7169203331"));
    }
  }

  @Test
  void aToolCallIsBelowItsAttempt() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      sent(
          receiver,
          Map.of(),
          Told.started("1.1", "claude", 0),
          new Event.ToolUsed("1.1", "toolu_1", "Bash", SECOND, 2 * SECOND, false),
          new Event.ToolUsed("1.1", "toolu_2", "Read", SECOND, 2 * SECOND, true),
          new Event.ToolUsed("1.1", "toolu_3", "Bash", 3, null, null),
          Told.ended("1.1", Outcome.SUCCEEDED, 1, 3 * SECOND, Claims.NONE));
      Span good = receiver.span(IDS.tool("1.1", "toolu_1"));
      assertThat(good.getName()).isEqualTo("execute_tool Bash");
      assertThat(OtlpReceiver.parent(good)).isEqualTo(IDS.attempt("1.1"));
      assertThat(good.getStartTimeUnixNano()).isEqualTo(origin() + SECOND);
      assertThat(good.getEndTimeUnixNano()).isEqualTo(origin() + 2 * SECOND);
      assertThat(OtlpReceiver.attributes(good))
          .containsEntry("gen_ai.tool.name", "Bash")
          .containsEntry("gen_ai.tool.call.id", "toolu_1")
          .doesNotContainKey("error.type");
      assertThat(OtlpReceiver.attributes(receiver.span(IDS.tool("1.1", "toolu_2"))))
          .containsEntry("error.type", "tool_error");
      assertThat(OtlpReceiver.attributes(receiver.span(IDS.tool("1.1", "toolu_3"))))
          .containsEntry("error.type", "no_answer");
    }
  }

  @Test
  void whatAnAgentCallsItselfIsCutAndHarmless() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      sent(
          receiver,
          Map.of(),
          Told.started("1.1", "claude", 0),
          Told.ended(
              "1.1",
              Outcome.SUCCEEDED,
              1,
              2,
              Told.claims(Double.NaN, "\u001b[31m" + "x".repeat(100_000), null)));
      assertThat(OtlpReceiver.attributes(receiver.span(IDS.attempt("1.1"))))
          .hasEntrySatisfying(
              "gen_ai.response.model",
              model -> assertThat(model).startsWith("?[31mx").hasSizeLessThanOrEqualTo(200))
          .doesNotContainKey("regatta.cost_usd");
    }
  }

  @Test
  void metricsTellHowLongThingsTookAndWhatTheyUsed() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      sent(
          receiver,
          Map.of(),
          Told.started("1.1", "claude", 0),
          Told.exchange("1.1", 200, SECOND, 3 * SECOND),
          Told.ended("1.1", Outcome.SUCCEEDED, 1, 4 * SECOND, Claims.NONE));
      Map<String, Metric> metrics =
          receiver.metrics().stream()
              .collect(Collectors.toMap(Metric::getName, each -> each, (one, other) -> other));
      assertThat(metrics)
          .containsKeys(
              "gen_ai.client.operation.duration", "gen_ai.client.token.usage", "regatta.attempts");
      assertThat(metrics.get("gen_ai.client.operation.duration").getHistogram().getDataPointsList())
          .extracting(point -> point.getSum())
          .containsExactlyInAnyOrder(2.0, 4.0);
      assertThat(metrics.get("gen_ai.client.token.usage").getHistogram().getDataPointsList())
          .extracting(point ->
              OtlpReceiver.values(point.getAttributesList()).get("gen_ai.token.type")
                  + point.getSum())
          .containsExactlyInAnyOrder("input80.0", "output20.0");
      assertThat(metrics.get("regatta.attempts").getSum().getDataPointsList())
          .singleElement()
          .satisfies(point -> assertThat(point.getAsInt()).isEqualTo(1));
    }
  }

  @Test
  void aCollectorThatIsNotThereCostsALine() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (RunTelemetry telemetry =
            follow(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port), PATIENCE);
        Run run = TestRuns.open(home, new Cancellation())) {
      run.record(Told.started("1.1", "claude", 0));
      run.record(Told.ended("1.1", Outcome.SUCCEEDED, 1, 2, Claims.NONE));
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .isEqualTo("telemetry was lost, 2 of 2 spans and metrics: nobody listens there");
  }

  @Test
  void aCollectorThatNeverAnswersIsNotWaitedForForLong() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.silent()) {
      long before;
      try (RunTelemetry telemetry =
              follow(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url()), Duration.ofSeconds(4));
          Run run = TestRuns.open(home, new Cancellation())) {
        run.record(Told.started("1.1", "claude", 0));
        run.record(Told.ended("1.1", Outcome.SUCCEEDED, 1, 2, Claims.NONE));
        before = System.nanoTime();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
      assertThat(receiver.awaitAsked()).as("%s", warnings).isTrue();
    }
    assertThat(warnings)
        .containsExactly(
            "telemetry was lost, 2 of 2 spans and metrics: the collector did not take it in time");
  }

  @Test
  void aCollectorThatRefusesIsSaidToHave() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.refusing(403)) {
      sent(receiver, Map.of(), Told.started("1.1", "claude", 0));
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .isEqualTo(
            "telemetry was lost, 1 of 1 spans and metrics: the collector answered with HTTP status"
                + " 403");
  }

  @Test
  void whatIsSetUpWronglyCostsALine() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      sent(receiver, Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"));
    }
    assertThat(warnings)
        .containsExactly(
            "no telemetry was sent: OTEL_EXPORTER_OTLP_PROTOCOL is grpc, which is not spoken here:"
                + " set it to http/protobuf, with the collector's port for that, usually 4318");
    warnings.clear();
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      try (RunTelemetry telemetry =
          follow(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "no address"), PATIENCE)) {
        assertThat(receiver.spans()).isEmpty();
      }
    }
    assertThat(warnings)
        .containsExactly(
            "no telemetry was sent: OTEL_EXPORTER_OTLP_ENDPOINT is no address: set it to the"
                + " collector's, as http://127.0.0.1:4318");
  }

  @Test
  void onlyMetricsAreSentWhereOnlyMetricsAreAskedFor() throws IOException {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      try (RunTelemetry telemetry =
              follow(
                  Map.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", receiver.url() + "/v1/metrics"),
                  PATIENCE);
          Run run = TestRuns.open(home, new Cancellation())) {
        run.record(Told.started("1.1", "claude", 0));
        run.record(Told.ended("1.1", Outcome.SUCCEEDED, 1, 2, Claims.NONE));
      }
      assertThat(receiver.spans()).isEmpty();
      assertThat(receiver.metrics()).isNotEmpty();
    }
    assertThat(warnings).isEmpty();
  }
}
