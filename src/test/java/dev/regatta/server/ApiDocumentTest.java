package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document says what the code does, no more and no less. */
class ApiDocumentTest {
  @TempDir Path folder;

  private CommandServer whole() {
    return CommandServer.start(
        Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES),
        Entrance.plain(Optional.empty()),
        folder.resolve("server"),
        Optional.of(Served.runs(folder, text -> text)));
  }

  @Test
  void everyRouteIsInTheDocumentAndNothingElse() {
    TreeSet<String> documented = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path :
        new ApiDocument("1").whole().get("paths").properties()) {
      path.getValue()
          .propertyNames()
          .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
    }
    TreeSet<String> served = new TreeSet<>();
    try (CommandServer server = whole()) {
      server.routes().forEach(route -> served.add(route.method() + " " + route.path()));
    }
    assertThat(documented).isEqualTo(served);
  }

  @Test
  void parametersOfPathsAreDocumentedAndReferencesLeadSomewhere() {
    JsonNode document = new ApiDocument("1").whole();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (JsonNode operation : path.getValue()) {
        List<String> named =
            operation
                .path("parameters")
                .valueStream()
                .filter(each -> each.get("in").asString().equals("path"))
                .map(each -> "{" + each.get("name").asString() + "}")
                .toList();
        assertThat(Route.segments(path.getKey()).stream().filter(each -> each.startsWith("{")))
            .as("%s", path.getKey())
            .containsExactlyInAnyOrderElementsOf(named);
      }
    }
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(document.at(reference.asString().substring(1)).isMissingNode())
          .as("%s", reference)
          .isFalse();
    }
  }

  @Test
  void thePageIsMadeOfTheDocumentAndLoadsNothing() throws Exception {
    try (CommandServer server = whole();
        Api api = new Api(server.baseUrl().toString(), "")) {
      String page = api.get("/api").body();
      for (String path : api.document().get("paths").propertyNames()) {
        assertThat(page).contains(path);
      }
      assertThat(page).doesNotContain("<script", "<img", "src=", "<link");
      assertThat(api.get("/api").headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(api.get("/").body()).contains("openapi.json");
    }
  }

  @Test
  void whatIsAskedWithAnotherMethodIsToldWhichThereAre() throws Exception {
    try (CommandServer server = whole()) {
      String host = "Host: 127.0.0.1:" + server.baseUrl().getPort();
      assertThat(Served.raw(server, "PUT /api/v1/runs HTTP/1.1", host))
          .startsWith("HTTP/1.1 405 ")
          .containsIgnoringCase("allow: GET, HEAD, POST");
      assertThat(Served.raw(server, "HEAD /api/v1/runs HTTP/1.1", host))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("x-content-type-options: nosniff");
    }
  }
}
