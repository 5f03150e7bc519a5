package dev.regatta.agent;

import static dev.regatta.agent.Examples.TOKEN;
import static dev.regatta.agent.Examples.asking;
import static dev.regatta.agent.Examples.assignment;
import static dev.regatta.agent.Examples.exit;
import static dev.regatta.agent.Examples.killed;
import static dev.regatta.agent.Examples.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Outcome;
import dev.regatta.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdapterTest {
  private final Adapter claude = new ClaudeAdapter(Path.of("/bin/claude"));
  private final Adapter rehearsal =
      new RehearsalAgentAdapter(Path.of("/bin/java"), List.of(Path.of("/a.jar"), Path.of("/b")));

  private static Map<String, String> planted() {
    Map<String, String> inherited = new HashMap<>();
    for (String name : Environments.CREDENTIALS) {
      inherited.put(name, "planted-" + name);
    }
    inherited.put("MY_TOKEN", "planted-mine");
    inherited.put("HOME", "/home/user");
    inherited.put("PATH", "/bin");
    inherited.put("LC_ALL", "C");
    inherited.put("HTTPS_PROXY", "http://proxy");
    inherited.put("https_proxy", "http://proxy");
    inherited.put("CLAUDE_CONFIG_DIR", "/home/user/.claude");
    inherited.put("ANTHROPIC_BASE_URL", "https://elsewhere");
    inherited.put("REGATTA_ATTEMPT", "outer");
    return inherited;
  }

  @Test
  void theCommandGetsTheWholeEnvironmentButForCredentials() {
    Adapter adapter = new CommandAdapter(Set.of("MY_TOKEN"));

    Launch launch = adapter.launch(assignment(planted(), false));

    assertThat(launch.environment())
        .isEqualTo(
            Map.of(
                "HOME", "/home/user",
                "PATH", "/bin",
                "LC_ALL", "C",
                "HTTPS_PROXY", "http://proxy",
                "https_proxy", "http://proxy",
                "CLAUDE_CONFIG_DIR", "/home/user/.claude",
                "ANTHROPIC_BASE_URL", "https://elsewhere",
                "REGATTA_ATTEMPT", "run/r1-parallel-2",
                "CLAUDE_CODE_OAUTH_TOKEN", TOKEN));
    assertThat(launch.credentialVariable()).contains("CLAUDE_CODE_OAUTH_TOKEN");
    assertThat(launch.command()).containsExactly("echo", "hello");
    assertThat(launch.input().orElseThrow()).isEqualTo("ïn".getBytes(StandardCharsets.UTF_8));
    assertThat(launch.folder()).isEqualTo(Path.of("/folder"));
    assertThat(adapter.stagger(2)).isEmpty();
    assertThat(adapter.readsLines()).isFalse();
  }

  @Test
  void anotherEnvironmentIsNotTakenForTheOneBefore() {
    Adapter adapter = new CommandAdapter();
    adapter.launch(assignment(Map.of("A", "1"), false));

    assertThat(adapter.launch(assignment(Map.of("A", "2"), false)).environment())
        .containsEntry("A", "2");
  }

  @Test
  void theClaudeCliGetsTheAllowListAndExactlyOneCredential() {
    Launch launch = claude.launch(assignment(planted(), false));

    assertThat(launch.environment())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("HOME", "/home/user"),
                Map.entry("PATH", "/bin"),
                Map.entry("LC_ALL", "C"),
                Map.entry("HTTPS_PROXY", "http://proxy"),
                Map.entry("https_proxy", "http://proxy"),
                Map.entry("NO_PROXY", "127.0.0.1"),
                Map.entry("no_proxy", "127.0.0.1"),
                Map.entry("CLAUDE_CONFIG_DIR", "/config"),
                Map.entry("ANTHROPIC_BASE_URL", "http://127.0.0.1:4711"),
                Map.entry("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
                Map.entry("DISABLE_TELEMETRY", "1"),
                Map.entry("DISABLE_AUTOUPDATER", "1"),
                Map.entry("REGATTA_ATTEMPT", "run/r1-parallel-2"),
                Map.entry("CLAUDE_CODE_OAUTH_TOKEN", TOKEN)));
    assertThat(launch.environment().toString()).doesNotContain("planted-");
  }

  @Test
  void aRehearsalHasItsOwnHomeAndNoProxy() {
    for (Adapter adapter : List.of(claude, rehearsal)) {
      assertThat(adapter.launch(assignment(planted(), true)).environment())
          .containsEntry("HOME", "/config")
          .containsEntry("NO_PROXY", "*")
          .doesNotContainKeys("HTTPS_PROXY", "https_proxy")
          .doesNotContainValue("/home/user");
    }
  }

  @Test
  void noCommandLineAndNoTextOfALaunchHoldsTheToken() {
    for (Adapter adapter : List.of(claude, rehearsal, new CommandAdapter())) {
      Assignment assignment = assignment(planted(), false);
      Launch launch = adapter.launch(assignment);
      assertThat(String.join(" ", launch.command())).doesNotContain(TOKEN);
      assertThat(launch.toString()).doesNotContain(TOKEN);
    }
  }

  @Test
  void anAgentThatMayStartOthersIsToldWhereByNameAndTheTokenIsInItsEnvironmentAlone() {
    AgentTools tools =
        new AgentTools(
            URI.create("http://127.0.0.1:5/mcp"), new Secret("regatta-agent-made-by-a-test"));
    for (Adapter adapter : List.of(claude, rehearsal)) {
      Launch launch = adapter.launch(assignment(planted(), false).with(tools));

      List<String> command = launch.command();
      assertThat(command.get(command.indexOf("--mcp-config") + 1))
          .isEqualTo(
              "{\"mcpServers\":{\"regatta\":{\"type\":\"http\",\"url\":"
                  + "\"http://127.0.0.1:5/mcp\",\"headers\":{\"Authorization\":"
                  + "\"Bearer ${REGATTA_AGENT_TOKEN}\"},\"alwaysLoad\":true}}}");
      assertThat(command.get(command.indexOf("--allowedTools") + 1))
          .isEqualTo(
              "Read,Write,mcp__regatta__spawn_agents,mcp__regatta__agent_status,"
                  + "mcp__regatta__post_note,mcp__regatta__read_notes");
      assertThat(command.toString()).doesNotContain("made-by-a-test");
      assertThat(launch.environment())
          .containsEntry("REGATTA_AGENT_TOKEN", "regatta-agent-made-by-a-test")
          .containsEntry("REGATTA_MCP_URL", "http://127.0.0.1:5/mcp")
          .containsEntry("MCP_TOOL_TIMEOUT", "2000000000")
          .containsEntry("NO_PROXY", "127.0.0.1");
    }
    assertThat(new CommandAdapter().launch(assignment(Map.of(), false).with(tools)).environment())
        .containsEntry("REGATTA_AGENT_TOKEN", "regatta-agent-made-by-a-test")
        .containsEntry("REGATTA_MCP_URL", "http://127.0.0.1:5/mcp");
  }

  @Test
  void theCommandLineOfTheClaudeCli() {
    assertThat(claude.launch(assignment(Map.of(), false)).command())
        .containsExactly(
            "/bin/claude",
            "-p",
            "say hello",
            "--output-format",
            "stream-json",
            "--verbose",
            "--setting-sources",
            "user",
            "--model",
            "claude-asked",
            "--permission-mode",
            "acceptEdits",
            "--allowedTools",
            "Read,Write");
    assertThat(claude.launch(asking("hi", Permissions.LEAST)).command())
        .containsExactly(
            "/bin/claude",
            "-p",
            "hi",
            "--output-format",
            "stream-json",
            "--verbose",
            "--setting-sources",
            "user");
    assertThat(claude.launch(asking("hi", Permissions.BYPASS)).command())
        .endsWith("--dangerously-skip-permissions");
    assertThat(rehearsal.launch(asking("hi", Permissions.BYPASS)).command())
        .startsWith("/bin/java")
        .contains("dev.regatta.rehearsal.RehearsalAgent", "-p", "hi")
        .endsWith("--permission-mode", "bypassPermissions");
  }

  @Test
  void aPromptThatCannotBeAnArgumentGoesThroughStandardInput() {
    for (String prompt : List.of("-x", "--version", "é".repeat(50_001))) {
      Launch launch = claude.launch(asking(prompt, Permissions.LEAST));
      assertThat(launch.command()).doesNotContain(prompt).hasSize(7);
      assertThat(new String(launch.input().orElseThrow(), StandardCharsets.UTF_8))
          .isEqualTo(prompt);
    }
    assertThat(claude.launch(asking("é".repeat(50_000), Permissions.LEAST)).input()).isEmpty();
  }

  @Test
  void onlyTheRealCliIsStaggeredAndOnlyWhereCoresAreFew() {
    assertThat(claude.stagger(7)).contains(Duration.ofMillis(300));
    assertThat(claude.stagger(8)).isEmpty();
    assertThat(rehearsal.stagger(2)).isEmpty();
    assertThat(claude.readsLines()).isTrue();
    assertThat(rehearsal.readsLines()).isTrue();
  }

  @Test
  void aCommandIsJudgedByItsEnd() {
    expect(exit(0), Outcome.SUCCEEDED, "exit 0");
    expect(exit(3), Outcome.AGENT_ERROR, "exit 3");
    expect(killed(9), Outcome.AGENT_ERROR, "ended by signal 9 (KILL)");
    expect(
        stopped(Stopped.TIMED_OUT),
        Outcome.TIMED_OUT,
        "ran longer than its 30 s limit; raise it with --timeout");
    expect(stopped(Stopped.FIRST_OUTPUT_TIMED_OUT), Outcome.STALLED, "no first output within 30 s");
    expect(stopped(Stopped.STALLED), Outcome.STALLED, "silent for 30 s; raise --stall");
    expect(stopped(Stopped.CANCELLED), Outcome.CANCELLED, "cancelled");
  }

  private static void expect(Ending ending, Outcome outcome, String reason) {
    Conclusion conclusion = new CommandAdapter().reading().conclude(ending);
    assertThat(conclusion.outcome()).isEqualTo(outcome);
    assertThat(conclusion.reason()).isEqualTo(reason);
  }
}
