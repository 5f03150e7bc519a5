package dev.regatta.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls a rehearsal server as an agent would. */
record Client(HttpClient http, URI base) implements AutoCloseable {
  static final String CHALLENGE =
      """
      %s
      First write the file %s with the Write tool. Its only line is the marker a3f9-07bc-e21d with \
      its three groups in reverse order, joined by hyphens.
      Then answer the question in one short line that ends with that same reordered marker.\
      """;

  static Client of(RehearsalServer server) {
    return new Client(HttpClient.newHttpClient(), server.baseUrl());
  }

  static Script script(String yaml) {
    return new ScriptReader("test.yaml").read(yaml);
  }

  static ObjectNode body(String prompt, boolean streamed) {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("model", "claude-test");
    body.put("max_tokens", 100).put("stream", streamed);
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    body.putArray("tools").addObject().put("name", "Write");
    return body;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).header("x-api-key", "sk-ant-test");
  }

  HttpResponse<String> ask(String prompt, boolean streamed)
      throws IOException, InterruptedException {
    return post(body(prompt, streamed).toString());
  }

  HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return send(
        request("/v1/messages?beta=true").POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
