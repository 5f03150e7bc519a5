package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of the server's HTTP, which holds each answer to what the server's own document says.
 */
public final class Api implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String token;
  private final ObjectNode document;

  /**
   * A client.
   *
   * @param base such as {@code http://127.0.0.1:8004}
   * @param token empty for none
   */
  public Api(String base, String token) throws IOException, InterruptedException {
    this.base = base;
    this.token = token;
    this.document =
        (ObjectNode)
            JSON.readTree(
                client
                    .send(request("/openapi.json").build(), HttpResponse.BodyHandlers.ofString())
                    .body());
  }

  public JsonNode document() {
    return document;
  }

  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  public HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return checked("get", path, request(path, headers));
  }

  public HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return checked("delete", path, request(path).DELETE());
  }

  public HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return checked(
        "post",
        path,
        request(path, "Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** What a request gets that must be answered with that status. */
  public JsonNode json(int status, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s: %s", answer.uri(), answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  /** The lines of an answer that goes on. */
  public HttpResponse<Stream<String>> follow(String path, String... headers)
      throws IOException, InterruptedException {
    return client.send(
        request(path, headers).header("Accept", "text/event-stream").build(),
        HttpResponse.BodyHandlers.ofLines());
  }

  private HttpResponse<String> checked(String method, String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    JsonNode operation = operation(method, path.split("\\?")[0]);
    if (operation.isMissingNode()) {
      return answer;
    }
    JsonNode documented = operation.path("responses").path("" + answer.statusCode());
    assertThat(documented.isMissingNode())
        .as("%s %s is answered with %d: %s", method, path, answer.statusCode(), answer.body())
        .isFalse();
    if (documented.has("content")) {
      String type = answer.headers().firstValue("Content-Type").orElse("");
      JsonNode content = documented.get("content").path(type);
      assertThat(content.isMissingNode()).as("%s %s: %s", method, path, type).isFalse();
      if (type.equals("application/json") || type.endsWith("+json")) {
        assertThat(schema(content.get("schema")).validate(answer.body(), InputFormat.JSON))
            .as("%s %s: %s", method, path, answer.body())
            .isEmpty();
      }
    }
    return answer;
  }

  private Schema schema(JsonNode schema) {
    ObjectNode whole = JSON.createObjectNode();
    whole.setAll((ObjectNode) schema);
    whole.set("components", document.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
  }

  private JsonNode operation(String method, String path) {
    for (Map.Entry<String, JsonNode> each : document.path("paths").properties()) {
      String[] wanted = each.getKey().split("/", -1);
      String[] given = path.split("/", -1);
      boolean fits =
          wanted.length == given.length
              && Stream.iterate(0, i -> i + 1)
                  .limit(wanted.length)
                  .allMatch(i -> wanted[i].startsWith("{") || wanted[i].equals(given[i]));
      if (fits && Arrays.asList("get", "post", "delete").contains(method)) {
        return each.getValue().path(method);
      }
    }
    return JSON.missingNode();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
