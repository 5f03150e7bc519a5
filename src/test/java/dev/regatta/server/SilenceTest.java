package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections on which nothing is said for longer than those may be silent that are waited for. */
@Timeout(120)
class SilenceTest {
  private static final String ALL = "/api/v1/executions";

  /** Nothing is said by the server of itself, and the commands are silent for longer than idle. */
  private static final ServerTimes SELDOM =
      new ServerTimes(
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ofMillis(300),
          Duration.ofMinutes(1),
          Duration.ofMillis(300));

  private static final String LATE = "echo early; sleep 1.5; echo late";

  @TempDir Path folder;

  @Test
  void aClientOfWebSocketMayBeSilentForAsLongAsItLikes() {
    try (CommandServer server = Served.open(folder, Served.LIMITS, SELDOM);
        Peer peer = Peer.of(server)) {
      peer.execute(LATE);
      peer.notice("process.completed");
      assertThat(peer.printed("stdout")).isEqualTo("early\nlate\n");
      assertThat(peer.open()).isTrue();
    }
  }

  @Test
  void whoFollowsASilentCommandIsToldWhatItPrintsInTheEnd() throws Exception {
    try (CommandServer server = Served.open(folder, Served.LIMITS, SELDOM);
        Api api = new Api(server.baseUrl().toString(), "")) {
      api.json(201, api.post(ALL, "{\"id\":\"a\",\"command\":\"" + LATE + "\"}"));
      try (Stream<String> lines = api.follow(ALL + "/a/output").body()) {
        assertThat(lines.toList()).anyMatch(line -> line.contains("\"late\\n\""));
      }
    }
  }

  @Test
  void whoReadsNothingOfWhatIsSentIsClosedAndItsPlaceIsFree() throws Exception {
    ServerLimits limits = new ServerLimits(1, 300, 1 << 20, 4 << 20);
    try (CommandServer server = Served.open(folder, limits, SELDOM);
        Api api = new Api(server.baseUrl().toString(), "");
        Socket deaf = new Socket("127.0.0.1", server.baseUrl().getPort())) {
      api.json(
          201, api.post(ALL, "{\"id\":\"a\",\"command\":\"yes | head -c 3000000; sleep 60\"}"));
      deaf.getOutputStream()
          .write(
              ("GET "
                      + ALL
                      + "/a/output HTTP/1.1\r\nHost: "
                      + server.baseUrl().getAuthority()
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(deaf.getInputStream().read()).isEqualTo('H');
      assertThat(another(server)).startsWith("HTTP/1.1 503 ");
      await().atMost(Peer.PATIENCE).until(() -> another(server).startsWith("HTTP/1.1 200 "));
      deaf.setSoTimeout(10_000);
      assertThat(toTheEnd(deaf))
          .as("what is broken off has no end")
          .doesNotEndWith("\r\n0\r\n\r\n");
    }
  }

  private static String another(CommandServer server) throws IOException {
    String host = "Host: " + server.baseUrl().getAuthority();
    return Served.raw(server, "GET " + ALL + "/a/output HTTP/1.1", host);
  }

  private static String toTheEnd(Socket socket) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] chunk = new byte[65_536];
    try {
      int count = socket.getInputStream().read(chunk);
      while (count > 0) {
        all.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
        count = socket.getInputStream().read(chunk);
      }
    } catch (SocketException e) {
      // Reset: closed before all was read.
    }
    return all.toString();
  }
}
