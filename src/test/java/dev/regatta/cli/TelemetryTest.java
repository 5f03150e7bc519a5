package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.JournalReader;
import dev.regatta.server.Peer;
import dev.regatta.telemetry.OtlpReceiver;
import dev.regatta.telemetry.TraceIds;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real run sends to a collector, from processes of their own. */
@Timeout(300)
class TelemetryTest {
  @TempDir Path folder;

  private Cli with(OtlpReceiver receiver) {
    return Cli.in(folder).with("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url());
  }

  private List<Event> events() throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(".regatta/runs"))) {
      return JournalReader.read(runs.findFirst().orElseThrow().resolve("journal.jsonl")).events();
    }
  }

  private <E extends Event> List<E> events(Class<E> type) throws IOException {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Every span is where the journal says, and says what the journal says. */
  private void requireAsTheJournalHasIt(OtlpReceiver receiver) throws IOException {
    Event.RunStarted run = events(Event.RunStarted.class).getFirst();
    TraceIds ids = new TraceIds(run.run());
    Map<String, Span> spans =
        receiver.spans().stream().collect(Collectors.toMap(OtlpReceiver::id, Function.identity()));
    assertThat(spans.values())
        .allSatisfy(span -> {
          assertThat(OtlpReceiver.trace(span)).isEqualTo(ids.trace());
          assertThat(OtlpReceiver.attributes(span)).containsEntry("regatta.rehearsal", "true");
        });
    List<Event.AttemptStarted> started = events(Event.AttemptStarted.class);
    Map<String, Event.AttemptEnded> ended =
        events(Event.AttemptEnded.class).stream()
            .collect(Collectors.toMap(Event.AttemptEnded::attempt, Function.identity()));
    List<Exchange> exchanges =
        events(Event.ExchangeSeen.class).stream().map(Event.ExchangeSeen::exchange).toList();
    List<Event.ToolUsed> tools = events(Event.ToolUsed.class);
    assertThat(spans).hasSize(1 + started.size() + exchanges.size() + tools.size());
    for (Event.AttemptStarted attempt : started) {
      Span span = spans.get(ids.attempt(attempt.attempt()));
      Event.AttemptEnded end = ended.get(attempt.attempt());
      assertThat(span.getStartTimeUnixNano())
          .isEqualTo(run.originEpochNanos() + attempt.spawnNanos());
      assertThat(span.getEndTimeUnixNano()).isEqualTo(run.originEpochNanos() + end.exitNanos());
      Map<String, String> attributes = OtlpReceiver.attributes(span);
      assertThat(attributes)
          .containsEntry("gen_ai.conversation.id", end.claims().sessionId())
          .containsEntry("gen_ai.usage.output_tokens", "" + end.claims().outputTokens())
          .containsEntry("regatta.outcome", end.outcome().word());
      assertThat(Double.parseDouble(attributes.get("regatta.cost_usd")))
          .isCloseTo(end.claims().costUsd(), within(1e-12));
    }
    for (Exchange exchange : exchanges) {
      Span span =
          spans.values().stream()
              .filter(each ->
                  OtlpReceiver.attributes(each)
                      .getOrDefault("regatta.exchange", "")
                      .equals("" + exchange.number()))
              .findFirst()
              .orElseThrow();
      Span parent = spans.get(OtlpReceiver.parent(span));
      assertThat(OtlpReceiver.id(parent)).isEqualTo(ids.attempt(exchange.attempt()));
      assertThat(span.getStartTimeUnixNano())
          .isBetween(parent.getStartTimeUnixNano(), parent.getEndTimeUnixNano());
      assertThat(span.getEndTimeUnixNano()).isLessThanOrEqualTo(parent.getEndTimeUnixNano());
      if (exchange.broughtMessage()) {
        Exchange.Message message = exchange.answered().message();
        assertThat(OtlpReceiver.attributes(span))
            .containsEntry("gen_ai.response.id", message.id())
            .containsEntry("gen_ai.usage.output_tokens", "" + message.outputTokens());
      }
    }
    Span root =
        spans.values().stream()
            .filter(span -> OtlpReceiver.parent(span).isEmpty())
            .collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
    assertThat(root.getName()).startsWith("invoke_workflow ");
  }

  @Test
  void aRunWithTheBuiltInAgentIsToldAsItsJournalHasItAndNoPromptIsInIt() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      Cli.Ended ended =
          with(receiver)
              .input("Say planted-words\nSay planted-words twice\n")
              .run("run", "--rehearsal", "--agent", "rehearsal-agent", "--witness");
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(ended.err()).doesNotContain("telemetry");
      requireAsTheJournalHasIt(receiver);
      assertThat(receiver.spans().stream().map(Span::getName).distinct().toList())
          .contains("invoke_workflow run", "invoke_agent rehearsal-agent")
          .anyMatch(name -> name.startsWith("chat "));
      assertThat(receiver.bodies()).noneMatch(body -> body.contains("planted-words"));
    }
  }

  @Test
  void aProofWithTheRealClaudeIsToldAsItsJournalHasIt() throws Exception {
    Optional<Path> claude = InstalledClaude.folder();
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      Cli.Ended ended =
          with(receiver)
              .path(claude.get())
              .run("prove", "--rehearsal", "--agent", "claude", "--parallel", "2");
      assertThat(ended.err()).doesNotContain("telemetry");
      assertThat(events(Event.AttemptStarted.class)).hasSize(4);
      requireAsTheJournalHasIt(receiver);
    }
  }

  @Test
  void anAskIsToldWithEachOfItsInstances() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      Cli.Ended ended =
          with(receiver)
              .run("ask", "planted-words", "-n", "2", "--rehearsal", "--agent", "rehearsal-agent");
      assertThat(ended.err()).doesNotContain("telemetry");
      requireRunAndAttempts(receiver, "ask", 2);
      assertThat(receiver.bodies()).noneMatch(body -> body.contains("planted-words"));
    }
  }

  @Test
  void aStressRunIsToldWithEachOfItsCommandsWhichKnowTheSpansOfTheirTries() throws Exception {
    Files.writeString(
        folder.resolve("suite.json"),
        """
        {"task_list_id": "SMALL", "max_retries": 1, "execution_config": {"retry_delays": [0]},
         "tests": [
          {"id": "a", "command_template": "printenv TRACEPARENT", "verification": {}},
          {"id": "b", "command_template": "printenv TRACEPARENT; exit 3", "verification": {}}]}
        """);
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      Cli.Ended ended = with(receiver).run("stress", "suite.json");
      assertThat(ended.err()).doesNotContain("telemetry");
      requireRunAndAttempts(receiver, "stress", 3);
      TraceIds ids = new TraceIds(events(Event.RunStarted.class).getFirst().run());
      for (Event.TryJudged tried : events(Event.TryJudged.class)) {
        assertThat(printed(tried)).isEqualTo(ids.traceparent(tried.attempt()) + "\n");
      }
    }
  }

  @Test
  void withoutACollectorCommandsOfASuiteAreHandedNothing() throws Exception {
    Files.writeString(
        folder.resolve("suite.json"),
        """
        {"task_list_id": "SMALL", "tests": [
          {"id": "a", "command_template": "printenv TRACEPARENT || echo none",
           "verification": {"expected_patterns": ["none"]}}]}
        """);
    assertThat(Cli.in(folder).run("stress", "suite.json").exit()).isZero();
  }

  @Test
  void aServerWithAListTakesTheSpanOfACommandAndNoOtherVariable() throws Exception {
    Files.writeString(
        folder.resolve("suite.json"),
        """
        {"task_list_id": "SMALL", "tests": [
          {"id": "a", "command_template": "printenv TRACEPARENT", "verification": {}}]}
        """);
    try (OtlpReceiver receiver = OtlpReceiver.open();
        Cli.Running server =
            Cli.in(folder).start("serve", "--port", "0", "--allow-command", "printenv")) {
      Pattern address = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
      await().atMost(Peer.PATIENCE).until(() -> address.matcher(server.out()).find());
      Matcher found = address.matcher(server.out());
      assertThat(found.find()).isTrue();
      Cli.Ended ended = with(receiver).run("stress", "suite.json", "--server", found.group());
      assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
      server.signal("INT");
      server.await();
      TraceIds ids = new TraceIds(events(Event.RunStarted.class).getFirst().run());
      assertThat(printed(events(Event.TryJudged.class).getFirst()))
          .isEqualTo(ids.traceparent("a.1") + "\n");
    }
  }

  private String printed(Event.TryJudged tried) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(".regatta/runs"))) {
      return Files.readString(runs.findFirst().orElseThrow().resolve(tried.output()));
    }
  }

  private void requireRunAndAttempts(OtlpReceiver receiver, String kind, int attempts)
      throws IOException {
    TraceIds ids = new TraceIds(events(Event.RunStarted.class).getFirst().run());
    Span root =
        receiver.spans().stream()
            .filter(span -> OtlpReceiver.parent(span).isEmpty())
            .collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
    assertThat(root.getName()).isEqualTo("invoke_workflow " + kind);
    List<Event.AttemptStarted> started = events(Event.AttemptStarted.class);
    assertThat(started).hasSize(attempts);
    for (Event.AttemptStarted attempt : started) {
      Span span = receiver.span(ids.attempt(attempt.attempt()));
      assertThat(OtlpReceiver.trace(span)).isEqualTo(ids.trace());
      assertThat(OtlpReceiver.parent(span)).isEqualTo(OtlpReceiver.id(root));
    }
  }

  @Test
  void theSpansThatTheRealClaudeSendsByItselfJoin() throws Exception {
    Optional<Path> claude = InstalledClaude.folder();
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      Cli.Ended ended =
          with(receiver)
              .path(claude.get())
              .with("CLAUDE_CODE_ENABLE_TELEMETRY", "1")
              .with("CLAUDE_CODE_ENHANCED_TELEMETRY_BETA", "1")
              .with("OTEL_TRACES_EXPORTER", "otlp")
              .with("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
              .input("Say hello\n")
              .run("run", "--rehearsal", "--agent", "claude");
      assertThat(ended.exit()).as(ended.err()).isZero();
      TraceIds ids = new TraceIds(events(Event.RunStarted.class).getFirst().run());
      String attempt = events(Event.AttemptStarted.class).getFirst().attempt();
      Span own =
          receiver.spans().stream()
              .filter(span -> span.getName().equals("claude_code.interaction"))
              .findFirst()
              .orElseThrow();
      assertThat(OtlpReceiver.trace(own)).isEqualTo(ids.trace());
      assertThat(OtlpReceiver.parent(own)).isEqualTo(ids.attempt(attempt));
    }
  }

  @Test
  void aChildSeesTheSpanThatItBelongsTo() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      Cli.Ended ended =
          with(receiver).input("1\n").run("run", "--", "sh", "-c", "echo $TRACEPARENT");
      TraceIds ids = new TraceIds(events(Event.RunStarted.class).getFirst().run());
      String attempt = events(Event.AttemptStarted.class).getFirst().attempt();
      assertThat(ended.out()).isEqualTo(ids.traceparent(attempt) + "\n");
      assertThat(receiver.span(ids.attempt(attempt)).getName()).isEqualTo("invoke_agent command");
    }
  }

  @Test
  void withoutAnAddressNothingOfItIsLoadedAndChildrenGetNoSpan() throws Exception {
    Path log = folder.resolve("classes");
    Cli.Ended ended =
        Cli.in(folder)
            .with("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log)
            .input("1\n")
            .run("run", "--", "sh", "-c", "echo \"<$TRACEPARENT>\"");
    assertThat(ended.out()).isEqualTo("<>\n");
    assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
        .contains("dev.regatta.run.Run ")
        .doesNotContain("io.opentelemetry")
        .doesNotContain("io.prometheus")
        .doesNotContain("dev.regatta.telemetry.RunTelemetry");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCollectorThatFailsChangesNothingButALine(boolean there) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (OtlpReceiver receiver = OtlpReceiver.refusing(400)) {
      Cli.Ended ended =
          Cli.in(folder)
              .with(
                  "OTEL_EXPORTER_OTLP_ENDPOINT",
                  there ? receiver.url() : "http://127.0.0.1:" + port)
              .with("OTEL_EXPORTER_OTLP_HEADERS", "authorization=a-planted-key")
              .input("1\n")
              .run("run", "--", "echo");
      assertThat(ended.exit()).isZero();
      assertThat(ended.out()).isEqualTo("1\n");
      assertThat(ended.errLines().stream().filter(line -> line.contains("telemetry")).toList())
          .singleElement()
          .asString()
          .startsWith("regatta: telemetry was lost, ")
          .contains(there ? "HTTP status 400" : "nobody listens there");
      assertThat(ended.err()).doesNotContain("a-planted-key").doesNotContain("Exception");
    }
  }

  @Test
  void aRunThatIsGoneOnWithJoinsItsTraceAndTellsOfWhatWasLost() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      try (Cli.Running running =
          with(receiver)
              .start(
                  "run", "-P", "1", "--", "sh", "-c", "test -e go || { touch begun; sleep 60; }")) {
        running.feed("1\n2\n".getBytes(StandardCharsets.UTF_8));
        running.endOfInput();
        await().atMost(Peer.PATIENCE).until(() -> Files.exists(folder.resolve("begun")));
        running.signal("KILL");
        running.await();
      }
      Files.createFile(folder.resolve("go"));
      String run = events(Event.RunStarted.class).getFirst().run();
      Cli.Ended ended = with(receiver).input("1\n2\n").run("run", "--resume", run);
      assertThat(ended.exit()).as(ended.err()).isZero();
      TraceIds ids = new TraceIds(run);
      assertThat(receiver.spans()).allMatch(span -> OtlpReceiver.trace(span).equals(ids.trace()));
      List<Span> runs =
          receiver.spans().stream()
              .filter(span -> span.getName().equals("invoke_workflow run"))
              .toList();
      assertThat(runs).hasSize(2);
      Span first =
          runs.stream()
              .filter(span -> OtlpReceiver.parent(span).isEmpty())
              .findFirst()
              .orElseThrow();
      Span second = runs.stream().filter(span -> span != first).findFirst().orElseThrow();
      assertThat(OtlpReceiver.attributes(first)).containsEntry("error.type", "lost");
      assertThat(OtlpReceiver.parent(second)).isEqualTo(OtlpReceiver.id(first));
      assertThat(OtlpReceiver.attributes(second)).doesNotContainKey("error.type");
      List<Span> attempts =
          receiver.spans().stream()
              .filter(span -> span.getName().equals("invoke_agent command"))
              .toList();
      assertThat(attempts).hasSize(3);
      assertThat(
              attempts.stream()
                  .filter(
                      span -> OtlpReceiver.attributes(span).get("regatta.outcome").equals("lost"))
                  .map(OtlpReceiver::parent))
          .containsExactly(OtlpReceiver.id(first));
    }
  }
}
