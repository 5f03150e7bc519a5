package dev.regatta.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class GeminiApiTest {
  private static final String QUICK =
      "rules: [{match: 'say (.*)', latency: 0, reply: 'I say ${1}'}]";
  private static final String MODEL = "/v1beta/models/gemini-x:";

  @Test
  void aWholeAnswerHasTheApisForm() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      HttpResponse<String> response = post(client, "generateContent", body("say grüß 🚣"));
      JsonNode answer = Client.json(response);
      assertThat(response.headers().firstValue("x-regatta-rehearsal")).contains("true");
      assertThat(answer.at("/candidates/0/content/parts/0/text").asString())
          .isEqualTo("I say grüß 🚣");
      assertThat(answer.at("/candidates/0/finishReason").asString()).isEqualTo("STOP");
      assertThat(answer.path("modelVersion").asString()).isEqualTo("gemini-x-rehearsal");
      assertThat(answer.path("responseId").asString()).startsWith("resp_rehearsal_");
      JsonNode usage = answer.path("usageMetadata");
      assertThat(usage.path("totalTokenCount").asInt())
          .isEqualTo(
              usage.path("promptTokenCount").asInt() + usage.path("candidatesTokenCount").asInt());
      assertThat(server.served().getFirst().model()).isEqualTo("gemini-x");
    }
  }

  @Test
  void aStreamIsOneAnswerAfterAnother() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      HttpResponse<String> response =
          post(client, "streamGenerateContent?alt=sse", body("say a word and another and one"));
      List<JsonNode> events = events(response);
      assertThat(response.headers().firstValue("content-type").orElseThrow())
          .startsWith("text/event-stream");
      assertThat(events).hasSizeGreaterThan(2);
      StringBuilder text = new StringBuilder();
      events.forEach(it -> text.append(it.at("/candidates/0/content/parts/0/text").asString("")));
      assertThat(text).hasToString("I say a word and another and one");
      assertThat(events).filteredOn(it -> it.at("/candidates/0").has("finishReason")).hasSize(1);
    }
  }

  @Test
  void theChallengeIsAFunctionCallAndThenItsAnswer() throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Script.standard(), 0, 3);
        Client client = Client.of(server)) {
      String prompt = Client.CHALLENGE.formatted("What is the capital of Norway?", "/a.txt");
      ObjectNode body = body(prompt.replace("Write tool", "write_file tool"));
      body.putArray("tools")
          .addObject()
          .putArray("functionDeclarations")
          .addObject()
          .put("name", "write_file");
      JsonNode call =
          Client.json(post(client, "generateContent", body))
              .at("/candidates/0/content/parts/0/functionCall");
      assertThat(call.path("name").asString()).isEqualTo("write_file");
      assertThat(call.at("/args/content").asString()).isEqualTo("e21d-07bc-a3f9\n");
      ObjectNode result = body.withArray("contents").addObject().put("role", "user");
      result
          .putArray("parts")
          .addObject()
          .putObject("functionResponse")
          .put("id", call.path("id").asString());
      assertThat(
              Client.json(post(client, "generateContent", body))
                  .at("/candidates/0/content/parts/0/text")
                  .asString())
          .isEqualTo("Oslo e21d-07bc-a3f9");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT",
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "429, RESOURCE_EXHAUSTED",
    "500, INTERNAL",
    "503, UNAVAILABLE"
  })
  void aRefusalHasTheApisForm(int status, String word) throws Exception {
    try (RehearsalServer server = start("rules: [{fail: " + status + ", retryAfter: 7}]");
        Client client = Client.of(server)) {
      HttpResponse<String> response = post(client, "generateContent", body("hello"));
      assertThat(response.statusCode()).isEqualTo(status);
      JsonNode error = Client.json(response).path("error");
      assertThat(error.path("code").asInt()).isEqualTo(status);
      assertThat(error.path("status").asString()).isEqualTo(word);
      assertThat(error.at("/details/0/retryDelay").asString()).isEqualTo("7s");
    }
  }

  @Test
  void whatTheCliAsksForItselfIsAnsweredAtOnceAndWithoutTheScript() throws Exception {
    try (RehearsalServer server = start("rules: [{fail: 500}]");
        Client client = Client.of(server)) {
      ObjectNode body = body("hello");
      body.putObject("generationConfig").putObject("responseJsonSchema");
      String text =
          Client.json(post(client, "generateContent", body))
              .at("/candidates/0/content/parts/0/text")
              .asString();
      assertThat(JsonMapper.shared().readTree(text).path("complexity_score").asInt()).isPositive();
    }
  }

  @Test
  void tokensAreCountedAndModelsListed() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      assertThat(
              Client.json(post(client, "countTokens", body("say it"))).path("totalTokens").asInt())
          .isPositive();
      HttpRequest models = client.request("/v1beta/models?pageSize=1").GET().build();
      assertThat(Client.json(client.send(models)).at("/models/0/name").asString())
          .isEqualTo("models/gemini-rehearsal");
    }
  }

  @Test
  void whatIsNoSuchRequestIsRefusedInTheApisForm() throws Exception {
    try (RehearsalServer server = start(QUICK);
        Client client = Client.of(server)) {
      HttpRequest keyless =
          HttpRequest.newBuilder(client.base().resolve(MODEL + "generateContent"))
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      assertThat(client.send(keyless).statusCode()).isEqualTo(401);
      HttpResponse<String> empty =
          post(client, "generateContent", JsonMapper.shared().createObjectNode());
      assertThat(empty.statusCode()).isEqualTo(400);
      assertThat(Client.json(empty).at("/error/message").asString()).contains("contents");
      HttpResponse<String> wrong =
          client.send(client.request(MODEL + "generateContent").GET().build());
      assertThat(wrong.statusCode()).isEqualTo(405);
      assertThat(wrong.headers().firstValue("allow")).contains("POST");
      assertThat(client.send(client.request(MODEL + "embed").GET().build()).statusCode())
          .isEqualTo(404);
    }
  }

  private static RehearsalServer start(String yaml) {
    return RehearsalServer.start(Client.script(yaml), 0, 3);
  }

  private static ObjectNode body(String prompt) {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    ObjectNode content = body.putArray("contents").addObject().put("role", "user");
    content.putArray("parts").add(part("<session_context>\nnoise")).add(part(prompt));
    return body;
  }

  private static ObjectNode part(String text) {
    return JsonMapper.shared().createObjectNode().put("text", text);
  }

  private static HttpResponse<String> post(Client client, String action, ObjectNode body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(client.base().resolve(MODEL + action))
            .header("x-goog-api-key", "AIza-test")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  private static List<JsonNode> events(HttpResponse<String> response) {
    return Arrays.stream(response.body().split("\r\n\r\n"))
        .map(event -> JsonMapper.shared().readTree(event.substring("data: ".length())))
        .toList();
  }
}
