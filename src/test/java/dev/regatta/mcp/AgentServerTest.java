package dev.regatta.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.Event;
import dev.regatta.run.Grove;
import dev.regatta.run.Task;
import dev.regatta.run.TreeBudget;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tools as the SDK's own client and a bare connection see them; the agents are shells. */
@Timeout(120)
class AgentServerTest {
  private static final String BOSS = "boss.1";
  private static final TreeBudget BUDGET =
      new TreeBudget(2, 3, 9, Optional.empty(), Optional.empty());

  @TempDir Path home;

  private final LinkedBlockingQueue<String> began = new LinkedBlockingQueue<>();
  private Grove grove;
  private AgentServer server;
  private Thread running;

  @BeforeEach
  void begin() throws Exception {
    grove = new Grove(home, 2, 2, BUDGET);
    grove.watch(event -> {
      if (event instanceof Event.AttemptStarted started) {
        began.add(started.attempt());
      }
    });
    server = AgentServer.open(grove.tree(), "1.2.3");
    running = grove.begin(Task.ofPrompt("boss", "wait_to_be_told; answer done"));
    assertThat(began.poll(60, TimeUnit.SECONDS)).isEqualTo(BOSS);
  }

  @AfterEach
  void end() throws Exception {
    grove.cancellation().request();
    running.join();
    server.close();
    grove.close();
  }

  private McpSyncClient client(String token, Function<String, Void> progress) {
    McpSyncClient client =
        McpClient.sync(
                HttpClientStreamableHttpTransport.builder(
                        "http://127.0.0.1:" + server.address().getPort())
                    .httpRequestCustomizer((request, method, uri, body, context) ->
                        request.header("Authorization", "Bearer " + token))
                    .build())
            .requestTimeout(Duration.ofSeconds(60))
            .progressConsumer(word -> progress.apply(word.message()))
            .build();
    client.initialize();
    return client;
  }

  private McpSyncClient boss() {
    return client(grove.token(BOSS), word -> null);
  }

  private static JsonNode json(McpSchema.CallToolResult result) {
    assertThat(result.isError()).as(text(result)).isFalse();
    return JsonMapper.shared().readTree(text(result));
  }

  private static String text(McpSchema.CallToolResult result) {
    return ((McpSchema.TextContent) result.content().getFirst()).text();
  }

