package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.rehearsal.RehearsalAgent;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents that print good results and lie; each is found out, and named. */
@Timeout(180)
class LyingAgentTest {
  @TempDir Path folder;
  private RehearsalServer server;

  @BeforeEach
  void startTheServer() throws IOException {
    Path script = Files.writeString(folder.resolve("quick.yaml"), quick());
    server = RehearsalServer.start(Script.read(script), 0, 1);
  }

  @AfterEach
  void stopTheServer() {
    server.close();
  }

  private static String quick() {
    return ProofEndToEndTest.SLOW.replace("latency: 8", "latency: 0.3");
  }

  /** The built-in agent, whose output goes through that filter of the shell. */
  private static String honestBut(String filter) {
    return Path.of(System.getProperty("java.home"), "bin", "java")
        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
        + System.getProperty("java.class.path")
        + "' "
        + RehearsalAgent.class.getName()
        + " \"$@\" | "
        + filter
        + "\n";
  }

  private JsonNode prove(String claude) {
    Cli.Ended proved =
        Cli.in(folder)
            .onlyPath(FakeClaude.in(folder, claude))
            .with("CLAUDE_CODE_TOKEN1", "sk-ant-api03-planted-one")
            .with("CLAUDE_CODE_TOKEN2", "sk-ant-api03-planted-two")
            .within(
                "prove",
                "-P",
                "2",
                "--agent",
                "claude",
                "--base-url",
                server.baseUrl().toString(),
                "--json",
                "--out",
                "out");
    return Parsed.json(proved.out());
  }

  @Test
  void anHonestAgentIsWitnessedAndChallenged() {
    JsonNode report = prove(honestBut("cat"));
    assertThat(levels(report)).containsOnly("witnessed-and-challenged");
    assertThat(detail(report, "witnesses-agree")).startsWith("PASS");
    assertThat(server.served()).as("two calls for each of four attempts").hasSize(8);
  }

  @Test
  void oneThatCallsNobodyIsNamed() {
    JsonNode report = prove("sleep 0.3\n" + FakeClaude.ANSWERS);
    assertThat(levels(report)).containsOnly("claimed");
    assertThat(detail(report, "witnesses-agree"))
        .startsWith("FAIL r1-sequential-1 calls: agent 5 output tokens, gateway no call");
    assertThat(report.at("/verdict/calls").asString()).isEqualTo("unverified");
    assertThat(report.at("/run/rehearsal").booleanValue()).as("nobody answered").isFalse();
    assertThat(server.served()).isEmpty();
  }

  @Test
  void oneThatTakesAnothersSessionIdIsNamed() {
    JsonNode report =
        prove(honestBut("sed 's/\"session_id\":\"[^\"]*\"/\"session_id\":\"stolen\"/'"));
    assertThat(detail(report, "session-ids-unique")).startsWith("FAIL").contains("stolen");
  }

  @Test
  void oneThatInflatesItsTokensIsNamed() {
    JsonNode report =
        prove(
            honestBut(
                "sed 's/\"output_tokens\":[0-9]*/\"output_tokens\":9999/;"
                    + "s/\"outputTokens\":[0-9]*/\"outputTokens\":9999/'"));
    assertThat(levels(report)).containsOnly("claimed");
    assertThat(detail(report, "witnesses-agree"))
        .startsWith("FAIL r1-sequential-1 output tokens: agent 9999, gateway ");
  }

  @Test
  void oneThatAnswersFromACacheIsNamed() {
    String cached = folder.resolve("cached").toString();
    JsonNode report =
        prove(
            "if [ -e "
                + cached
                + " ]; then cat "
                + cached
                + "; exit; fi\n"
                + honestBut("tee " + cached));
    assertThat(levels(report)).contains("claimed");
    assertThat(detail(report, "calls-witnessed")).startsWith("UNKNOWN none of ");
    assertThat(detail(report, "witnesses-agree"))
        .startsWith("FAIL r1-sequential-2 calls: agent ")
        .contains("gateway no call");
    assertThat(detail(report, "attempts-succeeded")).contains("verification-failed");
  }

  @Test
  void oneThatReordersTheMarkerItselfBesideASmallRealCallIsNamed() {
    JsonNode report =
        prove(
            """
            prompt=$(printf '%s\\n' "$@")
            marker=$(printf '%s' "$prompt" |
              sed -n 's/.*is the marker \\([0-9a-f]*\\)-\\([0-9a-f]*\\)-\\([0-9a-f]*\\) .*/\\3-\\2-\\1/p')
            file=$(printf '%s' "$prompt" | sed -n 's/^First write the file \\(.*\\) with the Write.*/\\1/p')
            printf '%s\\n' "$marker" >"$file"
            set -- -p 'Say hello' --output-format stream-json --verbose
            """
                + honestBut("sed 's/\"result\":\"[^\"]*\"/\"result\":\"Paris '$marker'\"/'"));
    assertThat(detail(report, "challenge-answered")).startsWith("PASS");
    assertThat(detail(report, "calls-witnessed")).startsWith("PASS");
    assertThat(levels(report)).containsOnly("claimed");
    assertThat(detail(report, "witnesses-agree"))
        .startsWith(
            "FAIL r1-sequential-1 challenge: agent the reordered marker in its answer, gateway in"
                + " no model's answer");
  }

  private static List<String> levels(JsonNode report) {
    return report.path("phases").values().stream()
        .flatMap(phase -> phase.path("attempts").values().stream())
        .map(attempt -> attempt.at("/evidence/level").asString())
        .toList();
  }

  private static String detail(JsonNode report, String id) {
    return report.path("criteria").values().stream()
        .filter(each -> each.path("id").asString().equals(id))
        .map(each -> each.path("status").asString() + " " + each.path("detail").asString())
        .findFirst()
        .orElseThrow();
  }
}
