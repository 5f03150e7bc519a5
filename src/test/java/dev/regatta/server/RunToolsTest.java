package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regatta.store.RunRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who comes to the tools, with raw requests, and what they say, with the library's own client. */
class RunToolsTest {
  private static final String SECRET = "sk-ant-nobodys";
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  @TempDir Path folder;

  private CommandServer served(ServerLimits limits, Optional<ServerToken> token) {
    Path run = folder.resolve("runs/known");
    RunRow row = RunRow.running("known", "run", "a " + SECRET, run, Instant.EPOCH, false);
    return CommandServer.start(
        Served.settings(folder, Optional.empty(), limits, Served.TIMES),
        Entrance.plain(token),
        folder.resolve("server"),
        Optional.of(
            new RunsAccess(
                folder,
                () -> List.of(row),
                path -> {
                  if (Files.exists(path.resolve("fault"))) {
                    throw new IllegalStateException("a fault with " + SECRET);
                  }
                  return "{\"said\":\"" + SECRET + "\"}";
                },
                new RunProgram(
                    () -> List.of("false"), Map.of("PATH", System.getenv("PATH")), List.of()),
                text -> text.replace(SECRET, "[token]"))));
  }

  private CommandServer open() {
    return served(Served.LIMITS, Optional.empty());
  }

  private CommandServer guarded() {
    return served(Served.LIMITS, Optional.of(ServerToken.in(folder.resolve("server"))));
  }

  private static ToolClient client(CommandServer server) {
    return new ToolClient(server.baseUrl().toString(), "");
  }

  private static String ours(CommandServer server) {
    return "127.0.0.1:" + server.baseUrl().getPort();
  }

