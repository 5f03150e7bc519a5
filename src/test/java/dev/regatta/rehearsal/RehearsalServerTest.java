package dev.regatta.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class RehearsalServerTest {
  private static final String QUICK =
      "rules: [{match: 'say (.*)', latency: 0, reply: 'I say ${1}'}]";

  @Test
  void aPlainPromptIsAnsweredByItsRule() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      HttpResponse<String> response = client.ask("say grüß 🚣", false);
      JsonNode message = Client.json(response);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("x-regatta-rehearsal")).contains("true");
      assertThat(response.headers().firstValue("request-id").orElseThrow())
          .startsWith("req_rehearsal_");
      assertThat(message.at("/content/0/text").asString()).isEqualTo("I say grüß 🚣");
      assertThat(message.path("id").asString()).startsWith("msg_rehearsal_");
      assertThat(message.path("model").asString()).isEqualTo("claude-test");
      assertThat(message.path("stop_reason").asString()).isEqualTo("end_turn");
      assertThat(message.at("/usage/input_tokens").asInt()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000})
  void eventsComeInTheOrderOfTheApi(int pace) throws Exception {
    String rule = "{match: 'say (.*)', latency: 0, tokensPerSecond: %d, reply: 'I say ${1}'}";
    try (RehearsalServer server = start("rules: [" + rule.formatted(pace) + "]");
        Client client = Client.of(server)) {
      HttpResponse<String> response = client.ask("say 🚣🚣🚣🚣🚣🚣 and row on and on", true);
      List<JsonNode> events = events(response.body());
      assertThat(response.headers().firstValue("content-type").orElseThrow())
          .startsWith("text/event-stream");
      assertThat(events.stream().map(it -> it.path("type").asString()).distinct())
          .containsExactly(
              "message_start",
              "ping",
              "content_block_start",
              "content_block_delta",
              "content_block_stop",
              "message_delta",
              "message_stop");
      StringBuilder text = new StringBuilder();
      events.forEach(it -> text.append(it.at("/delta/text").asString("")));
      assertThat(text).hasToString("I say 🚣🚣🚣🚣🚣🚣 and row on and on");
    }
  }

  @Test
  void theChallengeIsAToolUseAndThenItsAnswer() throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Script.standard(), 0, 3);
        Client client = Client.of(server)) {
      ObjectNode body =
          Client.body(
              Client.CHALLENGE.formatted("What is the capital of Norway?", "/home/u/my dir/a.txt"),
              false);
      long start = System.nanoTime();
      JsonNode first = Client.json(client.post(body.toString()));
      assertThat(first.at("/content/0/name").asString()).isEqualTo("Write");
      assertThat(first.at("/content/0/input/file_path").asString())
          .isEqualTo("/home/u/my dir/a.txt");
      assertThat(first.at("/content/0/input/content").asString()).isEqualTo("e21d-07bc-a3f9\n");
      assertThat(first.path("stop_reason").asString()).isEqualTo("tool_use");
      JsonNode second = Client.json(client.post(withResult(body, first).toString()));
      assertThat(second.at("/content/0/text").asString()).isEqualTo("Oslo e21d-07bc-a3f9");
      assertThat((System.nanoTime() - start) / 1e9).isBetween(3.2, 5.0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error",
    "401, authentication_error",
    "429, rate_limit_error",
    "500, api_error",
    "529, overloaded_error"
  })
  void aRefusalHasTheApisForm(int status, String type) throws Exception {
    String rule = "{fail: %d, retryAfter: 7, headers: {anthropic-ratelimit-requests-limit: '50'}}";
    try (RehearsalServer server = start("rules: [" + rule.formatted(status) + "]");
        Client client = Client.of(server)) {
      HttpResponse<String> response = client.ask("hello", true);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.headers().firstValue("retry-after")).contains("7");
      assertThat(response.headers().firstValue("anthropic-ratelimit-requests-limit"))
          .contains("50");
      JsonNode error = Client.json(response);
      assertThat(error.path("type").asString()).isEqualTo("error");
      assertThat(error.at("/error/type").asString()).isEqualTo(type);
      assertThat(error.path("request_id").asString())
          .isEqualTo(response.headers().firstValue("request-id").orElseThrow());
      Awaitility.await().until(() -> server.served().size() == 1);
      assertThat(server.served().getFirst().status()).isEqualTo(status);
    }
  }

  @Test
  void aFaultCanComeLateAndOnlySoOften() throws Exception {
    String yaml = "rules: [{after: 1, times: 2, fail: 529}, {latency: 0, reply: fine}]";
    try (RehearsalServer server = start(yaml);
        Client client = Client.of(server)) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        statuses.add(client.ask("hello", false).statusCode());
      }
      assertThat(statuses).containsExactly(200, 529, 529, 200, 200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBrokenStreamEndsTheConnection(boolean streamed) throws Exception {
    try (RehearsalServer server = start("rules: [{breakStream: true, reply: a long reply}]");
        Client client = Client.of(server)) {
      assertThatThrownBy(() -> client.ask("hello", streamed)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aMalformedStreamHasAnEventThatIsNotJson() throws Exception {
    try (RehearsalServer server = start("rules: [{malformed: true}]");
        Client client = Client.of(server)) {
      assertThat(client.ask("hello", true).body()).endsWith("data: {\"type\":\n\n");
      assertThatThrownBy(() -> Client.json(client.ask("hello", false)))
          .isInstanceOf(tools.jackson.core.JacksonException.class);
    }
  }

  @Test
  void anEmptyStreamIsAStatusAndNothingElse() throws Exception {
    try (RehearsalServer server = start("rules: [{emptyStream: true}]");
        Client client = Client.of(server)) {
      HttpResponse<String> response = client.ask("hello", true);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
    }
  }

  @Test
  void withoutHeadersNothingComes() throws Exception {
    try (RehearsalServer server = start("rules: [{noHeaders: true}]");
        Client client = Client.of(server)) {
      HttpRequest request =
          client
              .request("/v1/messages")
              .timeout(Duration.ofMillis(500))
              .POST(HttpRequest.BodyPublishers.ofString(Client.body("hi", true).toString()))
              .build();
      assertThatThrownBy(() -> client.send(request))
          .isInstanceOf(java.net.http.HttpTimeoutException.class);
      assertThat(server.greatestOpen()).isEqualTo(1);
    }
  }

  @Test
  void aStalledStreamStartsAndIsSilentUntilTheServerCloses() throws Exception {
    RehearsalServer server = start("rules: [{stall: true, reply: half a reply}]");
    try (server;
        Client client = Client.of(server)) {
      HttpRequest request =
          client
              .request("/v1/messages")
              .POST(HttpRequest.BodyPublishers.ofString(Client.body("hi", true).toString()))
              .build();
      try (InputStream events =
          client.http().send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
        String begun = "";
        while (!begun.contains("content_block_delta\",")) {
          begun += new String(events.readNBytes(1), StandardCharsets.UTF_8);
        }
        long start = System.nanoTime();
        server.close();
        assertThatThrownBy(events::readAllBytes).isInstanceOf(IOException.class);
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(5);
      }
    }
  }

  @Test
  void withOnePlaceRequestsAreAnsweredOneAfterAnother() throws Exception {
    try (RehearsalServer server = start("{concurrency: 1, rules: [{latency: 0.2, reply: x}]}");
        Client client = Client.of(server)) {
      long start = System.nanoTime();
      together(3, () -> client.ask("hello", true));
      assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(0.6);
      assertThat(server.greatestOpen()).isEqualTo(3);
      Awaitility.await().until(() -> server.served().size() == 3);
      List<Served> ended =
          server.served().stream().sorted(Comparator.comparing(Served::finishedNanos)).toList();
      for (int i = 1; i < 3; i++) {
        assertThat(ended.get(i).finishedNanos() - ended.get(i - 1).finishedNanos())
            .isGreaterThan(150_000_000L);
      }
    }
  }

  @Test
  void withoutALimitRequestsAreAnsweredTogether() throws Exception {
    try (RehearsalServer server = start("rules: [{latency: 1, reply: x}]");
        Client client = Client.of(server)) {
      long start = System.nanoTime();
      together(5, () -> client.ask("hello", true));
      assertThat((System.nanoTime() - start) / 1e9).isBetween(1.0, 3.0);
      assertThat(server.greatestOpen()).isEqualTo(5);
    }
  }

  @Test
  void whatIsServedTellsTheCredentialByItsFingerprintOnly() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      client.ask("say a", true);
      var body = HttpRequest.BodyPublishers.ofString(Client.body("say b", false).toString());
      client.send(
          HttpRequest.newBuilder(server.baseUrl().resolve("/v1/messages"))
              .header("authorization", "Bearer sk-ant-test")
              .POST(body)
              .build());
      Awaitility.await().until(() -> server.served().size() == 2);
      Served first = server.served().getFirst();
      Served second = server.served().getLast();
      assertThat(first.credentialFingerprint())
          .isEqualTo(Fingerprint.of("sk-ant-test").substring(0, 12))
          .isEqualTo(second.credentialFingerprint());
      assertThat(first.streamed()).isTrue();
      assertThat(second.streamed()).isFalse();
      assertThat(first.model()).isEqualTo("claude-test");
      assertThat(first.finishedNanos()).isGreaterThan(first.arrivedNanos());
      assertThat(server.served().toString()).doesNotContain("sk-ant-test");
    }
  }

  @Test
  void requestsThatAreNotUnderstoodAreRefused() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      assertThat(client.post("{\"model\":").statusCode()).isEqualTo(400);
      assertThat(client.post("{\"messages\":[]}").body()).contains("model: Field required");
      assertThat(client.post("{\"model\":\"m\",\"messages\":[]}").body()).contains("messages:");
      assertThat(client.send(client.request("/v1/other").GET().build()).statusCode())
          .isEqualTo(404);
      HttpResponse<String> put =
          client.send(
              client
                  .request("/v1/messages")
                  .PUT(HttpRequest.BodyPublishers.ofString("{}"))
                  .build());
      assertThat(put.statusCode()).isEqualTo(405);
      assertThat(put.headers().firstValue("allow")).hasValue("POST");
      assertThat(put.body()).contains("/v1/messages takes POST, not PUT");
      HttpRequest bare =
          HttpRequest.newBuilder(server.baseUrl().resolve("/v1/messages"))
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      assertThat(client.send(bare).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aBodyOver32MebibytesIsRefused() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      assertThat(client.post(" ".repeat((32 << 20) + 1)).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void theOtherPathsThatAgentsCallAnswerAtOnce() throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Script.standard(), 0, 1);
        Client client = Client.of(server)) {
      HttpRequest head = client.request("/").HEAD().build();
      assertThat(client.send(head).statusCode()).isEqualTo(200);
      JsonNode models = Client.json(client.send(client.request("/v1/models").GET().build()));
      assertThat(models.at("/data/0/id").asString()).isEqualTo("claude-rehearsal");
      HttpRequest count =
          client
              .request("/v1/messages/count_tokens?beta=true")
              .POST(HttpRequest.BodyPublishers.ofString(Client.body("hi", false).toString()))
              .build();
      assertThat(Client.json(client.send(count)).path("input_tokens").asInt()).isPositive();
      ObjectNode title = Client.body("<session>x</session>", false);
      title.putArray("tools");
      title
          .putObject("output_config")
          .putObject("format")
          .putObject("schema")
          .putObject("properties")
          .putObject("title");
      assertThat(Client.json(client.post(title.toString())).at("/content/0/text").asString())
          .isEqualTo("{\"title\":\"Rehearsal\"}");
      assertThat(server.greatestOpen()).isZero();
    }
  }

  @Test
  void withOneSeedTheSamePromptsGetTheSameAnswersInWhateverOrderTheyCome() throws Exception {
    String yaml = "rules: [{latency: [0, 0.3], reply: x}]";
    List<String> prompts = List.of("a", "b", "c", "d", "e");
    List<String> first = ids(yaml, 7, prompts);
    assertThat(ids(yaml, 7, prompts.reversed()).reversed()).isEqualTo(first);
    assertThat(ids(yaml, 8, prompts)).doesNotContainAnyElementsOf(first);
    assertThat(first).doesNotHaveDuplicates();
  }

  private static List<String> ids(String yaml, long seed, List<String> prompts) throws Exception {
    List<String> ids = new ArrayList<>();
    try (RehearsalServer server = RehearsalServer.start(Client.script(yaml), 0, seed);
        Client client = Client.of(server);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> all = new ArrayList<>();
      for (String prompt : prompts) {
        all.add(executor.submit(() -> client.ask(prompt, false)));
      }
      for (Future<HttpResponse<String>> one : all) {
        ids.add(Client.json(one.get()).path("id").asString());
      }
    }
    return ids;
  }

  @Test
  void tokensAreCountedAsAQuarterOfTheBodysBytes() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      String body = Client.body("grüße ".repeat(1000), false).toString();
      HttpResponse<String> counted = count(client, body);
      int expected = body.getBytes(StandardCharsets.UTF_8).length / 4;
      assertThat(Client.json(counted).path("input_tokens").asInt()).isEqualTo(expected);
      assertThat(counted.headers().firstValue("x-regatta-rehearsal")).contains("true");
      assertThat(Client.json(client.post(body)).at("/usage/input_tokens").asInt())
          .as("and charged the same")
          .isEqualTo(expected);
      assertThat(count(client, "{").statusCode()).isEqualTo(400);
      HttpRequest bare =
          HttpRequest.newBuilder(server.baseUrl().resolve("/v1/messages/count_tokens"))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      assertThat(client.send(bare).statusCode()).isEqualTo(401);
      Awaitility.await().until(() -> server.served().size() == 1);
    }
  }

  private static HttpResponse<String> count(Client client, String body) throws Exception {
    return client.send(
        client
            .request("/v1/messages/count_tokens?beta=true")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void aStreamedToolUseComesInPiecesOfItsInput() throws Exception {
    String rule =
        "{latency: 0, tool: {name: Write, input: {file_path: '${0}', content: 'grüß 🚣 \\\""
            + " \\\\'}}}";
    try (RehearsalServer server = start("rules: [{match: '.+', " + rule.substring(1) + "]");
        Client client = Client.of(server)) {
      List<JsonNode> events = events(client.ask("a/long/path/to/a/file.txt", true).body());
      StringBuilder input = new StringBuilder();
      events.forEach(it -> input.append(it.at("/delta/partial_json").asString("")));
      JsonNode whole = tools.jackson.databind.json.JsonMapper.shared().readTree(input.toString());
      assertThat(whole.path("file_path").asString()).isEqualTo("a/long/path/to/a/file.txt");
      assertThat(whole.path("content").asString()).startsWith("grüß 🚣 ");
      assertThat(events.stream().filter(it -> it.path("type").asString().equals("message_delta")))
          .singleElement()
          .extracting(it -> it.at("/delta/stop_reason").asString())
          .isEqualTo("tool_use");
    }
  }

  @Test
  void whoGoesAwayWhileWaitingTakesNobodysPlaceForEver() throws Exception {
    try (RehearsalServer server = start("{concurrency: 1, rules: [{latency: 0.5, reply: x}]}");
        Client client = Client.of(server)) {
      try (var socket = new java.net.Socket("127.0.0.1", server.baseUrl().getPort())) {
        byte[] body = Client.body("hi", true).toString().getBytes(StandardCharsets.UTF_8);
        String head =
            "POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: k\r\nContent-Length: "
                + body.length
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(body);
        Awaitility.await().until(() -> server.greatestOpen() == 1);
      }
      assertThat(client.ask("hello", true).statusCode()).isEqualTo(200);
      Awaitility.await().until(() -> server.served().size() == 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stall", "noHeaders"})
  void aServerThatClosesLetsGoOfWhatHangs(String fault) throws Exception {
    RehearsalServer server = start("rules: [{" + fault + ": true, reply: half a reply}]");
    try (server;
        Client client = Client.of(server);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> hanging = executor.submit(() -> client.ask("hello", false));
      Awaitility.await().until(() -> server.greatestOpen() == 1);
      server.close();
      assertThatThrownBy(hanging::get).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aTakenPortIsNamedWithWhatToDo() {
    try (RehearsalServer server = start(QUICK)) {
      int port = server.baseUrl().getPort();
      assertThatThrownBy(() -> RehearsalServer.start(Script.standard(), port, 1))
          .isInstanceOf(PortTaken.class)
          .hasMessageContaining("Port " + port)
          .hasMessageContaining("--port");
    }
  }

  private static RehearsalServer start(String yaml) {
    return RehearsalServer.start(Client.script(yaml), 0, 1);
  }

  private static ObjectNode withResult(ObjectNode body, JsonNode first) {
    ObjectNode next = body.deepCopy();
    next.withArray("messages")
        .addObject()
        .put("role", "assistant")
        .set("content", first.path("content"));
    next.withArray("messages")
        .addObject()
        .put("role", "user")
        .putArray("content")
        .addObject()
        .put("type", "tool_result")
        .put("tool_use_id", first.at("/content/0/id").asString());
    next.withArray("messages").addObject().put("role", "system").put("content", "a note");
    return next;
  }

  private static List<JsonNode> events(String stream) {
    return stream
        .lines()
        .filter(it -> it.startsWith("data: "))
        .map(it -> tools.jackson.databind.json.JsonMapper.shared().readTree(it.substring(6)))
        .toList();
  }

  private static void together(int count, Callable<HttpResponse<String>> call) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(executor.submit(call));
      }
      for (Future<HttpResponse<String>> one : all) {
        assertThat(one.get().statusCode()).isEqualTo(200);
      }
    }
  }
}
