package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.secret.Secret;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Rest;
import dev.regatta.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is answered when something of the server's own fails, and what an answer says of where. */
@Timeout(120)
class HttpFaultsTest {
  private static final String RUNS = "/api/v1/runs";
  private static final String EXECUTIONS = "/api/v1/executions";

  @TempDir Path folder;

  private CommandServer open() {
    return Served.withRuns(
        folder,
        Served.LIMITS,
        Served.TIMES,
        () -> List.of(Served.row(folder, "broken")),
        List.of("false"));
  }

  private static Api api(CommandServer server) throws IOException, InterruptedException {
    return new Api(server.baseUrl().toString(), "");
  }

  /** A file that is there, with something in it, and can't be read, not even by root. */
  private void breakJournal() throws IOException {
    Path writable = Path.of("/sys/bus/platform/uevent");
    assumeTrue(Files.isRegularFile(writable), "a system with /sys");
    Path journal = folder.resolve("runs/broken/journal.jsonl");
    Files.createDirectories(journal.getParent());
    Files.createSymbolicLink(journal, writable);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "text/event-stream"})
  void aDiskThatFailsIsOurFaultAndNotTheClientsWhoIsToldSo(String wanted) throws Exception {
    breakJournal();
    try (CommandServer server = open();
        Api api = api(server)) {
      String path = RUNS + "/broken/journal";
      JsonNode problem = api.json(500, api.get(path, "Accept", wanted));
      assertThat(problem.get("detail").asString())
          .startsWith("internal error: ")
          .containsAnyOf("Input/output error", "AccessDenied");
      assertThat(Served.log(folder)).contains("ERROR GET " + path + " failed");
    }
  }

  @Test
  void whoReadsWhileTooManyDoIsToldSoUntilOneGoesAwayWhichIsNoFaultOfOurs() throws Exception {
    ServerLimits limits = new ServerLimits(1, 300, 1 << 20, 4 << 20);
    try (CommandServer server =
            Served.withRuns(folder, limits, Served.TIMES, List::of, List.of("false"));
        Api api = api(server)) {
      api.json(201, api.post(EXECUTIONS, "{\"command\":\"yes\",\"id\":\"a\"}"));
      String output = EXECUTIONS + "/a/output";
      try (Socket reader = new Socket("127.0.0.1", server.baseUrl().getPort())) {
        reader
            .getOutputStream()
            .write(
                ("GET "
                        + output
                        + " HTTP/1.1\r\nHost: "
                        + server.baseUrl().getAuthority()
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        assertThat(reader.getInputStream().read()).isEqualTo('H');
        assertThat(api.json(503, api.get(output)).get("detail").asString())
            .isEqualTo("too many read outputs at once; close one");
      }
      await().atMost(Peer.PATIENCE).until(() -> api.follow(output).statusCode() == 200);
      api.json(202, api.delete(EXECUTIONS + "/a"));
    }
    assertThat(Served.log(folder)).contains("stopped").doesNotContain("ERROR");
  }

  @Test
  void aLivingRunWhoseJournalCanNotBeReadIsNamedAndTheOthersAreListed() throws Exception {
    Path journal = folder.resolve("runs/living/journal.jsonl");
    Files.createDirectories(journal.getParent());
    Files.createSymbolicLink(journal, Path.of("/proc/self/mem"));
    Path claims = Files.createDirectories(folder.resolve("live"));
    Process living = new ProcessBuilder("sleep", "60").start();
    try (CommandServer server = open();
        Api api = api(server)) {
      Files.writeString(
          claims.resolve("living"),
          journal.getParent() + "\n\n" + living.pid() + " " + startTicks(living) + "\n");
      JsonNode runs = api.json(200, api.get(RUNS)).get("runs");
      assertThat(runs.valueStream().map(each -> each.get("id").asString()))
          .containsExactly("living", "broken");
      assertThat(runs.get(0).get("kind").asString()).isEqualTo("unknown");
      assertThat(runs.get(0).get("title").asString())
          .contains("journal.jsonl could not be read: Input/output error");
      assertThat(api.json(200, api.get(RUNS + "/living")).get("status").asString())
          .isEqualTo("running");
      assertThat(api.json(500, api.get(RUNS + "/living/attempts")).get("detail").asString())
          .contains("could not be read: Input/output error");
    } finally {
      living.destroyForcibly();
    }
  }

  private static String startTicks(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
  }

  @Test
  void aServerThatCanNotBeMadeLeavesNoFolderThatLooksAsIfOneLived() {
    ServerTimes endless =
        new ServerTimes(
            Served.TIMES.ping(),
            Served.TIMES.heartbeat(),
            Served.TIMES.grace(),
            Served.TIMES.patience(),
            Duration.ofSeconds(Long.MAX_VALUE));
    assertThatThrownBy(() -> Served.open(folder, Served.LIMITS, endless))
        .isInstanceOf(ArithmeticException.class);
    assertThat(folder.resolve("server")).isEmptyDirectory();
  }

  @Test
  void aServerThatCanNotListenLeavesNothing() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ServerSettings usual = Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES);
      ServerSettings settings =
          new ServerSettings(
              usual.host(),
              taken.getLocalPort(),
              usual.allowed(),
              usual.limits(),
              usual.times(),
              usual.environment(),
              folder,
              "1");
      assertThatThrownBy(
              () -> CommandServer.start(settings, Optional.empty(), folder.resolve("server")))
          .isInstanceOf(ServerProblem.class)
          .hasMessageContaining("can't be listened on")
          .hasMessageEndingWith("--port N takes another");
      assertThat(folder.resolve("server")).isEmptyDirectory();
    }
  }

  @Test
  void anAddressThatIsNotThisMachinesIsSaidToBeSoAndNoOtherPortIsAdvised() {
    ServerSettings usual = Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES);
    ServerSettings elsewhere =
        new ServerSettings(
            "192.0.2.7", // of nobody (RFC 5737)
            0,
            usual.allowed(),
            usual.limits(),
            usual.times(),
            usual.environment(),
            folder,
            "1");
    Path servers = folder.resolve("server");
    assertThatThrownBy(
            () -> CommandServer.start(elsewhere, Optional.of(ServerToken.in(servers)), servers))
        .isInstanceOf(ServerProblem.class)
        .hasMessageContaining("it is no address of this machine: --host takes one that is")
        .hasMessageNotContaining("--port");
  }

  @Test
  void whoFollowsAJournalWhileTooManyDoIsToldSoUntilOneGoesAway() throws Exception {
    Path journal = folder.resolve("runs/followed/journal.jsonl");
    Files.createDirectories(journal.getParent());
    Files.writeString(journal, "{}\n");
    Files.createDirectories(folder.resolve("live"));
    Files.createFile(folder.resolve("live/followed")); // so that it is one that goes on
    ServerLimits limits = new ServerLimits(1, 300, 1 << 20, 4 << 20);
    ServerTimes often =
        new ServerTimes(Duration.ofMillis(50), Duration.ofHours(1), Served.TIMES.grace());
    try (CommandServer server =
            Served.withRuns(
                folder,
                limits,
                often,
                () -> List.of(Served.row(folder, "followed")),
                List.of("false"));
        Api api = api(server)) {
      String path = RUNS + "/followed/journal";
      try (Socket reader = new Socket("127.0.0.1", server.baseUrl().getPort())) {
        reader
            .getOutputStream()
            .write(
                ("GET "
                        + path
                        + " HTTP/1.1\r\nAccept: text/event-stream\r\nHost: "
                        + server.baseUrl().getAuthority()
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        assertThat(reader.getInputStream().read()).isEqualTo('H');
        assertThat(api.json(503, api.get(path)).get("detail").asString())
            .isEqualTo("too many read journals at once; close one");
      }
      await().atMost(Peer.PATIENCE).until(() -> api.get(path).statusCode() == 200);
    }
  }

  @Test
  void aBodyThatIsNoProperHttpIsTheClientsFault() throws Exception {
    try (CommandServer server = open()) {
      assertThat(
              Served.raw(
                  server,
                  "POST " + EXECUTIONS + " HTTP/1.1",
                  "Host: 127.0.0.1:" + server.baseUrl().getPort(),
                  "Content-Type: application/json",
                  "Transfer-Encoding: chunked",
                  "",
                  "no number"))
          .startsWith("HTTP/1.1 400 ");
    }
    assertThat(Served.log(folder)).doesNotContain("ERROR");
  }

  @Test
  void aFullDiskIsToldToWhoStartsARun() throws Exception {
    try (CommandServer server = open();
        Api api = api(server)) {
      Files.createSymbolicLink(own().resolve("run-1.json"), Path.of("/dev/full"));
      JsonNode problem =
          api.json(507, api.post(RUNS, "{\"kind\":\"run\",\"tasks\":[{\"command\":[\"true\"]}]}"));
      assertThat(problem.get("detail").asString())
          .isEqualTo("what the run needs can't be written down: No space left on device");
    }
  }

  /** The folder of the server that runs. */
  private Path own() throws IOException {
    try (Stream<Path> folders = Files.list(folder.resolve("server"))) {
      return folders
          .filter(each -> String.valueOf(each.getFileName()).startsWith("serve-"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void theLargestLimitOfAMessageIsOneToo() throws Exception {
    ServerLimits limits = new ServerLimits(5, 300, Integer.MAX_VALUE, 4 << 20);
    try (CommandServer server = Served.open(folder, limits, Served.TIMES);
        Api api = api(server);
        Peer peer = Peer.of(server)) {
      api.json(201, api.post(EXECUTIONS, "{\"command\":\"true\"}"));
      peer.execute("echo hello");
      peer.notice("process.completed");
      assertThat(peer.printed("stdout")).isEqualTo("hello\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"a b,a%20b", "é+1,%C3%A9%2B1", "x/../y,x%2F..%2Fy"})
  void whereACommandIsIsSaidAsAnAddress(String id, String encoded) throws Exception {
    try (CommandServer server = Served.open(folder);
        Api api = api(server)) {
      HttpResponse<String> answer =
          api.post(EXECUTIONS, "{\"command\":\"true\",\"id\":\"" + id + "\"}");
      api.json(201, answer);
      String location = answer.headers().firstValue("Location").orElseThrow();
      assertThat(location).isEqualTo(EXECUTIONS + "/" + encoded);
      if (!id.contains("/")) {
        assertThat(api.json(200, api.get(location)).get("id").asString()).isEqualTo(id);
      }
    }
  }

  @Test
  void noRefusalSaysASecret() throws Exception {
    try (CommandServer server = open();
        Api api = api(server)) {
      assertThat(api.json(404, api.get(RUNS + "/sesame")).get("detail").asString())
          .isEqualTo("there is no run '***'");
    }
    try (CommandServer failing =
            Served.withRuns(
                folder,
                Served.LIMITS,
                Served.TIMES,
                () -> {
                  throw new IllegalStateException("sesame is the key");
                },
                List.of());
        Api api = api(failing)) {
      assertThat(api.json(500, api.get(RUNS)).get("detail").asString())
          .contains("*** is the key")
          .doesNotContain("sesame");
    }
  }

  @Test
  void whyACredentialRestsIsSaidWithoutSecrets() throws Exception {
    String key = "sk-ant-api03-this-is-nobodys-key";
    try (Store store = Store.open(new RegattaHome(folder))) {
      store.rest(
          new Rest(
              new Secret(key).fingerprint(),
              "CLAUDE_CODE_TOKEN",
              Instant.now().plus(Duration.ofHours(1)),
              "the provider said: sesame is used up"));
    }
    ServerSettings usual = Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES);
    ServerSettings settings =
        new ServerSettings(
            usual.host(),
            0,
            usual.allowed(),
            usual.limits(),
            usual.times(),
            Map.of("PATH", System.getenv("PATH"), "CLAUDE_CODE_TOKEN", key),
            folder,
            "1");
    try (CommandServer server =
            CommandServer.start(
                settings,
                Entrance.plain(Optional.empty()),
                folder.resolve("server"),
                Optional.of(
                    new RunsAccess(
                        folder,
                        List::of,
                        path -> "{}",
                        new RunProgram(List::of, settings.environment(), List.of()),
                        text -> text.replace("sesame", "***"))));
        Api api = api(server)) {
      JsonNode shown = api.json(200, api.get("/api/v1/credentials")).at("/credentials/0");
      assertThat(shown.get("state").asString()).isEqualTo("resting");
      assertThat(shown.get("reason").asString()).isEqualTo("the provider said: *** is used up");
    }
  }
}
