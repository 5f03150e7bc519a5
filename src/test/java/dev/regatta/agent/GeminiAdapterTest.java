package dev.regatta.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.credential.Credential;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeminiAdapterTest {
  private static final String KEY = "AIza-assigned-by-a-test";

  private final Adapter gemini = new GeminiAdapter(Path.of("/bin/gemini"));

  @TempDir Path config;

  @Test
  void theCliGetsTheAllowListOneKeyAndATrustInNothing() {
    Map<String, String> inherited = new HashMap<>();
    Environments.CREDENTIALS.forEach(name -> inherited.put(name, "planted-" + name));
    inherited.put("PATH", "/bin");
    inherited.put("HOME", "/home/user");
    inherited.put("HTTPS_PROXY", "http://proxy");
    inherited.put("GOOGLE_GEMINI_BASE_URL", "https://elsewhere");
    inherited.put("GEMINI_CLI_TRUST_WORKSPACE", "true");

    Launch launch = gemini.launch(assignment(inherited, false, "hi", Permissions.LEAST, List.of()));

    assertThat(launch.environment())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("PATH", "/bin"),
                Map.entry("HOME", "/home/user"),
                Map.entry("HTTPS_PROXY", "http://proxy"),
                Map.entry("NO_PROXY", "127.0.0.1"),
                Map.entry("no_proxy", "127.0.0.1"),
                Map.entry("GEMINI_CLI_HOME", config.toString()),
                Map.entry("GEMINI_CLI_TRUST_WORKSPACE", "false"),
                Map.entry("GEMINI_CLI_NO_RELAUNCH", "true"),
                Map.entry("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:4711"),
                Map.entry("GEMINI_API_KEY", KEY),
                Map.entry("REGATTA_ATTEMPT", "run/a")));
    assertThat(launch.credentialVariable()).contains("GEMINI_API_KEY");
  }

  @Test
  void aRehearsalHasItsOwnHomeAndNoProxy() {
    Map<String, String> inherited = Map.of("HOME", "/home/user", "HTTPS_PROXY", "http://proxy");

    assertThat(
            gemini
                .launch(assignment(inherited, true, "hi", Permissions.LEAST, List.of()))
                .environment())
        .containsEntry("HOME", config.toString())
        .containsEntry("NO_PROXY", "*")
        .doesNotContainKey("HTTPS_PROXY");
  }

  @Test
  void neitherTheCommandLineNorAFileHoldsTheKey() throws IOException {
    Launch launch = gemini.launch(assignment(Map.of(), false, "hi", Permissions.BYPASS, List.of()));

    assertThat(launch.toString()).doesNotContain(KEY);
    assertThat(String.join(" ", launch.command())).doesNotContain(KEY);
    assertThat(Files.readString(config.resolve(".gemini/settings.json")))
        .isEqualTo(GeminiHome.SETTINGS)
        .doesNotContain(KEY);
  }

  @Test
  void permissionsAndToolsBecomeNamesOfToolsThatAreAllowed() {
    assertThat(command(Permissions.LEAST, List.of()))
        .containsExactly("/bin/gemini", "-p", "hi", "-o", "stream-json", "--model", "gemini-x");
    assertThat(command(Permissions.LEAST, List.of("Write", "run_shell_command(git)")))
        .endsWith("--allowed-tools", "write_file,run_shell_command(git)");
    assertThat(command(Permissions.ACCEPT_EDITS, List.of("Write", "Bash")))
        .endsWith("--allowed-tools", "write_file,replace,run_shell_command");
    assertThat(command(Permissions.BYPASS, List.of("Bash"))).endsWith("--allowed-tools", "*");
  }

  @Test
  void aToolThatTheCliDoesNotHaveIsRefusedByName() {
    for (String tool : List.of("Task", "*", "a,b", "--yolo")) {
      assertThatThrownBy(() -> command(Permissions.LEAST, List.of(tool)))
          .as(tool)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the agent gemini has no tool '" + tool + "'; name one as it");
    }
  }

  @Test
  void aPromptThatCannotBeAnArgumentGoesThroughStandardInput() {
    for (String prompt : List.of("-x", "é".repeat(50_001))) {
      Launch launch =
          gemini.launch(assignment(Map.of(), false, prompt, Permissions.LEAST, List.of()));
      assertThat(launch.command()).doesNotContain(prompt, "-p");
      assertThat(new String(launch.input().orElseThrow(), StandardCharsets.UTF_8))
          .isEqualTo(prompt);
    }
  }

  @Test
  void settingsThatSomebodyChangedAreWrittenAnewAndOthersLeft() throws IOException {
    Path settings = config.resolve(".gemini/settings.json");
    GeminiHome.prepare(config);
    Files.writeString(settings, "{}");
    GeminiHome.prepare(config);
    assertThat(settings).hasContent(GeminiHome.SETTINGS);
    Object first = Files.getAttribute(settings, "unix:ino");
    GeminiHome.prepare(config);
    assertThat(Files.getAttribute(settings, "unix:ino")).isEqualTo(first);
    assertThat(config.resolve(".gemini")).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void variablesThatAnAgentLeftInTheHomeAreTakenAway() throws IOException {
    Path outer = config.resolve(".env");
    Path inner = config.resolve(".gemini/.env");
    GeminiHome.prepare(config);
    Files.writeString(outer, "GOOGLE_GEMINI_BASE_URL=https://elsewhere\n");
    Files.createSymbolicLink(inner, config.resolve("nowhere"));
    GeminiHome.prepare(config);
    assertThat(Files.list(config)).containsExactly(config.resolve(".gemini"));
    assertThat(Files.list(config.resolve(".gemini")))
        .containsExactly(config.resolve(".gemini/settings.json"));
    Files.createDirectories(inner.resolve("full"));
    GeminiHome.prepare(config);
    assertThat(inner).as("no variables can be read from a folder").isDirectory();
  }

  @Test
  void withoutAnotherAddressTheProvidersOwnIsSet() {
    assertThat(gemini.launch(plain()).environment())
        .containsEntry("GOOGLE_GEMINI_BASE_URL", "https://generativelanguage.googleapis.com");
  }

  private Assignment plain() {
    return new Assignment(
        "a",
        "hi",
        List.of(),
        Optional.empty(),
        Path.of("/folder"),
        config,
        Optional.empty(),
        Optional.empty(),
        false,
        Map.of("GOOGLE_GEMINI_BASE_URL", "https://elsewhere"),
        Optional.empty(),
        List.of(),
        Permissions.LEAST,
        Map.of());
  }

  private List<String> command(Permissions permissions, List<String> tools) {
    return gemini.launch(assignment(Map.of(), false, "hi", permissions, tools)).command();
  }

  private Assignment assignment(
      Map<String, String> inherited,
      boolean rehearsal,
      String prompt,
      Permissions permissions,
      List<String> tools) {
    return new Assignment(
        "a",
        prompt,
        List.of(),
        Optional.empty(),
        Path.of("/folder"),
        config,
        Optional.of(new Credential("GEMINI_API_KEY1", new Secret(KEY)).at(Provider.GOOGLE)),
        Optional.of(URI.create("http://127.0.0.1:4711")),
        rehearsal,
        inherited,
        Optional.of("gemini-x"),
        tools,
        permissions,
        Map.of("REGATTA_ATTEMPT", "run/a"));
  }
}
