package dev.regatta.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(90)
class RehearsalAgentTest {
  private static final List<String> USUAL =
      List.of("--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits");
  private static final String WRITES =
      "{match: 'write (.+)', latency: 0, tool: {name: Write, input: {file_path: '${1}', content:"
          + " hi}}, reply: done}";

  @TempDir Path folder;

  @Test
  void theChallengeIsMetAndToldAsTheRealCliTellsIt() throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Script.standard(), 0, 1)) {
      String prompt =
          Client.CHALLENGE.formatted(
              "What is the capital of Norway?", folder.resolve("answer.txt"));
      Ended ended = agent(server, "", words("-p", prompt, "--allowedTools", "Write"));
      assertThat(ended.exit()).isZero();
      assertThat(folder.resolve("answer.txt")).hasContent("e21d-07bc-a3f9\n");
      List<JsonNode> events = ended.events();
      assertThat(types(events))
          .containsExactly("system", "assistant", "user", "assistant", "result");
      assertThat(events.getFirst().path("rehearsal").asBoolean()).isTrue();
      assertThat(events.getFirst().path("claude_code_version").asString()).isEqualTo("1.0.0");
      JsonNode result = events.getLast();
      assertThat(result.path("rehearsal").asBoolean()).isTrue();
      assertThat(result.path("is_error").asBoolean()).isFalse();
      assertThat(result.path("result").asString()).isEqualTo("Oslo e21d-07bc-a3f9");
      assertThat(result.path("num_turns").asInt()).isEqualTo(2);
      assertThat(result.path("duration_api_ms").asInt())
          .isBetween(3200, result.path("duration_ms").asInt());
      double cost =
          result.at("/usage/input_tokens").asInt() * 5e-6
              + result.at("/usage/output_tokens").asInt() * 25e-6;
      assertThat(result.path("total_cost_usd").asDouble()).isCloseTo(cost, within(1e-9));
      assertThat(events.get(1).path("request_id").asString())
          .isEqualTo(server.served().getFirst().requestId());
      assertThat(ended.output()).doesNotContain("sk-ant-rehearsal");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fail: 401, 401, authentication_failed",
    "fail: 429, 429, rate_limit",
    "fail: 529, 529, server_error",
    "fail: 500, 500, server_error",
    "fail: 400, 400, invalid_request",
    "malformed: true, , unknown",
    "emptyStream: true, , unknown",
    "breakStream: true, , unknown"
  })
  void anErrorOfTheApiIsAnErrorResultAndExitOne(String fault, Integer status, String kind)
      throws Exception {
    try (RehearsalServer server = start("{" + fault + ", reply: a reply}")) {
      Ended ended = agent(server, "", words("-p", "hello"));
      assertThat(ended.exit()).isEqualTo(1);
      JsonNode result = ended.events().getLast();
      assertThat(result.path("is_error").asBoolean()).isTrue();
      assertThat(result.path("result").asString()).startsWith("API Error");
      assertThat(result.path("api_error_status").asInt(0)).isEqualTo(status == null ? 0 : status);
      assertThat(ended.events().get(1).path("error").asString()).isEqualTo(kind);
      assertThat(server.greatestOpen()).isEqualTo(1);
    }
  }

  @Test
  void aPromptMayComeThroughStandardInput() throws Exception {
    try (RehearsalServer server = start("{match: 'say (.*)', latency: 0, reply: 'I say ${1}'}")) {
      Ended json = agent(server, "say grüß", List.of("-p", "--output-format", "json"));
      assertThat(json.events()).hasSize(1);
      assertThat(json.events().getFirst().path("result").asString()).isEqualTo("I say grüß");
      assertThat(agent(server, "say a", List.of("-p", "--model", "m-1")).output().strip())
          .isEqualTo("I say a");
      assertThat(server.served().getLast().model()).isEqualTo("m-1");
    }
  }

  @Test
  void nothingIsWrittenOutsideTheFolderOrWithoutPermission() throws Exception {
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.createSymbolicLink(work.resolve("link"), folder);
    try (RehearsalServer server = start(WRITES)) {
      for (String path : List.of("../out.txt", "link/out.txt", folder + "/out.txt")) {
        Ended ended = agentIn(work, server, "", words("-p", "write " + path));
        assertThat(ended.events().get(2).at("/message/content/0/is_error").asBoolean()).isTrue();
        assertThat(folder.resolve("out.txt")).doesNotExist();
      }
      Ended denied =
          agentIn(
              work,
              server,
              "",
              List.of("-p", "write in.txt", "--output-format", "stream-json", "--verbose"));
      assertThat(denied.exit()).isZero();
      assertThat(denied.events().getLast().at("/permission_denials/0/tool_name").asString())
          .isEqualTo("Write");
      assertThat(work.resolve("in.txt")).doesNotExist();
    }
  }

  @Test
  void tooManyTurnsAreAnError() throws Exception {
    try (RehearsalServer server = start(WRITES)) {
      Ended ended = agent(server, "", words("-p", "write a.txt", "--max-turns", "1"));
      assertThat(ended.exit()).isEqualTo(1);
      assertThat(ended.events().getLast().path("subtype").asString()).isEqualTo("error_max_turns");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-p x --dangerous | 1 | unknown option '--dangerous'",
        "hello | 1 | needs -p",
        "-p | 1 | standard input",
        "-p x --model | 1 | --model needs a value",
        "-p x --max-turns 0 | 1 | --max-turns must be",
        "-p x --output-format xml | 1 | must be one of",
        "-p x --output-format stream-json | 1 | requires --verbose"
      })
  void aWrongCommandLineExitsOneWithAMessage(String words, int exit, String message)
      throws Exception {
    Ended ended = run(folder, Map.of(), "", List.of(words.split(" ")));
    assertThat(ended.exit()).isEqualTo(exit);
    assertThat(ended.errors()).contains(message);
    assertThat(ended.output()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://api.anthropic.com | ANTHROPIC_API_KEY | addresses of this machine only",
        "http://127.0.0.1.example.com | ANTHROPIC_API_KEY | addresses of this machine only",
        "http://localhost@example.com | ANTHROPIC_API_KEY | addresses of this machine only",
        "http://127.0.0.1:1 | OTHER | exactly one of ANTHROPIC_API_KEY"
      })
  void aWrongEnvironmentExitsTwoWithAMessage(String base, String variable, String message)
      throws Exception {
    Map<String, String> environment = Map.of("ANTHROPIC_BASE_URL", base, variable, "sk-ant-x");
    Ended ended = run(folder, environment, "", List.of("-p", "x"));
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.errors()).contains(message).doesNotContain("sk-ant-x");
  }

  @Test
  void theRealCliUnderstandsTheServer() throws Exception {
    Path claude = realCli();
    if (claude == null) {
      System.out.println("SKIPPED: no claude CLI (REGATTA_TEST_CLAUDE or PATH)");
    }
    assumeTrue(claude != null, "no claude CLI: set REGATTA_TEST_CLAUDE, or put it on the PATH");
    Path work = Files.createDirectories(folder.resolve("work"));
    Path home = Files.createDirectories(folder.resolve("home"));
    try (RehearsalServer server = RehearsalServer.start(Script.standard(), 0, 1)) {
      String question = "Which gas do plants take in from the air?";
      String prompt = Client.CHALLENGE.formatted(question, work.resolve("answer.txt"));
      List<String> command = new ArrayList<>(List.of(claude.toString()));
      command.addAll(words("-p", prompt, "--allowedTools", "Write"));
      Map<String, String> environment =
          Map.of(
              "PATH",
              System.getenv("PATH"),
              "HOME",
              home.toString(),
              "CLAUDE_CONFIG_DIR",
              home.toString(),
              "ANTHROPIC_API_KEY",
              "sk-ant-rehearsal",
              "ANTHROPIC_BASE_URL",
              server.baseUrl().toString(),
              "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
              "1",
              "DISABLE_TELEMETRY",
              "1",
              "DISABLE_AUTOUPDATER",
              "1");
      Ended ended = start(command, work, environment, "");
      assertThat(ended.exit()).as(ended.errors()).isZero();
      assertThat(work.resolve("answer.txt")).hasContent("e21d-07bc-a3f9\n");
      JsonNode result = ended.events().getLast();
      assertThat(result.path("result").asString()).isEqualTo("Carbon dioxide e21d-07bc-a3f9");
      assertThat(server.served()).hasSize(2).allMatch(Served::streamed);
      assertThat(server.greatestOpen()).isEqualTo(1);
    }
  }

  private record Ended(int exit, String output, String errors) {
    List<JsonNode> events() {
      return output.lines().map(it -> JsonMapper.shared().readTree(it)).toList();
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(it -> it.path("type").asString()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense | --mcp-config isn't JSON
          {"mcpServers":{"x":{"type":"stdio","command":"x"}}} | x must be of type http, on 127.0.0.1
          {"mcpServers":{"x":{"type":"http","url":"http://example.org/"}}} | x must be of type http
          {"mcpServers":{"x":{"type":"http","url":"http://127.0.0.1:1/"}}} | doesn't answer: Connection
          """)
  void serversOfToolsThatAreNotThereOrElsewhereAreRefused(String configuration, String why)
      throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Script.standard(), 0, 1)) {
      Ended ended = agent(server, "", words("-p", "hello", "--mcp-config", configuration));
      assertThat(ended.exit()).isEqualTo(2);
      assertThat(ended.errors()).contains(why);
      assertThat(server.served()).isEmpty();
    }
  }

  private static List<String> words(String... first) {
    return Stream.concat(Stream.of(first), USUAL.stream()).toList();
  }

  private static RehearsalServer start(String rule) {
    return RehearsalServer.start(Client.script("rules: [" + rule + "]"), 0, 1);
  }

  private Ended agent(RehearsalServer server, String input, List<String> words) throws Exception {
    return agentIn(folder, server, input, words);
  }

  private static Ended agentIn(Path work, RehearsalServer server, String input, List<String> words)
      throws Exception {
    Map<String, String> environment =
        Map.of(
            "ANTHROPIC_BASE_URL",
            server.baseUrl().toString(),
            "ANTHROPIC_API_KEY",
            "sk-ant-rehearsal");
    return run(work, environment, input, words);
  }

  private static Ended run(
      Path work, Map<String, String> environment, String input, List<String> words)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(RehearsalAgent.class.getName());
    command.addAll(words);
    return start(command, work, environment, input);
  }

  private static Ended start(
      List<String> command, Path work, Map<String, String> environment, String input)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("agent", ".out");
    Path errors = Files.createTempFile("agent", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process =
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    try (var feed = process.getOutputStream()) {
      feed.write(input.getBytes(StandardCharsets.UTF_8));
    }
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static Path realCli() {
    String named = System.getenv("REGATTA_TEST_CLAUDE");
    if (named != null && !named.isBlank()) {
      return Path.of(named);
    }
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(it -> Path.of(it, "claude"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
