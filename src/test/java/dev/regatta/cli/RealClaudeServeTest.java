package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.server.Api;
import dev.regatta.server.Peer;
import dev.regatta.telemetry.PrometheusText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The real CLI as a client of the server asks for it, answered in rehearsal. */
@Timeout(300)
class RealClaudeServeTest {
  private static final String SCRIPT =
      """
      rules:
        - match: 'capital'
          latency: 0
          reply: Paris
        - match: 'for ever'
          stall: true
      """;

  private static Optional<Path> claude;
  private static final Map<String, Path> OTHERS = new TreeMap<>();

  @TempDir Path folder;
  private Cli.Running running;
  private String base;
  private Peer peer;

  @BeforeAll
  static void install() throws Exception {
    claude = InstalledClaude.folder();
    new InstalledCli("codex", "@openai/codex", "0.169.0")
        .folder()
        .ifPresent(found -> OTHERS.put("codex", found));
    new InstalledCli("gemini", "@google/gemini-cli", "0.61.0")
        .folder()
        .ifPresent(found -> OTHERS.put("gemini", found));
  }

  @BeforeEach
  void serve() throws Exception {
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    Files.writeString(folder.resolve("answers.yaml"), SCRIPT);
    Cli cli = Cli.in(folder).path(claude.get());
    OTHERS.values().forEach(cli::path);
    running =
        cli.start("serve", "--port", "0", "--open", "--rehearsal", "--script", "answers.yaml");
    Pattern pattern = Pattern.compile("http://(127\\.0\\.0\\.1:[0-9]+)");
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> !running.alive() || pattern.matcher(running.out()).find());
    Matcher found = pattern.matcher(running.out());
    assertThat(found.find()).as("%s", running.err()).isTrue();
    base = found.group();
    peer = Peer.at("ws://" + found.group(1) + "/ws", Optional.empty());
  }

  @AfterEach
  void stop() {
    if (running != null) {
      peer.close();
      running.signal("INT");
      assertThat(running.await().err()).doesNotContain("Exception");
      running.close();
    }
  }

  private static String asked(String agent, String prompt) {
    return "{\"agent\":\"%s\",\"command\":\"%s\",\"id\":\"a\"}".formatted(agent, prompt);
  }

  @Test
  void itAnswersOverWebSocketAndEveryNoticeOfItIsLabelled() throws Exception {
    await().until(() -> running.out().contains("REHEARSAL: agents are answered by a built-in"));
    peer.result("execute", asked("claude", "What is the capital of France?"));
    JsonNode completed = peer.notice("process.completed", "a");
    JsonNode agent = completed.get("agent");
    assertThat(agent.get("outcome").asString()).as("%s", completed).isEqualTo("succeeded");
    assertThat(agent.get("answer").asString()).isEqualTo("Paris");
    assertThat(agent.get("session_id").asString()).hasSize(36);
    assertThat(agent.get("output_tokens").asInt()).isPositive();
    assertThat(agent.get("cost_usd").isNumber()).isTrue();
    assertThat(agent.get("credential").get("name").asString()).isNotEmpty();
    assertThat(agent.get("rehearsal").asBoolean()).isTrue();
    assertThat(peer.printed("stdout")).contains("\"subtype\":\"init\"").contains("Paris");
    assertThat(peer.heard().stream().filter(each -> each.path("params").has("id")))
        .hasSizeGreaterThan(4)
        .allMatch(each -> each.get("params").get("rehearsal").asBoolean());
    assertThat(peer.result("status", "{\"id\":\"a\"}").get("rehearsal").asBoolean()).isTrue();
    PrometheusText text = PrometheusText.of(base);
    assertThat(text.samples("regatta_server_agents_total"))
        .containsExactly(
            Map.entry(Map.of("agent", "claude", "outcome", "succeeded", "rehearsal", "true"), 1.0));
    assertThat(text.samples("regatta_server_agent_tokens_total"))
        .containsEntry(
            Map.of("agent", "claude", "type", "input", "rehearsal", "true"),
            agent.get("input_tokens").asDouble());
    assertThat(text.total("regatta_server_agent_cost_usd_total")).isPositive();
  }

  @Test
  void itIsCanceledInTheMiddleAndLeavesNothing() {
    long pid = peer.result("execute", asked("claude", "Go on for ever.")).get("pid").asLong();
    peer.until(message -> message.toString().contains("init")); // it waits for the model now
    peer.result("control", "{\"type\":\"CANCEL\",\"id\":\"a\"}");
    JsonNode completed = peer.notice("process.completed", "a");
    assertThat(completed.get("reason").asString()).isEqualTo("canceled");
    assertThat(completed.at("/agent/outcome").asString()).isEqualTo("cancelled");
    assertThat(completed.at("/agent/rehearsal").asBoolean()).isTrue();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"codex", "gemini"})
  void otherAgentsAnswerTooEachWithACredentialOfItsOwnProvider(String name) {
    assumeTrue(OTHERS.containsKey(name), "the real " + name + " CLI could not be installed");
    peer.result("execute", asked(name, "What is the capital of France?"));
    JsonNode agent = peer.notice("process.completed", "a").get("agent");
    assertThat(agent.get("answer").asString("")).as("%s", agent).isEqualTo("Paris");
    assertThat(agent.get("name").asString()).isEqualTo(name);
    assertThat(agent.get("credential").get("name").asString())
        .contains(name.equals("codex") ? "OPENAI" : "GEMINI");
  }

  @Test
  void theBuiltInAgentAnswersTooAndARunByPostIsARehearsal() throws Exception {
    peer.result("execute", asked("rehearsal-agent", "What is the capital of France?"));
    assertThat(peer.notice("process.completed", "a").at("/agent/answer").asString())
        .isEqualTo("Paris");
    try (Api api = new Api(base, "")) {
      String id =
          api.json(
                  201,
                  api.post(
                      "/api/v1/runs",
                      "{\"kind\":\"run\",\"agent\":\"claude\",\"tasks\":[\"Name the capital.\"]}"))
              .get("id")
              .asString();
      String run = "/api/v1/runs/" + id;
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> !api.json(200, api.get(run)).get("status").asString().equals("running"));
      assertThat(api.json(200, api.get(run)).get("rehearsal").asBoolean()).isTrue();
      assertThat(api.json(200, api.get(run + "/attempts/1.1")).at("/claims/answer").asString())
          .isEqualTo("Paris");
    }
  }
}
