package dev.regatta.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as a client sees it that speaks Chat Completions. */
class ChatApiTest {
  private static final String SCRIPT =
      """
      rules:
        - match: 'weather in (\\S+)'
          latency: 0
          tool: { name: look, input: { place: '${1}' } }
          reply: 'rain'
        - match: 'refuse'
          fail: 429
          retryAfter: 7
        - match: '^judge$'
          latency: 0
          reply: 'WINNER: A'
      """;

  private interface Use {
    void with(Client client) throws Exception;
  }

  private static void serving(Use use) throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Client.script(SCRIPT), 0, 1);
        Client client = Client.of(server)) {
      use.with(client);
    }
  }

  private static HttpResponse<String> post(Client client, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(client.base().resolve("/v1/chat/completions"))
            .header("authorization", "Bearer sk-test")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  @Test
  void anAnswerIsOneMessageMarkedAsARehearsal() throws Exception {
    serving(client -> {
      HttpResponse<String> response =
          post(
              client,
              """
              {"model":"m","messages":[{"role":"system","content":"be fair"},
              {"role":"user","content":[{"type":"text","text":"judge"}]}]}\
              """);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("x-regatta-rehearsal")).contains("true");
      assertThat(response.headers().firstValue("x-request-id")).isPresent();
      JsonNode body = json(response);
      assertThat(body.path("object").asString()).isEqualTo("chat.completion");
      assertThat(body.path("id").asString()).startsWith("chatcmpl_rehearsal_");
      assertThat(body.path("model").asString()).isEqualTo("m");
      assertThat(body.at("/choices/0/message/content").asString()).isEqualTo("WINNER: A");
      assertThat(body.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
      int in = body.at("/usage/prompt_tokens").asInt();
      int out = body.at("/usage/completion_tokens").asInt();
      assertThat(in).isPositive();
      assertThat(out).isPositive();
      assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(in + out);
    });
  }

  @Test
  void asEventsThePiecesAddUpToTheAnswer() throws Exception {
    serving(client -> {
      HttpResponse<String> response =
          post(
              client,
              """
              {"model":"m","stream":true,"messages":[{"role":"user","content":"judge"}]}\
              """);
      String text =
          response
              .body()
              .lines()
              .filter(line -> line.startsWith("data: {"))
              .map(line -> JsonMapper.shared().readTree(line.substring("data: ".length())))
              .map(chunk -> chunk.at("/choices/0/delta/content").asString(""))
              .collect(Collectors.joining());
      assertThat(text).isEqualTo("WINNER: A");
      assertThat(response.body())
          .endsWith("data: [DONE]\n\n")
          .contains("\"finish_reason\":\"stop\"");
    });
  }

  @Test
  void aToolIsAskedForAndItsResultBringsTheReply() throws Exception {
    serving(client -> {
      JsonNode asked =
          json(
              post(
                  client,
                  """
                  {"model":"m","messages":[{"role":"user","content":"weather in Oslo"}],
                  "tools":[{"type":"function","function":{"name":"look"}}]}\
                  """));
      JsonNode call = asked.at("/choices/0/message/tool_calls/0");
      assertThat(asked.at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
      assertThat(call.at("/function/name").asString()).isEqualTo("look");
      assertThat(call.at("/function/arguments").asString()).isEqualTo("{\"place\":\"Oslo\"}");
      JsonNode told =
          json(
              post(
                  client,
                  """
                  {"model":"m","messages":[{"role":"user","content":"weather in Oslo"},
                  {"role":"tool","tool_call_id":"%s","content":"wet"}],
                  "tools":[{"type":"function","function":{"name":"look"}}]}\
                  """
                      .formatted(call.path("id").asString())));
      assertThat(told.at("/choices/0/message/content").asString()).isEqualTo("rain");
    });
  }

  @Test
  void aRefusalAndAWrongRequestHaveTheApisForm() throws Exception {
    serving(client -> {
      HttpResponse<String> limited =
          post(
              client,
              "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"refuse\"}]}");
      assertThat(limited.statusCode()).isEqualTo(429);
      assertThat(limited.headers().firstValue("retry-after")).contains("7");
      assertThat(json(limited).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
      HttpResponse<String> wrong = post(client, "{\"model\":\"m\",\"messages\":[]}");
      assertThat(wrong.statusCode()).isEqualTo(400);
      assertThat(json(wrong).at("/error/message").asString())
          .isEqualTo("Missing required parameter: 'messages'.");
      HttpResponse<String> nobody =
          client.send(
              HttpRequest.newBuilder(client.base().resolve("/v1/chat/completions"))
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build());
      assertThat(nobody.statusCode()).isEqualTo(401);
    });
  }
}
