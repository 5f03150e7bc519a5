package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.Api;
import dev.regatta.server.Peer;
import dev.regatta.telemetry.OtlpReceiver;
import dev.regatta.telemetry.PrometheusText;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Agents that clients of the server ask for: a real server, and programs that play the agent. */
@Timeout(300)
class ServeAgentsTest {
  private static final String ONE = "sk-ant-api03-first-of-the-tokens";
  private static final String TWO = "sk-ant-api03-second-of-the-tokens";
  private static final String REFUSED =
      "printf '{\"type\":\"system\",\"subtype\":\"api_retry\",\"attempt\":1,"
          + "\"retry_delay_ms\":500,\"error_status\":401}\\n'; exec sleep 60";
  private static final String ALL = "/api/v1/executions";

  @TempDir Path folder;
  private Cli.Running running;
  private String base;
  private Peer peer;

  private void serve(Cli cli, String... more) {
    List<String> words = new ArrayList<>(List.of("serve", "--port", "0", "--open"));
    words.addAll(List.of(more));
    running = cli.start(words.toArray(String[]::new));
    Pattern pattern = Pattern.compile("http://(127\\.0\\.0\\.1:[0-9]+)");
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> !running.alive() || pattern.matcher(running.out()).find());
    Matcher found = pattern.matcher(running.out());
    assertThat(found.find()).as("%s", running.err()).isTrue();
    base = found.group();
    peer = Peer.at("ws://" + found.group(1) + "/ws", Optional.empty());
  }

  /** With two tokens, and an agent that runs these lines of the shell. */
  private Cli fake(String script) {
    return Cli.in(folder)
        .onlyPath(FakeClaude.in(folder, script))
        .with("CLAUDE_CODE_TOKEN1", ONE)
        .with("CLAUDE_CODE_TOKEN2", TWO);
  }

  @AfterEach
  void stop() {
    if (running != null) {
      stopped();
    }
  }

  /** What it said on standard error until its end. */
  private String stopped() {
    if (peer != null) {
      peer.close();
    }
    running.signal("INT");
    Cli.Ended ended = running.await();
    assertThat(ended.out() + ended.err()).doesNotContain(ONE, TWO, "Exception");
    running.close();
    running = null;
    return ended.err();
  }

  private static String claude(String more) {
    return "{\"agent\":\"claude\",\"command\":\"say hello\"" + more + "}";
  }

  private JsonNode refused(int code, String params) {
    JsonNode error = peer.error("execute", params);
    assertThat(error.get("code").asInt()).as("%s", error).isEqualTo(code);
    return error.get("message");
  }

  private JsonNode completed(String params) {
    peer.forget();
    peer.result("execute", params);
    return peer.notice("process.completed");
  }

  @Test
  void anAgentIsStartedWithItsPromptAndOneCredentialAndWhatItClaimsIsTold() throws Exception {
    serve(
        fake(
            "printf %s \"$2\" > prompt; printf %s \"$ANTHROPIC_API_KEY\" > key; env > env\n"
                + FakeClaude.ANSWERS));
    JsonNode completed = completed(claude(",\"env\":{\"MORE\":\"given\"}"));
    assertThat(completed.get("status").asString()).isEqualTo("completed");
    JsonNode agent = completed.get("agent");
    assertThat(agent.get("name").asString()).isEqualTo("claude");
    assertThat(agent.get("outcome").asString()).isEqualTo("succeeded");
    assertThat(agent.get("session_id").asString()).startsWith("session-");
    assertThat(agent.get("answer").asString()).isEqualTo("hello");
    assertThat(agent.get("answer_truncated").asBoolean()).isFalse();
    assertThat(agent.get("input_tokens").asInt()).isEqualTo(10);
    assertThat(agent.get("output_tokens").asInt()).isEqualTo(5);
    assertThat(agent.get("cost_usd").asDouble()).isEqualTo(0.01);
    assertThat(agent.get("credential").get("name").asString()).isEqualTo("CLAUDE_CODE_TOKEN1");
    assertThat(agent.get("credential").get("fingerprint").asString()).hasSizeGreaterThan(5);
    assertThat(agent.has("rehearsal")).isFalse();
    assertThat(completed.has("rehearsal")).isFalse();
    assertThat(peer.printed("stdout")).contains("\"type\":\"result\"");
    assertThat(folder.resolve("prompt")).content().isEqualTo("say hello");
    assertThat(folder.resolve("key")).content().isEqualTo(ONE);
    assertThat(folder.resolve("env")).content().contains("MORE=given").doesNotContain(TWO);
    assertThat(peer.heard().toString()).doesNotContain(ONE);
  }

  @Test
  void aCredentialIsNamedOrTheNextOneAndGivenBackInTheEnd() throws Exception {
    serve(fake("printf '%s\\n' \"$ANTHROPIC_API_KEY\" >> keys\n" + FakeClaude.ANSWERS));
    completed(claude(""));
    completed(claude(",\"credential\":\"CLAUDE_CODE_TOKEN1\""));
    completed(claude(""));
    assertThat(Files.readAllLines(folder.resolve("keys"))).containsExactly(ONE, ONE, TWO);
    assertThat(refused(-32602, claude(",\"credential\":\"NONE\"")).asString())
        .contains("no credential 'NONE'", "CLAUDE_CODE_TOKEN1, CLAUDE_CODE_TOKEN2");
  }

  @Test
  void whatItPrintsOfItsTokenIsTakenOutAlsoWhereItWasEscaped() {
    String escaped = "\\u0073" + ONE.substring(1);
    serve(
        fake(
            "echo \"$ANTHROPIC_API_KEY\" >&2; printf %s \"${ANTHROPIC_API_KEY%tokens}\"; sleep 0.2;"
                + " echo tokens; answer='"
                + escaped
                + "'\n"
                + FakeClaude.ANSWERS));
    JsonNode completed = completed(claude(""));
    assertThat(peer.printed("stderr")).startsWith("[secret ");
    assertThat(peer.printed("stdout")).startsWith("[secret ");
    assertThat(completed.get("agent").get("answer").asString()).startsWith("[secret ");
    assertThat(peer.heard().toString()).doesNotContain(ONE);
  }

  @Test
  void ofALongAnswerTheBeginningIsTold() {
    serve(fake("answer=$(head -c 70000 /dev/zero | tr '\\0' x)\n" + FakeClaude.ANSWERS));
    JsonNode agent = completed(claude("")).get("agent");
    assertThat(agent.get("answer").asString()).hasSize(65_536);
    assertThat(agent.get("answer_truncated").asBoolean()).isTrue();
  }

  @Test
  void aRefusedCredentialStopsItAtOnceAndIsNotUsedAgain() {
    serve(
        fake("case $ANTHROPIC_API_KEY in *first*) " + REFUSED + ";; esac\n" + FakeClaude.ANSWERS));
    JsonNode completed = completed(claude(""));
    assertThat(completed.get("reason").asString()).isEqualTo("hopeless");
    assertThat(completed.get("agent").get("outcome").asString()).isEqualTo("unauthorized");
    assertThat(peer.notice("process.error").get("error").asString()).contains("unauthorized");
    assertThat(refused(-32603, claude(",\"credential\":\"CLAUDE_CODE_TOKEN1\"")).asString())
        .contains("CLAUDE_CODE_TOKEN1 was refused");
    for (int i = 0; i < 2; i++) {
      assertThat(completed(claude("")).at("/agent/credential/name").asString())
          .isEqualTo("CLAUDE_CODE_TOKEN2");
    }
  }

  @Test
  void whenTheLastCredentialIsRefusedItIsSaidWhatHelps() {
    serve(Cli.in(folder).onlyPath(FakeClaude.in(folder, REFUSED)).with("CLAUDE_CODE_TOKEN", ONE));
    completed(claude(""));
    assertThat(refused(-32603, claude("")).asString())
        .contains("no credential is left: CLAUDE_CODE_TOKEN (", "start the server again");
  }

  @Test
  void itIsSentToTheAddressThatTheServerWasGiven() {
    serve(
        fake("printf %s \"$ANTHROPIC_BASE_URL\" > url\n" + FakeClaude.ANSWERS),
        "--base-url",
        "http://127.0.0.1:9/x");
    completed(claude(""));
    assertThat(folder.resolve("url")).content().isEqualTo("http://127.0.0.1:9/x");
  }

  @Test
  void whereItsFolderCanNotBeMadeItsCredentialIsGivenBack() throws Exception {
    serve(fake(FakeClaude.ANSWERS));
    Path config = folder.resolve(".regatta/config");
    Files.writeString(config, "in the way");
    assertThat(refused(-32603, claude("")).asString())
        .contains("configuration folder can't be made: ", config.toRealPath().toString());
    Files.delete(config);
    assertThat(completed(claude("")).at("/agent/credential/name").asString())
        .as("the one whose turn it is, as nobody has the other")
        .isEqualTo("CLAUDE_CODE_TOKEN2");
  }

  @Test
  void oneAtItsLimitRestsAndSoItDoesForRuns() throws Exception {
    serve(
        fake(
            "printf '{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\","
                + "\"resetsAt\":4000000000,\"rateLimitType\":\"five_hour\"}}\\n'; exit 1"));
    assertThat(completed(claude("")).at("/agent/outcome").asString()).isEqualTo("rate-limited");
    assertThat(completed(claude("")).at("/agent/credential/name").asString())
        .isEqualTo("CLAUDE_CODE_TOKEN2");
    assertThat(refused(-32603, claude("")).asString())
        .contains("every credential of Anthropic's rests until");
    assertThat(refused(-32603, claude(",\"credential\":\"CLAUDE_CODE_TOKEN2\"")).asString())
        .contains("CLAUDE_CODE_TOKEN2 rests until");
    try (Api api = new Api(base, "")) {
      assertThat(api.json(200, api.get("/api/v1/credentials")).get("credentials"))
          .as("what runs share")
          .hasSize(2)
          .allMatch(each -> each.get("state").asString().equals("resting"));
    }
  }

  @Test
  void itIsPausedResumedCanceledAndBoundedAsCommandsAre() {
    serve(fake("echo begun; trap 'exit 143' TERM; while :; do sleep 0.05; done"));
    peer.result("execute", claude(",\"id\":\"a\""));
    peer.notice("process.output", "a");
    assertThat(peer.result("control", "{\"type\":\"PAUSE\",\"id\":\"a\"}").toString())
        .contains("paused");
    JsonNode row = peer.result("status", "{\"id\":\"a\"}");
    assertThat(row.get("status").asString()).isEqualTo("paused");
    assertThat(row.get("agent").get("name").asString()).isEqualTo("claude");
    peer.result("control", "{\"type\":\"RESUME\",\"id\":\"a\"}");
    peer.result("control", "{\"type\":\"CANCEL\",\"id\":\"a\"}");
    JsonNode canceled = peer.notice("process.completed", "a");
    assertThat(canceled.get("reason").asString()).isEqualTo("canceled");
    assertThat(canceled.at("/agent/outcome").asString()).isEqualTo("cancelled");
    assertThat(canceled.at("/agent/answer").isNull()).isTrue();
    JsonNode late = completed(claude(",\"timeout\":0.5"));
    assertThat(late.at("/agent/outcome").asString()).isEqualTo("timed-out");
    assertThat(late.at("/agent/reason").asString())
        .isEqualTo("ran longer than its 0.5 s limit; ask for a longer timeout");
    JsonNode silent = completed(claude(",\"stall_timeout\":0.5"));
    assertThat(silent.get("reason").asString()).isEqualTo("stalled");
    assertThat(silent.at("/agent/outcome").asString()).isEqualTo("stalled");
    assertThat(silent.at("/agent/reason").asString())
        .isEqualTo("silent for 0.5 s; ask for a longer stall_timeout");
  }

  private static double counted(PrometheusText text, String name, String... labels) {
    List<String> all = new ArrayList<>(List.of("agent", "claude", "rehearsal", "false"));
    all.addAll(List.of(labels));
    return text.value(name, all.toArray(String[]::new));
  }

  @Test
  void theyCountInTheMetricsByOutcomeWithWhatTheyClaim() throws Exception {
    serve(fake("case $2 in fail) exit 3;; esac\n" + FakeClaude.ANSWERS));
    completed(claude(""));
    completed(claude(""));
    String failed =
        completed("{\"agent\":\"claude\",\"command\":\"fail\"}").at("/agent/outcome").asString();
    assertThat(failed).isNotEmpty().isNotEqualTo("succeeded");
    completed("{\"command\":\"true\"}");
    PrometheusText text = PrometheusText.of(base);
    String ended = "regatta_server_agents_total";
    assertThat(text.samples(ended)).hasSize(2);
    assertThat(counted(text, ended, "outcome", "succeeded")).isEqualTo(2);
    assertThat(counted(text, ended, "outcome", failed)).isEqualTo(1);
    String tokens = "regatta_server_agent_tokens_total";
    assertThat(counted(text, tokens, "type", "input")).isEqualTo(20);
    assertThat(counted(text, tokens, "type", "output")).isEqualTo(10);
    assertThat(counted(text, "regatta_server_agent_cost_usd_total")).isEqualTo(0.02);
    assertThat(counted(text, "regatta_server_agent_duration_seconds_count")).isEqualTo(3);
    assertThat(counted(text, "regatta_server_agent_duration_seconds_sum")).isBetween(0.001, 60.0);
  }

  @Test
  void numbersThatNoAgentCanHaveDoNotSpoilTheMetrics() throws Exception {
    String hostile =
        "claim() { printf '{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,"
            + "\"result\":\"x\",\"session_id\":\"s\",\"total_cost_usd\":%s,"
            + "\"usage\":{\"input_tokens\":%s,\"output_tokens\":%s}}\\n' \"$1\" \"$2\" \"$3\"; }\n"
            + "case $2 in\n"
            + "below) claim -5 -7 -9223372036854775808; exit;;\n"
            + "beyond) claim 1e308 9223372036854775807 1000000000001; exit;;\n"
            + "endless) claim 1e999 1e30 '\"1\"'; exit;;\n"
            + "none) claim NaN Infinity null; exit;;\n"
            + "esac\n";
    serve(fake(hostile + FakeClaude.ANSWERS));
    for (String how : List.of("below", "beyond", "endless", "none")) {
      completed("{\"agent\":\"claude\",\"command\":\"" + how + "\"}");
    }
    assertThat(refused(-32602, "{\"agent\":\"made-up\",\"command\":\"x\"}").asString())
        .contains("no agent 'made-up'");
    completed(claude(""));
    PrometheusText text = PrometheusText.of(base);
    assertThat(text.total("regatta_server_agents_total")).isEqualTo(5);
    assertThat(counted(text, "regatta_server_agent_tokens_total", "type", "input")).isEqualTo(10);
    assertThat(counted(text, "regatta_server_agent_tokens_total", "type", "output")).isEqualTo(5);
    assertThat(text.total("regatta_server_agent_cost_usd_total")).isEqualTo(0.01);
    assertThat(text.values("agent")).isEqualTo(Set.of("claude"));
  }

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";

  private static String traced(String traceparent) {
    return claude(",\"env\":{\"TRACEPARENT\":\"" + traceparent + "\"}");
  }

  @Test
  void withTelemetryEachIsASpanBelowItsClientsAndIsHandedItsOwn() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      serve(
          fake("echo $TRACEPARENT >> handed\ncase $2 in fail) exit 3;; esac\n" + FakeClaude.ANSWERS)
              .with("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url()));
      long pid = completed(traced("00-" + TRACE + "-" + CALLER + "-01")).get("pid").asLong();
      completed(traced("00-" + TRACE + "-" + CALLER + "-00"));
      completed(traced("00-" + TRACE + "-0000000000000000-01"));
      String failed =
          completed("{\"agent\":\"claude\",\"command\":\"fail\"}").at("/agent/outcome").asString();
      refused(-32602, claude(",\"cwd\":\"none\""));
      assertThat(stopped()).doesNotContain("telemetry");
      List<String> handed = Files.readAllLines(folder.resolve("handed"));
      assertThat(handed.get(1)).startsWith("00-" + TRACE + "-").endsWith("-00");
      assertThat(receiver.spans()).hasSize(3);
      Span below = receiver.span(handed.get(0).substring(36, 52));
      assertThat(handed.get(0)).isEqualTo("00-" + TRACE + "-" + OtlpReceiver.id(below) + "-01");
      assertThat(below.getName()).isEqualTo("invoke_agent claude");
      assertThat(OtlpReceiver.trace(below)).isEqualTo(TRACE);
      assertThat(OtlpReceiver.parent(below)).isEqualTo(CALLER);
      assertThat(below.getEndTimeUnixNano()).isGreaterThan(below.getStartTimeUnixNano());
      assertThat(OtlpReceiver.attributes(below))
          .containsEntry("gen_ai.operation.name", "invoke_agent")
          .containsEntry("gen_ai.agent.name", "claude")
          .containsEntry("gen_ai.provider.name", "anthropic")
          .containsEntry("gen_ai.conversation.id", "session-" + pid)
          .containsEntry("gen_ai.usage.input_tokens", "10")
          .containsEntry("gen_ai.usage.output_tokens", "5")
          .containsEntry("regatta.cost_usd", "0.01")
          .containsEntry("regatta.outcome", "succeeded")
          .containsEntry("regatta.credential", "CLAUDE_CODE_TOKEN1")
          .containsEntry("regatta.rehearsal", "false")
          .containsEntry("process.pid", Long.toString(pid))
          .containsEntry("process.exit.code", "0")
          .doesNotContainKey("error.type");
      Span alone = receiver.span(handed.get(2).substring(36, 52));
      assertThat(OtlpReceiver.trace(alone)).isNotEqualTo(TRACE);
      assertThat(OtlpReceiver.parent(alone)).isEmpty();
      assertThat(OtlpReceiver.attributes(receiver.span(handed.get(3).substring(36, 52))))
          .containsEntry("error.type", failed)
          .containsEntry("process.exit.code", "3");
      assertThat(receiver.metrics().toString())
          .contains("gen_ai.client.operation.duration", "invoke_agent");
      assertThat(receiver.bodies().toString()).doesNotContain("say hello", ONE);
    }
  }

  @Test
  void withoutTelemetryItIsHandedWhatItsClientGave() throws Exception {
    String given = "00-" + TRACE + "-" + CALLER + "-01";
    serve(fake("printf %s \"$TRACEPARENT\" > handed\n" + FakeClaude.ANSWERS));
    completed(traced(given));
    assertThat(folder.resolve("handed")).content().isEqualTo(given);
  }

  @Test
  void telemetryThatIsSetUpWronglyOrNotTakenIsSaidAndTheAgentDoesItsWork() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.refusing(400)) {
      Cli cli = fake(FakeClaude.ANSWERS).with("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url());
      serve(cli);
      assertThat(completed(claude("")).at("/agent/outcome").asString()).isEqualTo("succeeded");
      assertThat(stopped())
          .contains("telemetry was lost, 1 of 1 spans", "answered with HTTP status 400");
      serve(cli.with("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"));
      assertThat(completed(claude("")).at("/agent/outcome").asString()).isEqualTo("succeeded");
      assertThat(stopped())
          .contains("no telemetry is sent: OTEL_EXPORTER_OTLP_PROTOCOL is grpc")
          .doesNotContain("lost");
    }
  }

  @Test
  void whatCanNotBeStartedIsSaidWithWhatHelps() {
    serve(Cli.in(folder).onlyPath(FakeClaude.in(folder, FakeClaude.ANSWERS)));
    assertThat(refused(-32602, "{\"agent\":\"nobody\",\"command\":\"x\"}").asString())
        .isEqualTo("there is no agent 'nobody'; there are claude, codex, gemini, rehearsal-agent");
    assertThat(refused(-32602, "{\"agent\":\"command\",\"command\":\"x\"}").asString())
        .contains("no agent 'command'");
    assertThat(refused(-32602, "{\"agent\":\"rehearsal-agent\",\"command\":\"x\"}").asString())
        .contains("add --rehearsal");
    assertThat(refused(-32603, "{\"agent\":\"codex\",\"command\":\"x\"}").asString())
        .isEqualTo("the codex CLI is not on the PATH: npm install -g @openai/codex");
    assertThat(refused(-32603, claude("")).asString())
        .contains("no credential is set: set CLAUDE_CODE_TOKEN");
    assertThat(refused(-32602, claude(",\"cwd\":\"none\"")).asString()).contains("not a folder");
    assertThat(refused(-32001, "{\"agent\":\"claude\",\"command\":\" \"}").asString())
        .isEqualTo("Command cannot be empty");
    for (String name :
        List.of("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "CLAUDE_CODE_USE_BEDROCK")) {
      assertThat(refused(-32602, claude(",\"env\":{\"" + name + "\":\"x\"}")).asString())
          .contains("env may not set " + name);
    }
  }

  @Test
  void whatItsAdapterSetIsNotSetAnew() {
    serve(fake(FakeClaude.ANSWERS));
    assertThat(refused(-32602, claude(",\"env\":{\"CLAUDE_CONFIG_DIR\":\"/tmp\"}")).asString())
        .contains("env may not set CLAUDE_CONFIG_DIR");
    assertThat(completed(claude(",\"env\":{\"TZ\":\"UTC\"}")).at("/agent/outcome").asString())
        .isEqualTo("succeeded");
  }

  @Test
  void withAListAnAgentsNameMustBeOnItAndItsPromptIsNoLine() {
    serve(fake(FakeClaude.ANSWERS), "--allow-command", "claude");
    JsonNode completed = completed("{\"agent\":\"claude\",\"command\":\"echo; `x` $(y) | z\"}");
    assertThat(completed.at("/agent/outcome").asString()).isEqualTo("succeeded");
    assertThat(refused(-32001, "{\"agent\":\"codex\",\"command\":\"claude\"}").asString())
        .isEqualTo("Agent 'codex' is not allowed");
    assertThat(refused(-32602, claude(",\"env\":{\"A\":\"b\"}")).asString())
        .contains("env is not taken");
  }

  @Test
  void aCommandOfARehearsalHasNoCredentialToReachAModelWith() {
    serve(fake(FakeClaude.ANSWERS), "--rehearsal");
    JsonNode completed = completed("{\"command\":\"printenv CLAUDE_CODE_TOKEN2\"}");
    assertThat(completed.get("exit_code").asInt()).isOne();
    assertThat(peer.printed("stdout")).isEmpty();
  }

  @Test
  void theServersOwnEnvironmentHoldsNoTokenAndCommandsAndRunsStillFindTheirs() throws Exception {
    serve(fake("printf %s \"$ANTHROPIC_API_KEY\" > given\n" + FakeClaude.ANSWERS));
    completed("{\"command\":\"cat /proc/$PPID/environ | tr '\\\\0' '\\\\n'\"}");
    assertThat(peer.printed("stdout")).contains("HOME=").doesNotContain(ONE, TWO);
    completed("{\"command\":\"printenv CLAUDE_CODE_TOKEN2\"}");
    assertThat(peer.printed("stdout")).isEqualTo(TWO + "\n");
    try (Api api = new Api(base, "")) {
      JsonNode credentials = api.json(200, api.get("/api/v1/credentials")).get("credentials");
      assertThat(credentials.valueStream().map(each -> each.get("name").asString()))
          .containsExactly("CLAUDE_CODE_TOKEN1", "CLAUDE_CODE_TOKEN2");
      String id =
          api.json(
                  201,
                  api.post(
                      "/api/v1/runs",
                      "{\"kind\":\"run\",\"agent\":\"claude\",\"tasks\":[\"say hello\"]}"))
              .get("id")
              .asString();
      await()
          .atMost(Peer.PATIENCE)
          .until(() ->
              !api.json(200, api.get("/api/v1/runs/" + id))
                  .get("status")
                  .asString()
                  .equals("running"));
      JsonNode attempt = api.json(200, api.get("/api/v1/runs/" + id + "/attempts/1.1"));
      assertThat(attempt.get("outcome").asString()).as("%s", attempt).isEqualTo("succeeded");
    }
    assertThat(folder.resolve("given")).content(StandardCharsets.UTF_8).isEqualTo(ONE);
  }

  @Test
  void overHttpItIsTheSame() throws Exception {
    serve(fake(FakeClaude.ANSWERS));
    try (Api api = new Api(base, "")) {
      JsonNode begun = api.json(201, api.post(ALL, claude(",\"id\":\"h\"")));
      assertThat(begun.at("/agent/name").asString()).isEqualTo("claude");
      assertThat(begun.at("/agent/credential/name").asString()).isEqualTo("CLAUDE_CODE_TOKEN1");
      String last =
          api.follow(ALL + "/h/output")
              .body()
              .filter(line -> line.startsWith("data:"))
              .toList()
              .getLast();
      assertThat(JsonMapper.shared().readTree(last.substring(5)).at("/params/agent/answer"))
          .hasToString("\"hello\"");
      JsonNode ended = api.json(200, api.get(ALL + "/h"));
      assertThat(ended.at("/agent/outcome").asString()).isEqualTo("succeeded");
      assertThat(api.json(422, api.post(ALL, "{\"agent\":\"x\",\"command\":\"y\"}")).toString())
          .contains("there is no agent 'x'");
      assertThat(api.json(500, api.post(ALL, "{\"agent\":\"codex\",\"command\":\"y\"}")).toString())
          .contains("npm install -g @openai/codex");
      assertThat(
              api.json(422, api.post(ALL, "{\"command\":\"y\",\"credential\":\"z\"}")).toString())
          .contains("credential is for an agent");
    }
  }
}
