package dev.regatta.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be asked for over HTTP: an OpenAPI document, and the page that is made of it. */
final class ApiDocument {
  private static final String RESOURCE = "/dev/regatta/schema/openapi.json";

  private final String version;

  ApiDocument(String version) {
    this.version = version;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/openapi.json", visit -> visit.json(200, whole())),
        Route.get("/api", visit -> visit.page(200, page())));
  }

  /** With the schema of a run's request, which is published by itself too. */
  ObjectNode whole() {
    ObjectNode document = read(RESOURCE);
    ((ObjectNode) document.get("info")).put("version", version);
    ObjectNode request = read(RunRequest.SCHEMA);
    request.remove("$schema");
    ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
    request
        .remove("$defs")
        .properties()
        .forEach(each -> schemas.set(each.getKey(), each.getValue()));
    String text =
        Notices.JSON.writeValueAsString(request).replace("#/$defs/", "#/components/schemas/");
    schemas.set("RunRequest", Notices.JSON.readTree(text));
    return document;
  }

  /** A schema that the program carries. */
  static ObjectNode read(String resource) {
    try (InputStream in =
        Objects.requireNonNull(ApiDocument.class.getResourceAsStream(resource), resource)) {
      return (ObjectNode) Notices.JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String page() {
    ObjectNode document = whole();
    StringBuilder body = new StringBuilder();
    body.append("<h1>")
        .append(escaped(document.at("/info/title")))
        .append("</h1>\n<p>")
        .append(escaped(document.at("/info/description")))
        .append(
            "</p>\n"
                + "<p>As a document for programs: <a"
                + " href=\"/openapi.json\">openapi.json</a></p>\n");
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        describe(body, operation.getKey(), path.getKey(), operation.getValue());
      }
    }
    return Pages.html("Regatta's API", body.toString());
  }

  private static void describe(StringBuilder body, String method, String path, JsonNode operation) {
    body.append("<h2><code>")
        .append(method.toUpperCase(Locale.ROOT))
        .append(' ')
        .append(Pages.escaped(path))
        .append("</code></h2>\n<p>")
        .append(escaped(operation.path("summary")))
        .append("</p>\n<table>\n");
    for (JsonNode parameter : operation.path("parameters")) {
      row(
          body,
          parameter.path("name").asString() + " (" + parameter.path("in").asString() + ")",
          parameter.path("description").asString(""));
    }
    for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
      row(body, answer.getKey(), answer.getValue().path("description").asString(""));
    }
    body.append("</table>\n");
  }

  private static void row(StringBuilder body, String head, String text) {
    body.append("<tr><th><code>")
        .append(Pages.escaped(head))
        .append("</code></th><td>")
        .append(Pages.escaped(text))
        .append("</td></tr>\n");
  }

  private static String escaped(JsonNode text) {
    return Pages.escaped(text.asString(""));
  }
}
