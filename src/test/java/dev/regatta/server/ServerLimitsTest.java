package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What one client may do, what is written down of it, and whether the server is ready. */
@Timeout(120)
class ServerLimitsTest {
  @TempDir Path folder;

  @Test
  void whoSendsTooManyMessagesIsToldSoAndStaysConnected() {
    ServerLimits limits = new ServerLimits(5, 300, 1 << 20, 4 << 20, 10, 1, 3, 5);
    try (CommandServer server = Served.open(folder, limits, Served.TIMES);
        Peer peer = Peer.of(server)) {
      for (int i = 0; i < 3; i++) {
        peer.result("status", "{}");
      }
      JsonNode error = peer.error("status", "{}");
      assertThat(error.get("code").asInt()).isEqualTo(-32006);
      assertThat(error.get("message").asString())
          .isEqualTo("Too many messages: 1 a second are carried out");
      assertThat(peer.open()).isTrue();
    }
  }

  @Test
  void oneConnectionStartsNoMoreThanItsShareAndAnotherStillCan() {
    ServerLimits limits = new ServerLimits(5, 300, 1 << 20, 4 << 20, 2, 1_000, 1_000, 5);
    try (CommandServer server = Served.open(folder, limits, Served.TIMES);
        Peer greedy = Peer.of(server);
        Peer other = Peer.of(server)) {
      greedy.execute("sleep 60", "a");
      greedy.execute("sleep 60", "b");
      JsonNode error = greedy.error("execute", "{\"command\":\"true\",\"id\":\"c\"}");
      assertThat(error.get("code").asInt()).isEqualTo(-32005);
      assertThat(error.get("message").asString()).contains("2 processes of this connection run");
      other.execute("true", "d");
      greedy.result("control", "{\"type\":\"CANCEL\",\"id\":\"a\"}");
      greedy.notice("process.completed", "a");
      greedy.execute("true", "e");
    }
  }

  @Test
  void noMoreSocketsAreOpenThanTheLimitAndWhoWaitsComesInWhenOneIsClosed() throws Exception {
    ServerLimits limits = new ServerLimits(1, 300, 1 << 20, 4 << 20);
    int most = CommandServer.sockets(limits);
    List<Socket> idle = new ArrayList<>();
    try (CommandServer server = Served.open(folder, limits, Served.TIMES)) {
      for (int i = 0; i < most + 30; i++) {
        idle.add(new Socket("127.0.0.1", server.baseUrl().getPort()));
      }
      await()
          .atMost(Peer.PATIENCE)
          .during(Duration.ofMillis(500))
          .until(() -> server.sockets() == most);
      for (Socket socket : idle.subList(0, 60)) {
        socket.close();
      }
      String host = "Host: 127.0.0.1:" + server.baseUrl().getPort();
      assertThat(Served.raw(server, "GET /healthz HTTP/1.1", host)).contains(" 200 ");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void theLimitOfSocketsIsAboveWhatTheOthersAllow() {
    assertThat(CommandServer.sockets(ServerLimits.USUAL)).isEqualTo(556);
    assertThat(CommandServer.sockets(new ServerLimits(Integer.MAX_VALUE, 1, 1, 1)))
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aThousandConnectionsComeInWhereAThousandMayAndTheNextIsToldSo() throws Exception {
    ServerLimits limits = new ServerLimits(1_000, 300, 1 << 20, 4 << 20);
    List<Socket> clients = new ArrayList<>();
    try (CommandServer server = Served.open(folder, limits, Served.TIMES)) {
      for (int i = 0; i < 1_000; i++) {
        clients.add(upgraded(server));
      }
      await().atMost(Peer.PATIENCE).until(() -> server.sessions() == 1_000);
      try (Peer surplus = Peer.of(server)) {
        JsonNode refusal = surplus.until(each -> each.has("error")).get("error");
        assertThat(refusal.get("code").asInt()).isEqualTo(-32003);
      }
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static Socket upgraded(CommandServer server) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.baseUrl().getPort());
    String head =
        "GET /ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket
        .getOutputStream()
        .write(head.formatted(server.baseUrl().getAuthority()).getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  @Test
  void theLogHasWhoCameAndWhatEndedButNoCommandsNoOutputAndNoForgedLines() throws Exception {
    try (CommandServer server =
            CommandServer.start(
                Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES),
                Entrance.plain(Optional.empty()),
                folder.resolve("server"),
                Optional.of(Served.runs(folder, text -> text.replace("sesame", "***"))));
        Peer peer = Peer.of(server)) {
      peer.execute("echo hidden-words", "sesame\n2026 INFO forged");
      peer.notice("process.completed");
      String host = "Host: 127.0.0.1:" + server.baseUrl().getPort();
      assertThat(Served.raw(server, "GET /no/such HTTP/1.1", host)).contains(" 404 ");
      assertThat(Served.raw(server, "GET /readyz HTTP/1.1", host)).contains(" 200 ");
    }
    String log = Files.readString(folder.resolve("logs/server.log"));
    assertThat(log)
        .contains("listens on http://127.0.0.1:", "asks for no token", "opened", "closed")
        .containsPattern("execution [0-9]+ '\\*\\*\\* 2026 INFO forged' started")
        .containsPattern("ended, completed, exit code 0")
        .contains("404 to 127.0.0.1: GET /no/such: there is nothing here", "stopped")
        .doesNotContain("hidden-words", "sesame");
    assertThat(log.lines()).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*"));
  }

  private CommandServer withLog() {
    return Served.withRuns(folder, Served.LIMITS, Served.TIMES, List::of, List.of("false"));
  }

  private static String ready(CommandServer server) throws IOException {
    return Served.raw(server, "GET /readyz HTTP/1.1", "Host: " + server.baseUrl().getAuthority());
  }

  @Test
  void aServerWhoseFolderCanNotBeWrittenIsNotReady() throws Exception {
    try (CommandServer server = withLog()) {
      assertThat(ready(server)).contains(" 200 ");
      Path own;
      try (Stream<Path> folders = Files.list(folder.resolve("server"))) {
        own = folders.findFirst().orElseThrow();
      }
      Path aside = Files.move(own, folder.resolve("aside"));
      assertThat(ready(server)).contains(" 503 ");
      Files.move(aside, own);
      assertThat(ready(server)).contains(" 200 ");
    }
    assertThat(Served.log(folder)).contains("not ready: the server's folder can't be written");
  }

  @Test
  void aServerThatCanStartNoProcessesIsNotReady() throws Exception {
    try (CommandServer server = withLog()) {
      server.launcher().close(); // as if its thread had died
      await().atMost(Peer.PATIENCE).until(() -> ready(server).contains(" 503 "));
    }
    assertThat(Served.log(folder)).contains("not ready: processes can't be started any more");
  }

  @Test
  void aServerWhoseStoreCanNotBeOpenedIsNotReady() throws Exception {
    Files.createDirectories(folder.resolve("regatta.db/in-the-way"));
    try (CommandServer server =
        CommandServer.start(
            Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES),
            Entrance.plain(Optional.empty()),
            folder.resolve("server"),
            Optional.of(Served.runs(folder, text -> text)))) {
      String host = "Host: 127.0.0.1:" + server.baseUrl().getPort();
      assertThat(Served.raw(server, "GET /readyz HTTP/1.1", host)).contains(" 503 ");
      assertThat(Served.raw(server, "GET /healthz HTTP/1.1", host)).contains(" 200 ");
    }
    assertThat(Files.readString(folder.resolve("logs/server.log"))).contains("not ready: ");
  }
}
