package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.Peer;
import dev.regatta.server.ToolClient;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs as tools of MCP: a real server, the library's own client, and the real claude CLI. */
@Timeout(300)
class ToolsOfTheServerTest {
  @TempDir Path folder;
  private Cli.Running running;
  private String base;

  private ToolClient serve(String... more) throws Exception {
    List<String> words = Stream.concat(Stream.of("serve", "--port", "0"), Stream.of(more)).toList();
    running = Cli.in(folder).start(words.toArray(String[]::new));
    Pattern pattern = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> !running.alive() || pattern.matcher(running.out()).find());
    Matcher found = pattern.matcher(running.out());
    assertThat(found.find()).as("%s", running.err()).isTrue();
    base = found.group();
    return new ToolClient(base, token());
  }

  private String token() throws Exception {
    Path file = folder.resolve(".regatta/server/token");
    return Files.exists(file) ? Files.readString(file).strip() : "";
  }

  @AfterEach
  void stop() {
    if (running != null) {
      if (running.alive()) {
        running.signal("INT");
        running.await();
      }
      running.close();
    }
  }

  /** All lines of a journal, asked for in parts until it is over. */
  private static List<JsonNode> followed(ToolClient client, String run) {
    List<JsonNode> lines = new ArrayList<>();
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> {
          JsonNode page =
              client.answer(
                  "journal_tail", Map.of("run", run, "from", lines.size() + 1, "limit", 2));
          page.get("lines").forEach(lines::add);
          return page.get("over").asBoolean();
        });
    return lines;
  }

  private static String status(ToolClient client, String run) {
    JsonNode row = client.answer("list_runs", Map.of("limit", 1)).at("/runs/0");
    assertThat(row.get("id").asString()).isEqualTo(run);
    return row.get("status").asString();
  }

  @Test
  void aRunIsStartedFollowedAndReadToItsEnd() throws Exception {
    try (ToolClient client = serve()) {
      JsonNode started =
          client.answer(
              "start_run",
              Map.of(
                  "kind",
                  "run",
                  "agent",
                  "rehearsal-agent",
                  "rehearsal",
                  true,
                  "tasks",
                  List.of("Say hello.")));
      String id = started.get("id").asString();
      assertThat(started.get("rehearsal").asBoolean()).isTrue();
      List<JsonNode> lines = followed(client, id);
      assertThat(lines.getFirst().at("/event/type").asString()).isEqualTo("run-started");
      assertThat(lines.getLast().at("/event/type").asString()).isEqualTo("run-ended");
      List<String> written =
          Files.readAllLines(folder.resolve(".regatta/runs/" + id + "/journal.jsonl"));
      assertThat(lines).isEqualTo(written.stream().map(Parsed::json).toList());
      await().atMost(Peer.PATIENCE).until(() -> status(client, id).equals("completed"));
      JsonNode report = client.answer("run_report", Map.of("run", id));
      assertThat(report.get("run").asString()).isEqualTo(id);
      assertThat(report).isEqualTo(Parsed.json(Cli.in(folder).within("show", id, "--json").out()));
      assertThat(client.refusal("cancel_run", Map.of("run", id)))
          .isEqualTo("run " + id + " does not run");
    }
    assertThat(running.err()).isEmpty();
  }

  @Test
  void aRunIsCanceled() throws Exception {
    try (ToolClient client = serve("--open")) {
      assertThat(token()).as("--open asks for none").isEmpty();
      String id =
          client
              .answer(
                  "start_run",
                  Map.of(
                      "kind", "run", "tasks", List.of(Map.of("command", List.of("sleep", "60")))))
              .get("id")
              .asString();
      assertThat(status(client, id)).isEqualTo("running");
      assertThat(client.answer("cancel_run", Map.of("run", id)).get("signal").asString())
          .isEqualTo("INT");
      assertThat(followed(client, id).getLast().at("/event/status").asString())
          .isEqualTo("interrupted");
    }
  }

  @Test
  void withAListARunStartsOnlyWhatIsOnIt() throws Exception {
    try (ToolClient client = serve("--allow-command", "echo")) {
      assertThat(
              client.refusal(
                  "start_run",
                  Map.of("kind", "run", "tasks", List.of(Map.of("command", List.of("ls"))))))
          .isEqualTo("task 1: 'ls' is not allowed on this server");
    }
  }

  @Test
  void whoStartsARunAndVanishesLeavesARunThatGoesToItsEndAndNothingElse() throws Exception {
    try (ToolClient client = serve()) {
      String call =
          """
          {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"start_run",
           "arguments":{"kind":"run","tasks":[{"command":["true"]}]}}}
          """;
      try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(base.split(":")[2]))) {
        socket
            .getOutputStream()
            .write(
                ("""
                POST /mcp HTTP/1.1
                Host: %s
                Authorization: Bearer %s
                Content-Type: application/json
                Accept: application/json, text/event-stream
                Content-Length: %d

                """
                            .formatted(base.substring(7), token(), call.length())
                            .replace("\n", "\r\n")
                        + call)
                    .getBytes(StandardCharsets.US_ASCII));
      }
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> client.answer("list_runs", Map.of()).at("/runs/0").has("id"));
      String id = client.answer("list_runs", Map.of()).at("/runs/0/id").asString();
      assertThat(followed(client, id).getLast().at("/event/status").asString())
          .isEqualTo("completed");
      await()
          .atMost(Peer.PATIENCE)
          .until(() ->
              Cli.below(folder.resolve(".regatta/server")).stream()
                  .noneMatch(name -> name.contains("run-")));
    }
  }

  @Test
  void aServerThatStopsTakesItsRunsWithItAlsoWhileClientsAreThere() throws Exception {
    try (ToolClient client = serve()) {
      client.answer(
          "start_run",
          Map.of("kind", "run", "tasks", List.of(Map.of("command", List.of("sleep", "60")))));
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).isEqualTo(130);
      assertThat(ended.out()).contains("1 run was asked to stop");
      assertThat(Cli.below(folder.resolve(".regatta/server"))).containsExactly("token");
    }
  }

  @Test
  void theRealClaudeFindsTheServerAndStartsARunThere() throws Exception {
    Optional<Path> claude = InstalledClaude.folder();
    Assumptions.assumeTrue(claude.isPresent(), "no claude CLI");
    Files.writeString(
        folder.resolve("script.yaml"),
        """
        rules:
          - match: 'start it'
            latency: 0
            tool:
              name: mcp__regatta__start_run
              input: {kind: run, tasks: [{command: [echo, planted]}]}
            reply: 'said ${result}'
        """);
    try (ToolClient client = serve();
        Cli.Running models = Cli.in(folder).start("rehearse", "--script", "script.yaml")) {
      String header = "Authorization: Bearer " + token();
      claude(claude.get(), "", "mcp", "add", "-t", "http", "regatta", base + "/mcp", "-H", header);
      assertThat(claude(claude.get(), "", "mcp", "list")).contains(base + "/mcp", "Connected");
      Pattern address = Pattern.compile("ANTHROPIC_BASE_URL=(http://127\\.0\\.0\\.1:[0-9]+)");
      await().atMost(Peer.PATIENCE).until(() -> address.matcher(models.out()).find());
      Matcher found = address.matcher(models.out());
      assertThat(found.find()).isTrue();
      String said =
          claude(
              claude.get(),
              found.group(1),
              "-p",
              "start it",
              "--allowedTools",
              "mcp__regatta__start_run");
      JsonNode run = client.answer("list_runs", Map.of()).at("/runs/0");
      assertThat(said).startsWith("said ").contains(run.get("id").asString());
      assertThat(
              followed(client, run.get("id").asString()).getLast().at("/event/status").asString())
          .isEqualTo("completed");
    }
  }

  private String claude(Path programs, String models, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(programs.resolve("claude").toString()));
    command.addAll(List.of(words));
    Path home = Files.createDirectories(folder.resolve("claude"));
    Path said = home.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(said.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                home.toString(),
                "CLAUDE_CONFIG_DIR",
                home.toString(),
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
                "1",
                "DISABLE_AUTOUPDATER",
                "1",
                "MCP_CONNECTION_NONBLOCKING",
                "0"));
    if (!models.isEmpty()) {
      builder.environment().put("ANTHROPIC_BASE_URL", models);
      builder.environment().put("ANTHROPIC_API_KEY", "sk-ant-api03-nobodys");
    }
    Process process = builder.start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    return Files.readString(said);
  }
}
