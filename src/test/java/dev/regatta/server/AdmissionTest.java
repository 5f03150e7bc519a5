package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may come in, with raw requests over real sockets. */
class AdmissionTest {
  @TempDir Path folder;

  private String ours(CommandServer server) {
    return "127.0.0.1:" + server.baseUrl().getPort();
  }

  private String token() throws IOException {
    return Files.readString(folder.resolve("server/token")).strip();
  }

  @Test
  void withoutTheTokenNobodyComesInAndWithItOneDoes() throws IOException {
    try (CommandServer server = Served.guarded(folder)) {
      String host = ours(server);
      assertThat(Served.upgrade(server, "/ws", host)).isEqualTo(401);
      assertThat(Served.upgrade(server, "/ws/mcp", host)).isEqualTo(401);
      assertThat(Served.upgrade(server, "/elsewhere", host)).isEqualTo(401);
      assertThat(Served.upgrade(server, "/ws", host, "Authorization: Bearer wrong")).isEqualTo(401);
      assertThat(Served.upgrade(server, "/ws", host, "Authorization: Basic " + token()))
          .isEqualTo(401);
      assertThat(Served.upgrade(server, "/ws?token=" + token(), host)).isEqualTo(401);
      assertThat(Served.upgrade(server, "/ws", host, "Authorization: Bearer " + token()))
          .isEqualTo(101);
      assertThat(Served.upgrade(server, "/ws/mcp", host, "authorization: bearer " + token()))
          .isEqualTo(101);
      assertThat(Served.upgrade(server, "/elsewhere", host, "Authorization: Bearer " + token()))
          .isEqualTo(404);
      assertThat(Served.raw(server, "GET /ws HTTP/1.1", "Host: " + host))
          .startsWith("HTTP/1.1 401 ")
          .containsIgnoringCase("www-authenticate: Bearer");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/healthz", "/readyz"})
  void healthNeedsNoToken(String path) throws IOException {
    try (CommandServer server = Served.guarded(folder)) {
      assertThat(Served.raw(server, "GET " + path + " HTTP/1.1", "Host: " + ours(server)))
          .startsWith("HTTP/1.1 200 ");
      assertThat(Served.raw(server, "POST " + path + " HTTP/1.1", "Host: " + ours(server)))
          .startsWith("HTTP/1.1 405 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example:@", "evil.example", "127.0.0.1", "127.0.0.1:1", "10.1.2.3:@"})
  void aHostThatIsNotOursGets421EverywhereAlsoWithoutATokenToAskFor(String host)
      throws IOException {
    try (CommandServer server = Served.open(folder)) {
      String given = host.replace("@", Integer.toString(server.baseUrl().getPort()));
      assertThat(Served.upgrade(server, "/ws", given)).isEqualTo(421);
      assertThat(Served.raw(server, "GET /health HTTP/1.1", "Host: " + given))
          .startsWith("HTTP/1.1 421 ");
    }
  }

  @Test
  void localhostIsOurNameTooAndAnHttpRequestWithoutAHostIsNotForUs() throws IOException {
    try (CommandServer server = Served.open(folder)) {
      int port = server.baseUrl().getPort();
      assertThat(Served.upgrade(server, "/ws", "localhost:" + port)).isEqualTo(101);
      assertThat(Served.upgrade(server, "/ws", "LOCALHOST:" + port)).isEqualTo(101);
      assertThat(Served.raw(server, "GET /health HTTP/1.0")).contains(" 421 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://evil.example", "null", "https://127.0.0.1:@", "http://127.0.0.1:1", ""})
  void aPageOfAnotherOriginCanNotConnect(String origin) throws IOException {
    try (CommandServer server = Served.open(folder)) {
      String given = origin.replace("@", Integer.toString(server.baseUrl().getPort()));
      assertThat(Served.upgrade(server, "/ws", ours(server), "Origin: " + given)).isEqualTo(403);
    }
  }

  @Test
  void ourOwnOriginMayConnect() throws IOException {
    try (CommandServer server = Served.open(folder)) {
      String host = ours(server);
      assertThat(Served.upgrade(server, "/ws", host, "Origin: http://" + host)).isEqualTo(101);
    }
  }

  @Test
  void otherPathsAreNotThereAndAPlainRequestIsToldToUpgrade() throws IOException {
    try (CommandServer server = Served.open(folder)) {
      String host = "Host: " + ours(server);
      assertThat(Served.raw(server, "GET /elsewhere HTTP/1.1", host)).startsWith("HTTP/1.1 404 ");
      assertThat(Served.raw(server, "GET /ws/ HTTP/1.1", host)).startsWith("HTTP/1.1 404 ");
      assertThat(Served.raw(server, "GET /ws HTTP/1.1", host)).startsWith("HTTP/1.1 426 ");
    }
  }

  @Test
  void theTokenIsItsOwnersAloneAndStaysTheSame() throws IOException {
    ServerToken made = ServerToken.in(folder.resolve("server"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.file())))
        .isEqualTo("rw-------");
    assertThat(made.value().reveal()).startsWith("regatta-").hasSizeGreaterThan(45);
    assertThat(ServerToken.in(folder.resolve("server")).value()).isEqualTo(made.value());
    assertThat(Files.list(folder.resolve("server"))).containsExactly(made.file());
  }

  @Test
  void aTokenThatOthersMayReadIsRefused() throws IOException {
    Path file = ServerToken.in(folder).file();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> ServerToken.in(folder))
        .isInstanceOf(ServerProblem.class)
        .hasMessageContaining("others may read this token")
        .hasMessageContaining("delete it");
  }

  @Test
  void aFileWithoutATokenIsRefused() throws IOException {
    Path file = ServerToken.in(folder).file();
    Files.writeString(file, "\n");
    assertThatThrownBy(() -> ServerToken.in(folder))
        .isInstanceOf(ServerProblem.class)
        .hasMessageContaining("holds no token");
  }

  @Test
  void withoutATokenItListensOnLoopbackOnly() {
    ServerSettings loopback =
        Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES);
    ServerSettings all =
        new ServerSettings(
            "0.0.0.0",
            0,
            loopback.allowed(),
            loopback.limits(),
            loopback.times(),
            Map.of(),
            folder,
            "1");
    assertThatThrownBy(() -> CommandServer.start(all, Optional.empty(), folder.resolve("server")))
        .isInstanceOf(ServerProblem.class)
        .hasMessageContaining("0.0.0.0 is not loopback");
  }

  @Test
  void onOtherAddressesAnyAddressIsOursButNoForeignName() {
    Admission admission = new Admission("0.0.0.0", false, 8004, Entrance.plain(Optional.empty()));
    assertThatCode(() -> admission.requireOurs(HttpFields.build().put("Host", "192.168.1.7:8004")))
        .doesNotThrowAnyException();
    assertThatCode(() -> admission.requireOurs(HttpFields.build().put("Host", "[fe80::1]:8004")))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> admission.requireOurs(HttpFields.build().put("Host", "evil.example:8004")))
        .hasMessageContaining("another name");
    Admission named = new Admission("build.example", false, 8004, Entrance.plain(Optional.empty()));
    assertThatCode(() ->
            named.requireOurs(
                HttpFields.build()
                    .put("Host", "Build.Example:8004")
                    .put("Origin", "http://build.example:8004")))
        .doesNotThrowAnyException();
  }