  private static String post(CommandServer server, String host, String body, String... headers)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("POST /mcp HTTP/1.1");
    lines.add("Host: " + host);
    lines.add("Content-Type: application/json");
    lines.add("Accept: application/json, text/event-stream");
    lines.addAll(List.of(headers));
    lines.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
    lines.add("");
    lines.add(body);
    return Served.raw(server, lines.toArray(String[]::new));
  }

  private static int status(CommandServer server, String host, String... headers)
      throws IOException {
    return Integer.parseInt(post(server, host, PING, headers).split(" ")[1]);
  }

  @Test
  void withoutTheTokenOrABrowsersSessionNobodyIsAnswered() throws IOException {
    try (CommandServer server = guarded()) {
      String host = ours(server);
      String token = Files.readString(folder.resolve("server/token")).strip();
      assertThat(status(server, host)).isEqualTo(401);
      assertThat(status(server, host, "Authorization: Bearer wrong")).isEqualTo(401);
      assertThat(status(server, host, "Authorization: Bearer " + token)).isEqualTo(200);
      String once = server.loginLink().getQuery().replace("once=", "");
      String cookie =
          "Cookie: regatta-%d=%s"
              .formatted(server.baseUrl().getPort(), server.browsers().open(once).orElseThrow());
      assertThat(status(server, host, cookie, "Origin: http://" + host)).isEqualTo(200);
      assertThat(status(server, host, cookie)).as("a cookie comes by itself").isEqualTo(403);
      assertThat(status(server, host, "Cookie: regatta-1=wrong")).isEqualTo(401);
      assertThatThrownBy(() -> new ToolClient(server.baseUrl().toString(), "wrong"))
          .hasStackTraceContaining("Authorization error");
      try (ToolClient client = new ToolClient(server.baseUrl().toString(), token)) {
        assertThat(client.server().version()).isEqualTo("1.2.3");
      }
    }
  }

  @Test
  void aPageOfAnotherOriginGetsNowhereUnderAnyName() throws IOException {
    try (CommandServer server = open()) {
      String host = ours(server);
      assertThat(status(server, host)).isEqualTo(200);
      assertThat(status(server, "evil.example:" + server.baseUrl().getPort())).isEqualTo(421);
      assertThat(status(server, host, "Origin: http://evil.example")).isEqualTo(403);
      assertThat(status(server, host, "Origin: null")).isEqualTo(403);
      assertThat(status(server, host, "Origin: http://" + host)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, 405", "DELETE, 405", "PUT, 405", "HEAD, 405"})
  void thereIsNoStreamToGetAndNoSessionToDelete(String method, int status) throws IOException {
    try (CommandServer server = open()) {
      assertThat(
              Served.raw(server, method + " /mcp HTTP/1.1", "Host: " + ours(server), "Accept: */*"))
          .startsWith("HTTP/1.1 " + status)
          .containsIgnoringCase("allow: POST")
          .containsIgnoringCase("application/problem+json");
    }
  }

  @Test
  void noClientLeavesASessionAndOneThatVanishesLeavesNothing() throws IOException {
    String hello =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",
         "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
        """;
    try (CommandServer server = open()) {
      for (int i = 0; i < 2 * Served.LIMITS.sessions(); i++) {
        assertThat(post(server, ours(server), hello))
            .startsWith("HTTP/1.1 200")
            .doesNotContainIgnoringCase("mcp-session-id");
      }
      try (Socket half = new Socket("127.0.0.1", server.baseUrl().getPort())) {
        half.getOutputStream()
            .write(
                ("POST /mcp HTTP/1.1\r\nHost: " + ours(server) + "\r\nContent-Length: 100\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(server.sessions()).isZero();
      assertThat(status(server, ours(server))).isEqualTo(200);
    }
  }

  @Test
  void tooManyMessagesAndTooLongOnesAreRefused() throws Exception {
    ServerLimits few = new ServerLimits(5, 300, 1 << 20, 4 << 20, 10, 1, 2, 100);
    try (CommandServer server = served(few, Optional.empty())) {
      String host = ours(server);
      assertThat(status(server, host)).as("the first loads the library").isEqualTo(200);
      // One is taken each second, so on a slow machine it is not the third that is too many.
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .atMost(Peer.PATIENCE)
          .until(() -> status(server, host) == 429);
    }
    try (CommandServer server = open()) {
      assertThat(
              Served.raw(
                  server,
                  "POST /mcp HTTP/1.1",
                  "Host: " + ours(server),
                  "Content-Type: application/json",
                  "Content-Length: " + (5 << 20)))
          .startsWith("HTTP/1.1 413");
      try (HttpClient client = HttpClient.newHttpClient()) {
        HttpResponse<String> unannounced =
            client.send(
                HttpRequest.newBuilder(server.baseUrl().resolve("/mcp"))
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json, text/event-stream")
                    .POST(
                        HttpRequest.BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(new byte[5 << 20])))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(unannounced.body()).startsWith("{").contains("the body is longer than");
      }
    }
  }

  @Test
  void whatIsNoMessageIsSaidWithoutAWordOfOurInside() throws IOException {
    try (CommandServer server = open()) {
      for (String body : List.of("{", "[]", "7", "{\"jsonrpc\":\"2.0\"}", "\u0000")) {
        assertThat(post(server, ours(server), body)).as(body).startsWith("HTTP/1.1 400");
      }
      assertThat(status(server, ours(server))).isEqualTo(200);
    }
  }

  @Test
  void aServerThatHasNoRunsHasNoTools() throws IOException {
    try (CommandServer server = Served.open(folder)) {
      assertThat(status(server, ours(server))).isEqualTo(404);
    }
  }

  @Test
  void whatAModelReadsOfTheToolsSaysWhatTheyTakeAndDo() {
    try (CommandServer server = open();
        ToolClient client = client(server)) {
      assertThat(client.tools())
          .extracting(each -> each.name() + " " + each.annotations().readOnlyHint())
          .containsExactly(
              "list_runs true",
              "start_run false",
              "run_report true",
              "journal_tail true",
              "cancel_run false");
      assertThat(client.tools())
          .allSatisfy(tool -> {
            assertThat(tool.description()).isNotBlank();
            assertThat(tool.inputSchema()).containsEntry("type", "object");
            // Model APIs refuse a tool whose schema has conditions at its top.
            assertThat(tool.inputSchema()).doesNotContainKeys("allOf", "anyOf", "oneOf");
          });
    }
  }

  @Test
  void argumentsThatBreakARuleAreNamedWithTheRule() {
    try (CommandServer server = open();
        ToolClient client = client(server)) {
      assertThat(client.refusal("list_runs", Map.of("limit", 0)))
          .isEqualTo("limit must be a whole number from 1 to 1000");
      assertThat(client.refusal("list_runs", Map.of("before", "none")))
          .isEqualTo("there is no run 'none'");
      assertThat(client.refusal("run_report", Map.of()))
          .isEqualTo("run_report needs the field 'run'");
      assertThat(client.refusal("run_report", Map.of("run", 7)))
          .isEqualTo("run must be a run's id");
      assertThat(client.refusal("run_report", Map.of("run", "../server")))
          .isEqualTo("there is no run '../server'");
      assertThat(client.refusal("journal_tail", Map.of("run", "known", "form", 2)))
          .isEqualTo("form is no field here; there is run, from, limit");
      assertThat(client.refusal("journal_tail", Map.of("run", "known", "limit", 1001)))
          .isEqualTo("limit must be at most 1000");
      assertThat(client.refusal("journal_tail", Map.of("run", "known")))
          .contains("nothing is left");
      assertThat(client.refusal("cancel_run", Map.of("run", "known")))
          .isEqualTo("run known does not run");
      assertThat(client.refusal("start_run", Map.of("kind", "run")))
          .isEqualTo("the request needs the field 'tasks'");
      assertThat(client.refusal("start_run", Map.of("kind", "rum", "tasks", List.of("x"))))
          .isEqualTo("kind must be run, ask or stress");
      assertThat(
              client.refusal(
                  "start_run", Map.of("kind", "run", "agent", "command", "tasks", List.of("x"))))
          .startsWith("the run did not begin: ");
    }
  }

  @Test
  void secretsAreTakenOutOfAnswersAndAFaultOfOursIsSaid() throws IOException {
    Path run = Files.createDirectories(folder.resolve("runs/known"));
    Files.writeString(run.resolve("journal.jsonl"), "{\"seq\":1,\"of\":\"" + SECRET + "\"}\n");
    try (CommandServer server = open();
        ToolClient client = client(server)) {
      assertThat(client.answer("run_report", Map.of("run", "known")).get("said").asString())
          .isEqualTo("[token]");
      assertThat(client.answer("list_runs", Map.of()).at("/runs/0/title").asString())
          .isEqualTo("a [token]");
      assertThat(client.answer("journal_tail", Map.of("run", "known")).at("/lines/0/of").asString())
          .isEqualTo("[token]");
      Files.createFile(run.resolve("fault"));
      assertThat(client.refusal("run_report", Map.of("run", "known")))
          .contains("internal error")
          .doesNotContain(SECRET);
    }
  }

  @Test
  void aJournalIsReadInPartsThatAModelCanTakeWhateverStandsInIt() throws IOException {
    Path run = Files.createDirectories(folder.resolve("runs/known"));
    String large = "x".repeat(JournalPage.MOST_CHARACTERS);
    Files.writeString(
        run.resolve("journal.jsonl"),
        "{\"seq\":1}\nno \u001b[2J json\n{\"seq\":3,\"text\":\""
            + large
            + "\"}\n{\"seq\":4,\"text\":\""
            + large.substring(25)
            + "\"}\n{\"seq\":5}\n{\"seq\":6,\"not whole");
    try (CommandServer server = open();
        ToolClient client = client(server)) {
      JsonNode first = client.answer("journal_tail", Map.of("run", "known", "limit", 2));
      assertThat(first.get("lines").toString()).isEqualTo("[{\"seq\":1},\"no \\u001B[2J json\"]");
      assertThat(first.get("next").asInt()).isEqualTo(3);
      assertThat(first.get("over").asBoolean()).isFalse();
      JsonNode second = client.answer("journal_tail", Map.of("run", "known", "from", 3));
      assertThat(second.get("lines").toString())
          .isEqualTo("[{\"seq\":3,\"leftOutCharacters\":60019}]");
      assertThat(second.get("next").asInt()).isEqualTo(4);
      JsonNode third = client.answer("journal_tail", Map.of("run", "known", "from", 4));
      assertThat(third.get("lines")).hasSize(1);
      assertThat(third.at("/lines/0/text").asString()).hasSize(59_975);
      JsonNode last = client.answer("journal_tail", Map.of("run", "known", "from", 5));
      assertThat(last.get("lines").toString()).isEqualTo("[{\"seq\":5}]");
      assertThat(last.get("over").asBoolean()).as("nobody carries it out").isTrue();
      JsonNode beyond = client.answer("journal_tail", Map.of("run", "known", "from", 90));
      assertThat(beyond.get("lines")).isEmpty();
      assertThat(beyond.get("next").asInt()).isEqualTo(90);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"jsonrpc\"",
        "[]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        "{}",
        "null",
        "{\"jsonrpc\":\"2.0\"}",
        "{\"jsonrpc\":2,\"id\":1,\"method\":\"ping\"}",
        "{\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[]}"
      })
  void whatIsNoMessageIsRefusedInWordsAndWithoutAStackTrace(String body) throws Exception {
    try (CommandServer server = open()) {
      assertRefused(400, sent(server, body, "application/json, text/event-stream"), "the body");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "text/event-stream"})
  void whoDoesNotAcceptBothTypesIsToldWhichHeaderToSend(String accepted) throws Exception {
    try (CommandServer server = open()) {
      assertRefused(
          406,
          sent(server, PING, accepted),
          "send the header Accept: application/json, text/event-stream");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing/known\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/call\",\"params\":{\"name\":7,\"arguments\":[]}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"none\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":[]}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"nothing/known\",\"more\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":9999999999,\"method\":\"ping\",\"more\":1}"
      })
  void whatAMessageAsksForInVainIsAnsweredWithoutAStackTrace(String body) throws Exception {
    try (CommandServer server = open()) {
      HttpResponse<String> answer = sent(server, body, "application/json, text/event-stream");
      if (answer.statusCode() == 500) {
        assertRefused(500, answer, "the message can't be carried out: hold its params");
      } else {
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
        assertThat(answer.body()).doesNotContain("stackTrace", "jsonRpcError");
      }
    }
  }

  private static void assertRefused(int status, HttpResponse<String> answer, String words) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(JsonMapper.shared().readTree(answer.body()).get("detail").asString())
        .startsWith(words)
        .doesNotContain("Source:", "java", "Feature");
    assertThat(answer.body()).doesNotContain("stackTrace");
  }

  private static HttpResponse<String> sent(CommandServer server, String body, String accepted)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(server.baseUrl().resolve("/mcp"))
              .header("Content-Type", "application/json")
              .header("Accept", accepted)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aServerThatStopsAnswersNoMore() throws Exception {
    try (CommandServer server = open();
        ToolClient client = client(server);
        Socket kept = new Socket("127.0.0.1", server.baseUrl().getPort())) {
      String host = ours(server);
      client.answer("list_runs", Map.of());
      server.stop(() -> true);
      kept.getOutputStream()
          .write(
              ("POST /mcp HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      kept.setSoTimeout(10_000);
      assertThat(new String(kept.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 503");
    }
  }
}
