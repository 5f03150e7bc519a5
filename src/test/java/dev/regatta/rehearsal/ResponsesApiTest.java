package dev.regatta.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The server as an agent sees it that speaks the Responses API. */
class ResponsesApiTest {
  private static final String WRITE =
      """
      rules:
        - match: 'write (\\S+)'
          latency: 0
          tool: { name: Write, input: { file_path: '${1}', content: "it's\\n" } }
          reply: 'wrote ${1}'
        - match: 'look'
          latency: 0
          tool: { name: find, input: { what: 'x' } }
          reply: 'found'
        - match: 'limit'
          fail: 429
          retryAfter: 7200
        - match: 'rate'
          fail: 429
          retryAfter: 2
        - match: 'refuse'
          fail: 401
        - latency: 0
          reply: 'Oslo'
      """;

  private static ObjectNode body(String prompt, boolean streamed, String... tools) {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("model", "gpt-test");
    body.put("stream", streamed);
    var input = body.putArray("input");
    message(input.addObject(), "developer", "be good");
    message(input.addObject(), "user", "<environment_context>\n<cwd>/</cwd>");
    message(input.addObject(), "user", prompt);
    var offered = body.putArray("tools");
    for (String tool : tools) {
      offered.addObject().put("type", "function").put("name", tool);
    }
    return body;
  }

  private static void message(ObjectNode item, String role, String text) {
    item.put("type", "message").put("role", role);
    item.putArray("content").addObject().put("type", "input_text").put("text", text);
  }