  private static McpSchema.CallToolResult call(
      McpSyncClient client, String tool, Map<String, Object> arguments) {
    return client.callTool(McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
  }

  private static Map<String, Object> tasks(String... prompts) {
    return Map.of(
        "tasks", List.of(prompts).stream().map(prompt -> Map.of("prompt", prompt)).toList());
  }

  @Test
  void thereAreFourToolsAndThoseThatOnlyReadSaySo() {
    try (McpSyncClient client = boss()) {
      Map<String, Boolean> reads =
          client.listTools().tools().stream()
              .collect(
                  Collectors.toMap(
                      McpSchema.Tool::name, tool -> tool.annotations().readOnlyHint()));
      assertThat(reads)
          .containsOnly(
              Map.entry("spawn_agents", false),
              Map.entry("agent_status", true),
              Map.entry("post_note", false),
              Map.entry("read_notes", true));
      assertThat(client.getServerInfo().version()).isEqualTo("1.2.3");
    }
  }

  @Test
  void tasksGoInAndResultsComeOutWithWordOfTheProgressMeanwhile() {
    LinkedBlockingQueue<String> words = new LinkedBlockingQueue<>();
    try (McpSyncClient client =
        client(
            grove.token(BOSS),
            word -> {
              words.add(word);
              return null;
            })) {
      JsonNode results =
          json(
              client.callTool(
                  McpSchema.CallToolRequest.builder("spawn_agents")
                      .arguments(
                          Map.of(
                              "tasks",
                              List.of(
                                  Map.of("prompt", "answer one", "name", "first"),
                                  Map.of(
                                      "prompt",
                                      "answer two",
                                      "expect",
                                      Map.of("contains", List.of("three"))))))
                      .progressToken("p-1")
                      .build()));
      JsonNode first = results.at("/results/0");
      assertThat(first.path("name").asString()).isEqualTo("first");
      assertThat(first.path("task").asString()).isEqualTo("boss.1~1");
      assertThat(first.path("outcome").asString()).isEqualTo("succeeded");
      assertThat(first.path("answer").asString()).isEqualTo("one");
      assertThat(first.path("sessionId").asString()).isEqualTo("s-boss.1~1.1");
      assertThat(first.path("costUsd").asDouble()).isEqualTo(0.5);
      assertThat(first.path("outputTokens").asInt()).isEqualTo(4);
      JsonNode second = results.at("/results/1");
      assertThat(second.path("outcome").asString()).isEqualTo("verification-failed");
      assertThat(second.path("reason").asString()).contains("does not contain 'three'");
      // Another thread of the client takes them, which may come after the result.
      await()
          .untilAsserted(() ->
              assertThat(words).contains("1 of 2 agents have ended", "2 of 2 agents have ended"));

      JsonNode status = json(call(client, "agent_status", Map.of()));
      assertThat(status.path("you").asString()).isEqualTo(BOSS);
      assertThat(status.path("left").asString()).isEqualTo("you may start 1 more, and they others");
      assertThat(status.at("/agents/1/state").asString()).isEqualTo("ended");
    }
  }

  @Test
  void anAnswerThatIsTooLongForAModelIsCutAndSaysByHowMuch() {
    try (McpSyncClient client = boss()) {
      JsonNode results =
          json(
              call(
                  client,
                  "spawn_agents",
                  tasks("answer \"$(head -c 70000 /dev/zero | tr '\\0' x)\"")));
      assertThat(results.at("/results/0/answer").asString()).hasSize(60_000);
      assertThat(results.at("/results/0/answerLeftOut").asInt()).isEqualTo(10_000);
    }
  }

  @Test
  void whatIsRefusedComesWithAReasonThatAModelCanRead() {
    try (McpSyncClient client = boss()) {
      McpSchema.CallToolResult tooMany = call(client, "spawn_agents", tasks("a", "b", "c", "d"));
      assertThat(tooMany.isError()).isTrue();
      assertThat(text(tooMany))
          .isEqualTo("an agent of this run may start 3 others; you started 0 and ask for 4 more");
      McpSchema.CallToolResult wrong = call(client, "spawn_agents", Map.of("tasks", List.of(3)));
      assertThat(wrong.isError()).isTrue();
      assertThat(text(wrong)).contains("input validation failed");
      McpSchema.CallToolResult pattern =
          call(
              client,
              "spawn_agents",
              Map.of("tasks", List.of(Map.of("prompt", "x", "expect", Map.of("matches", "(")))));
      assertThat(text(pattern)).startsWith("tasks: '(' is no regular expression");
    }
    grove.cancellation().request();
  }

  @Test
  void notesAreReadByAllAgentsOfTheRunWithoutSecretsOrControlCharacters() {
    try (McpSyncClient client = boss()) {
      String token = grove.token(BOSS);
      call(client, "post_note", Map.of("text", "my token is " + token + " \u001b[2J"));
      JsonNode notes = json(call(client, "read_notes", Map.of()));
      assertThat(notes.at("/notes/0/text").asString()).isEqualTo("my token is [token] \\x1b[2J");
      assertThat(notes.at("/notes/0/from").asString()).isEqualTo(BOSS);
      assertThat(json(call(client, "read_notes", Map.of("after", 1))).path("notes")).isEmpty();
      assertThat(call(client, "post_note", Map.of("text", " ")).isError()).isTrue();
    }
  }

  @Test
  void whoGoesAwayLeavesNobodyBehind() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    grove.watch(event -> {
      if (event instanceof Event.ChildrenAnswered) {
        answered.countDown();
      }
    });
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      String session = initialize(grove.token(BOSS));
      post(
          socket,
          "127.0.0.1",
          List.of("Authorization: Bearer " + grove.token(BOSS), "Mcp-Session-Id: " + session),
          """
          {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"spawn_agents",
           "arguments":{"tasks":[{"prompt":"exec sleep 306.1"}]},"_meta":{"progressToken":1}}}
          """);
      assertThat(began.poll(60, TimeUnit.SECONDS)).isEqualTo("boss.1~1.1");
    }
    assertThat(answered.await(60, TimeUnit.SECONDS)).as("nobody waits any more").isTrue();
    Awaitility.await()
        .until(() ->
            ProcessHandle.allProcesses()
                .noneMatch(it -> it.info().commandLine().orElse("").endsWith("sleep 306.1")));
  }

  @Test
  void withoutTheTokenOfAnAttemptThatRunsNobodyIsLetIn() throws Exception {
    String token = grove.token(BOSS);
    assertThat(status("127.0.0.1", List.of())).isEqualTo(401);
    assertThat(status("127.0.0.1", List.of("Authorization: Bearer " + token + "x"))).isEqualTo(401);
    assertThat(status("127.0.0.1", List.of("Authorization: Bearer " + token))).isEqualTo(200);
    Files.writeString(home.resolve(BOSS + ".pipe"), "go\n");
    running.join();
    assertThat(status("127.0.0.1", List.of("Authorization: Bearer " + token)))
        .as("its attempt is over")
        .isEqualTo(401);
    grove.close();
    assertThat(grove.events(Event.RequestRefused.class))
        .hasSize(3)
        .allMatch(refused -> refused.status() == 401 && refused.path().equals("/mcp"));
  }

  @Test
  void aPageInABrowserGetsNowhereUnderAnotherName() throws Exception {
    String token = "Authorization: Bearer " + grove.token(BOSS);
    assertThat(status("evil.example", List.of(token))).isEqualTo(421);
    assertThat(status("127.0.0.1", List.of(token, "Origin: http://evil.example"))).isEqualTo(403);
    assertThat(status("127.0.0.1", List.of(token, "Origin: null"))).isEqualTo(403);
  }

  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",
       "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
      """;

  private int status(String host, List<String> headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      String head = post(socket, host, headers, INITIALIZE);
      return Integer.parseInt(head.substring(9, 12));
    }
  }

  private String initialize(String token) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      return post(socket, "127.0.0.1", List.of("Authorization: Bearer " + token), INITIALIZE)
          .lines()
          .filter(line -> line.toLowerCase().startsWith("mcp-session-id:"))
          .findFirst()
          .orElseThrow()
          .substring("mcp-session-id:".length())
          .strip();
    }
  }

  /** The head of the answer. */
  private String post(Socket socket, String host, List<String> headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("POST /mcp HTTP/1.1\r\n");
    head.append("Host: ").append(host).append(':').append(server.address().getPort());
    head.append("\r\nContent-Type: application/json\r\n");
    head.append("Accept: application/json, text/event-stream\r\n");
    headers.forEach(line -> head.append(line).append("\r\n"));
    head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
    socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(bytes);
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int read = socket.getInputStream().read();
      if (read < 0) {
        break;
      }
      answer.append((char) read);
    }
    return answer.toString();
  }
}
