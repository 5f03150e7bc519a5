package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Commands over plain HTTP. */
@Timeout(120)
class ExecutionsOverHttpTest {
  private static final String ALL = "/api/v1/executions";

  @TempDir Path folder;
  private CommandServer server;
  private Api api;

  @BeforeEach
  void open() throws Exception {
    server = Served.open(folder);
    api = new Api(server.baseUrl().toString(), "");
  }

  @AfterEach
  void close() {
    api.close();
    server.close();
  }

  @Test
  void aCommandIsStartedListedPausedResumedAndCanceled() throws Exception {
    JsonNode begun = api.json(201, api.post(ALL, "{\"command\":\"sleep 60\"}"));
    String one = ALL + "/" + begun.get("id").asString();
    assertThat(begun.get("id").asString()).hasSize(36);
    assertThat(begun.get("status").asString()).isEqualTo("running");
    assertThat(api.json(200, api.get(ALL)).at("/executions/0/id")).isEqualTo(begun.get("id"));
    assertThat(order(one, "PAUSE")).isEqualTo("paused");
    assertThat(order(one, "RESUME")).isEqualTo("running");
    api.json(202, api.delete(one));
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> api.json(200, api.get(one)).get("exit_code").asInt(0) == -15);
    assertThat(api.json(409, api.delete(one)).get("detail").asString())
        .isEqualTo("No process is running");
    assertThat(api.json(422, api.post(one + "/control", "{\"type\":\"STOP\"}")).toString())
        .contains("type must be PAUSE, RESUME or CANCEL");
  }

  private String order(String one, String type) throws Exception {
    return api.json(202, api.post(one + "/control", "{\"type\":\"" + type + "\"}"))
        .get("status")
        .asString();
  }

  @Test
  void itsOutputIsFollowedToTheEndAndResumedByNumber() throws Exception {
    api.json(201, api.post(ALL, "{\"id\":\"a b\",\"command\":\"printf '1\\\\n2\\\\n3\\\\n'\"}"));
    List<String> lines = lines(ALL + "/a%20b/output");
    assertThat(lines.stream().filter(line -> line.startsWith("id: ")))
        .containsExactly("id: 0", "id: 1", "id: 2", "id: 3", "id: 3.end");
    assertThat(lines.getLast()).isEmpty();
    assertThat(lines.get(lines.size() - 2)).contains("process.completed");
    List<String> rest = lines(ALL + "/a%20b/output", "Last-Event-ID", "2");
    assertThat(String.join("", rest)).contains("\"data\":\"3\\n\"").doesNotContain("\"2\\n\"");
    assertThat(lines(ALL + "/a%20b/output?from=3")).isEqualTo(rest);
    assertThat(api.follow(ALL + "/a%20b/output", "Last-Event-ID", "3.end").statusCode())
        .as("a browser that comes back is told to come no more")
        .isEqualTo(204);
  }

  private List<String> lines(String path, String... headers) throws Exception {
    try (Stream<String> lines = api.follow(path, headers).body()) {
      return lines.toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"command\":\"true\",\"agnet\":\"x\"} | 422 | agnet is no field here; there is",
        "{\"command\":7} | 422 | command must be a string",
        "{\"command\":\" \"} | 403 | Command cannot be empty",
        "{\"command\":\"true\",\"timeout\":-1} | 422 | timeout must be seconds",
        "{\"command\":\"true\",\"cwd\":\"none\"} | 422 | is not a folder",
        "[] | 422 | must be a JSON object",
        "{ | 400 | the body is not JSON at line 1, column 2: Unexpected end-of-input",
        "'' | 400 | the body is empty"
      })
  void whatCanNotBeStartedIsSaid(String body, int status, String words) throws Exception {
    assertThat(api.json(status, api.post(ALL, body)).get("detail").asString()).contains(words);
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    assertThat(api.json(404, api.get(ALL + "/none")).toString()).contains("with the id 'none'");
    api.json(404, api.get(ALL + "/none/output"));
    api.json(404, api.delete(ALL + "/none"));
    assertThat(Served.raw(server, "GET " + ALL + "/..%2f..%2fx HTTP/1.1", host()))
        .containsPattern("^HTTP/1.1 40[04] ");
  }

  private String host() {
    return "Host: 127.0.0.1:" + server.baseUrl().getPort();
  }

  @Test
  void aBodyOfAnotherKindOrTooLongIsNotRead() throws Exception {
    assertThat(
            Served.raw(
                server,
                "POST " + ALL + " HTTP/1.1",
                host(),
                "Content-Type: text/plain",
                "Content-Length: 0"))
        .contains(" 415 ");
    String large = "{\"command\":\"" + "x".repeat(Served.LIMITS.messageBytes()) + "\"}";
    assertThat(api.json(413, api.post(ALL, large)).toString()).contains("longer than");
  }

  @Test
  void withAListOnlyItsCommandsAreStarted() throws Exception {
    try (CommandServer listed =
            CommandServer.start(
                Served.settings(folder, Optional.of(Set.of("echo")), Served.LIMITS, Served.TIMES),
                Optional.empty(),
                folder.resolve("listed"));
        Api other = new Api(listed.baseUrl().toString(), "")) {
      other.json(201, other.post(ALL, "{\"command\":\"echo hello\"}"));
      assertThat(other.json(403, other.post(ALL, "{\"command\":\"ls\"}")).toString())
          .contains("Command 'ls' is not allowed");
    }
  }
}