  private static HttpResponse<String> post(Client client, ObjectNode body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(client.base().resolve("/v1/responses"))
            .header("authorization", "Bearer sk-test")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  private static List<JsonNode> events(HttpResponse<String> response) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : response.body().split("\n\n")) {
      String[] lines = event.split("\n");
      JsonNode data = JsonMapper.shared().readTree(lines[1].substring("data: ".length()));
      assertThat(lines[0]).isEqualTo("event: " + data.path("type").asString());
      events.add(data);
    }
    return events;
  }

  private interface Use {
    void with(RehearsalServer server, Client client) throws Exception;
  }

  private static void serving(Use use) throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Client.script(WRITE), 0, 1);
        Client client = Client.of(server)) {
      use.with(server, client);
    }
  }

  @Test
  void aStreamHasTheEventsThatCodexReadsAndIsMarked() throws Exception {
    serving((server, client) -> {
      HttpResponse<String> response = post(client, body("What is it?", true));
      assertThat(response.headers().firstValue("x-regatta-rehearsal")).contains("true");
      assertThat(response.headers().firstValue("x-request-id").orElseThrow())
          .startsWith("req_rehearsal_");
      List<JsonNode> events = events(response);
      assertThat(events)
          .extracting(event -> event.path("type").asString())
          .containsExactly(
              "response.created",
              "response.output_item.added",
              "response.content_part.added",
              "response.output_text.delta",
              "response.output_item.done",
              "response.completed");
      assertThat(events).extracting(it -> it.path("sequence_number").asInt()).isSorted();
      JsonNode last = events.getLast().path("response");
      assertThat(last.path("id").asString()).startsWith("resp_rehearsal_");
      assertThat(last.at("/output/0/content/0/text").asString()).isEqualTo("Oslo");
      assertThat(last.at("/output/0/id").asString()).startsWith("msg_rehearsal_");
      assertThat(last.at("/usage/output_tokens").asInt()).isEqualTo(1);
      assertThat(server.served()).hasSize(1);
      Served served = server.served().getFirst();
      assertThat(served.model()).isEqualTo("gpt-test");
      assertThat(served.firstTextNanos()).isNotNull();
      assertThat(served.requestId())
          .isEqualTo(response.headers().firstValue("x-request-id").orElseThrow());
    });
  }

  @Test
  void anAnswerThatIsNotStreamedIsOneResponse() throws Exception {
    serving((server, client) -> {
      JsonNode whole = Client.json(post(client, body("What is it?", false)));
      assertThat(whole.path("object").asString()).isEqualTo("response");
      assertThat(whole.path("status").asString()).isEqualTo("completed");
      assertThat(whole.at("/output/0/content/0/text").asString()).isEqualTo("Oslo");
    });
  }

  @Test
  void aToolThatIsOfferedIsAskedForAndItsResultBringsTheReply() throws Exception {
    serving((server, client) -> {
      ObjectNode body = body("look", true, "find");
      JsonNode call = events(post(client, body)).getLast().at("/response/output/0");
      assertThat(call.path("type").asString()).isEqualTo("function_call");
      assertThat(call.path("name").asString()).isEqualTo("find");
      assertThat(call.path("arguments").asString()).isEqualTo("{\"what\":\"x\"}");
      body.withArray("input").add(call);
      body.withArray("input")
          .addObject()
          .put("type", "function_call_output")
          .put("call_id", call.path("call_id").asString())
          .put("output", "it");
      assertThat(events(post(client, body)).getLast().at("/response/output/0/content/0/text"))
          .hasToString("\"found\"");
    });
  }

  @Test
  void theArgumentsOfAToolComeInPieces() throws Exception {
    serving((server, client) -> {
      String arguments =
          events(post(client, body("write /a/b", true, "exec_command"))).stream()
              .filter(event ->
                  event.path("type").asString().equals("response.function_call_arguments.delta"))
              .map(event -> event.path("delta").asString())
              .collect(Collectors.joining());
      assertThat(JsonMapper.shared().readTree(arguments).path("cmd").asString())
          .isEqualTo("printf %s 'it'\\''s\n' > '/a/b'");
    });
  }

  @Test
  void whereJavaScriptRunsCommandsAWriteIsWrittenInThat() throws Exception {
    serving((server, client) -> {
      ObjectNode body = body("write f", true);
      var group = body.withArray("input").insertObject(0).put("type", "additional_tools");
      var functions =
          group.putArray("tools").addObject().put("type", "namespace").put("name", "functions");
      functions.putArray("tools").addObject().put("type", "custom").put("name", "exec");
      JsonNode call = events(post(client, body)).getLast().at("/response/output/0");
      assertThat(call.path("type").asString()).isEqualTo("custom_tool_call");
      assertThat(call.path("input").asString())
          .startsWith("text(await tools.exec_command({\"cmd\":\"printf %s ");
    });
  }

  @Test
  void aToolThatIsNotOfferedIsNotAskedFor() throws Exception {
    serving((server, client) ->
        assertThat(
                events(post(client, body("write f", true)))
                    .getLast()
                    .at("/response/output/0/type")
                    .asString())
            .isEqualTo("message"));
  }

  @Test
  void errorsHaveTheFormOfTheApiAndALongWaitIsAUsageLimit() throws Exception {
    serving((server, client) -> {
      HttpResponse<String> refused = post(client, body("refuse", true));
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(Client.json(refused).at("/error/code").asString()).isEqualTo("invalid_api_key");
      JsonNode rate = Client.json(post(client, body("rate", true)));
      assertThat(rate.at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
      JsonNode limit = Client.json(post(client, body("limit", true)));
      assertThat(limit.at("/error/type").asString()).isEqualTo("usage_limit_reached");
      assertThat(limit.at("/error/resets_in_seconds").asInt()).isEqualTo(7200);
    });
  }

  @Test
  void whatIsNoRequestIsRefusedAsTheApiWould() throws Exception {
    serving((server, client) -> {
      ObjectNode empty = JsonMapper.shared().createObjectNode().put("model", "m");
      HttpResponse<String> response = post(client, empty);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(Client.json(response).at("/error/message").asString()).contains("'input'");
      HttpResponse<String> get = client.send(client.request("/v1/responses").GET().build());
      assertThat(get.statusCode()).isEqualTo(405);
      assertThat(get.headers().firstValue("allow")).contains("POST");
    });
  }
}