  @Test
  void noProcessGetsTheTokenInItsEnvironmentOrArguments() throws IOException {
    try (CommandServer server = Served.guarded(folder);
        Peer peer = Peer.with(server, token())) {
      peer.execute("env; cat /proc/self/cmdline /proc/$PPID/cmdline | tr '\\0' ' '");
      peer.notice("process.completed");
      assertThat(peer.printed("stdout")).contains("PATH=").doesNotContain(token());
    }
  }

  @Test
  void oneConnectionTooManyIsToldSoAndClosed() {
    try (CommandServer server = Served.open(folder)) {
      List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < Served.LIMITS.sessions(); i++) {
        peers.add(Peer.of(server));
        peers.getLast().notice("connected");
      }
      try (Peer surplus = Peer.of(server)) {
        JsonNode error = surplus.until(message -> message.has("error")).get("error");
        assertThat(error.get("code").asInt()).isEqualTo(-32003);
        assertThat(error.get("message").asString()).contains("Session limit");
        assertThat(surplus.closedWith()).isEqualTo(1008);
      }
      peers.getFirst().result("status", "{}");
      peers.removeFirst().close();
      await().atMost(Peer.PATIENCE).until(() -> server.sessions() < Served.LIMITS.sessions());
      try (Peer next = Peer.of(server)) {
        next.notice("connected");
      }
      peers.forEach(Peer::close);
    }
  }

  @Test
  void aMessageOverTheLimitClosesItsConnectionAndNoOther() {
    try (CommandServer server = Served.open(folder);
        Peer large = Peer.of(server);
        Peer other = Peer.of(server)) {
      large.send(" ".repeat(Served.LIMITS.messageBytes() + 1));
      assertThat(large.closedWith()).isEqualTo(1009);
      other.result("status", "{}");
    }
  }

  @Test
  void noMoreProcessesRunThanTheLimit() {
    try (CommandServer server =
            Served.open(folder, new ServerLimits(5, 2, 1 << 20, 1 << 20), Served.TIMES);
        Peer peer = Peer.of(server)) {
      peer.execute("sleep 60", "a");
      peer.execute("sleep 60", "b");
      JsonNode error = peer.error("execute", "{\"command\":\"true\",\"id\":\"c\"}");
      assertThat(error.get("code").asInt()).isEqualTo(-32005);
      assertThat(error.get("message").asString()).contains("2 processes run");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '~',
      textBlock =
          """
          echo plain words                @ true
          echo 'a; b | c > d `e` $(f)'    @ true
          echo "a; b | c > d"             @ true
          echo a\\;b                      @ true
            echo $HOME                    @ true
          ls                              @ false
          /bin/echo                       @ false
          "echo" quoted                   @ false
          X=1 echo                        @ false
          echo a; ls                      @ false
          echo a && ls                    @ false
          echo a & ls                     @ false
          echo a | sh                     @ false
          echo a > file                   @ false
          echo a < file                   @ false
          echo `ls`                       @ false
          echo "`ls`"                     @ false
          echo $(ls)                      @ false
          echo "$(ls)"                    @ false
          echo <(ls)                      @ false
          echo "unclosed                  @ false
          echo \\"; ls; echo "            @ false
          echo $'\\'; ls; echo '          @ false
          """)
  void withAListOnlyLinesOfOneListedCommandAreStarted(String line, boolean may) {
    AllowList list = new AllowList(Optional.of(Set.of("echo")));
    if (may) {
      assertThatCode(() -> list.check(line)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> list.check(line))
          .isInstanceOf(ProtocolError.class)
          .hasMessageContaining("is not allowed");
    }
  }

  @Test
  void aLineEndStartsASecondCommandToo() {
    AllowList list = new AllowList(Optional.of(Set.of("echo")));
    assertThatThrownBy(() -> list.check("echo a\nls")).hasMessageContaining("line ends");
    assertThatThrownBy(() -> list.check("echo \"$(ls)\""))
        .hasMessageContaining("outside single quotes (so within double ones too) without ` and $(");
  }

  @Test
  void withAListARefusalIsSaidAndVariablesAreNotTaken() {
    try (CommandServer server = Served.allowing(folder, "echo");
        Peer peer = Peer.of(server)) {
      JsonNode error = peer.error("execute", "{\"command\":\"ls /\"}");
      assertThat(error.get("code").asInt()).isEqualTo(-32001);
      assertThat(error.get("message").asString()).isEqualTo("Command 'ls' is not allowed");
      assertThat(
              peer.error("execute", "{\"command\":\"echo\",\"env\":{\"BASH_ENV\":\"x\"}}")
                  .get("message")
                  .asString())
          .contains("env is not taken");
      assertThat(
              peer.error("execute", "{\"command\":\"echo\",\"env\":{\"TRACEPARENT\":\"$(ls)\"}}")
                  .get("message")
                  .asString())
          .as("it is no span's")
          .contains("env is not taken");
      peer.execute("echo allowed");
      peer.notice("process.completed");
      assertThat(peer.printed("stdout")).isEqualTo("allowed\n");
    }
  }
}
