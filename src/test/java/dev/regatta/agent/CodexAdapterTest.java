package dev.regatta.agent;

import static dev.regatta.agent.Examples.asking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.credential.Credential;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodexAdapterTest {
  private static final String TOKEN = "sk-proj-a-token-for-tests";

  private final Adapter codex = new CodexAdapter(Path.of("/bin/codex"));

  private static Assignment assignment(boolean rehearsal) {
    Map<String, String> inherited = new HashMap<>();
    for (String name : Environments.CREDENTIALS) {
      inherited.put(name, "planted-" + name);
    }
    inherited.put("HOME", "/home/user");
    inherited.put("PATH", "/bin");
    inherited.put("HTTPS_PROXY", "http://proxy");
    inherited.put("CODEX_HOME", "/home/user/.codex");
    inherited.put("OPENAI_BASE_URL", "https://elsewhere");
    return new Assignment(
        "r1-parallel-2",
        "say hello",
        List.of(),
        Optional.empty(),
        Path.of("/folder"),
        Path.of("/config"),
        Optional.of(new Credential("OPENAI_API_KEY1", new Secret(TOKEN)).at(Provider.OPENAI)),
        Optional.of(URI.create("http://127.0.0.1:4711/")),
        rehearsal,
        inherited,
        Optional.of("gpt-asked"),
        List.of(),
        Permissions.ACCEPT_EDITS,
        Map.of("REGATTA_ATTEMPT", "run/r1-parallel-2"));
  }

  @Test
  void itGetsTheAllowListAHomeOfItsOwnAndExactlyOneCredential() {
    Launch launch = codex.launch(assignment(false));
    assertThat(launch.environment())
        .isEqualTo(
            Map.of(
                "HOME", "/home/user",
                "PATH", "/bin",
                "HTTPS_PROXY", "http://proxy",
                "NO_PROXY", "127.0.0.1",
                "no_proxy", "127.0.0.1",
                "CODEX_HOME", "/config",
                "REGATTA_ATTEMPT", "run/r1-parallel-2",
                "OPENAI_API_KEY", TOKEN));
    assertThat(launch.credentialVariable()).contains("OPENAI_API_KEY");
    assertThat(launch.toString()).doesNotContain(TOKEN);
  }

  @Test
  void aRehearsalHasItsOwnHomeAndNoProxy() {
    assertThat(codex.launch(assignment(true)).environment())
        .containsEntry("HOME", "/config")
        .containsEntry("NO_PROXY", "*")
        .doesNotContainKey("HTTPS_PROXY");
  }

  @Test
  void theCommandLineSendsItToTheAddressWithAKeyFromTheEnvironmentAlone() {
    assertThat(codex.launch(assignment(false)).command())
        .containsExactly(
            "/bin/codex",
            "exec",
            "--json",
            "--skip-git-repo-check",
            "-C",
            "/folder",
            "--ignore-user-config",
            "--ignore-rules",
            "--disable",
            "plugins",
            "-s",
            "workspace-write",
            "-m",
            "gpt-asked",
            "-c",
            "analytics.enabled=false",
            "-c",
            "model_provider=\"regatta\"",
            "-c",
            "model_providers.regatta={name=\"regatta\",base_url=\"http://127.0.0.1:4711/v1\","
                + "wire_api=\"responses\",env_key=\"OPENAI_API_KEY\"}",
            "-c",
            "shell_environment_policy.exclude=[\"OPENAI_API_KEY\"]",
            "say hello");
    assertThat(codex.launch(asking("hi", Permissions.LEAST)).command())
        .contains("read-only")
        .anyMatch(word -> word.contains("base_url=\"https://api.openai.com/v1\""));
    assertThat(codex.launch(asking("hi", Permissions.BYPASS)).command())
        .contains("--dangerously-bypass-approvals-and-sandbox")
        .doesNotContain("-s");
  }

  @Test
  void aPromptThatCannotBeAnArgumentGoesThroughStandardInput() {
    for (String prompt : List.of("-x", "é".repeat(50_001))) {
      Launch launch = codex.launch(asking(prompt, Permissions.LEAST));
      assertThat(launch.command()).doesNotContain(prompt).endsWith("-");
      assertThat(new String(launch.input().orElseThrow(), StandardCharsets.UTF_8))
          .isEqualTo(prompt);
    }
    assertThat(codex.launch(asking("hi", Permissions.LEAST)).input()).isEmpty();
  }

  @Test
  void itCallsOpenAisApiAndReadsLines() {
    assertThat(codex.provider()).contains(Provider.OPENAI);
    assertThat(codex.readsLines()).isTrue();
    assertThat(codex.stagger(2)).isEmpty();
    assertThat(codex.writeTool()).isEmpty();
  }
}
