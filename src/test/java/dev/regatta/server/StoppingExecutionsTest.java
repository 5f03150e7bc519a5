package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Nothing that was started is left when it is said to be over, however it ends. */
class StoppingExecutionsTest {
  @TempDir static Path folder;
  private CommandServer server;
  private Peer peer;

  @BeforeEach
  void connect() {
    server = Served.open(folder);
    peer = Peer.of(server);
  }

  @AfterEach
  void leave() {
    peer.close();
    server.close();
  }

  private static char state(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  @Test
  void pauseStopsTheGroupAndResumeHasItGoOn() {
    long pid = peer.execute("while :; do echo tick; sleep 0.02; done").get("pid").asLong();
    peer.notice("process.output");
    assertThat(peer.result("control", "{\"type\":\"PAUSE\"}").get("status").asString())
        .isEqualTo("paused");
    assertThat(peer.notice("process.paused").get("pid").asLong()).isEqualTo(pid);
    await().atMost(Peer.PATIENCE).until(() -> state(pid) == 'T');
    assertThat(peer.result("status", "{}").get("process").get("status").asString())
        .isEqualTo("paused");
    peer.forget();
    assertThat(peer.result("control", "{\"type\":\"RESUME\"}").get("status").asString())
        .isEqualTo("resumed");
    assertThat(peer.notice("process.resumed").get("pgid").asLong()).isEqualTo(pid);
    peer.notice("process.output");
    peer.result("control", "{\"type\":\"CANCEL\"}");
    peer.notice("process.completed");
  }

  @Test
  void cancelSendsTermAndIsFollowedByCanceledAndCompletedInThisOrder() {
    long pid = peer.execute("exec sleep 60").get("pid").asLong();
    peer.notice("process.started");
    assertThat(peer.result("control", "{\"type\":\"CANCEL\"}").get("status").asString())
        .isEqualTo("canceled");
    JsonNode completed = peer.notice("process.completed");
    assertThat(peer.kinds())
        .containsExactly(
            "connected",
            "result",
            "process.started",
            "result",
            "process.canceled",
            "process.completed");
    assertThat(peer.notice("process.canceled").get("status").asString()).isEqualTo("canceled");
    assertThat(completed.get("exit_code").asInt()).isEqualTo(-15);
    assertThat(completed.get("status").asString()).isEqualTo("failed");
    assertThat(Served.alive(pid)).isFalse();
  }

  @Test
  void whatIgnoresTermIsKilled() {
    long pid =
        peer.execute("trap '' TERM; echo armed; while :; do sleep 0.05; done").get("pid").asLong();
    peer.notice("process.output");
    peer.result("control", "{\"type\":\"CANCEL\"}");
    assertThat(peer.notice("process.completed").get("exit_code").asInt()).isEqualTo(-9);
    assertThat(Served.alive(pid)).isFalse();
  }

  @Test
  void aPausedProcessIsCanceledToo() {
    long pid = peer.execute("exec sleep 60").get("pid").asLong();
    peer.result("control", "{\"type\":\"PAUSE\"}");
    peer.result("control", "{\"type\":\"CANCEL\"}");
    assertThat(peer.notice("process.completed").get("exit_code").asInt()).isEqualTo(-15);
    assertThat(Served.alive(pid)).isFalse();
  }

  @Test
  void theTimeoutBoundsTheWholeHoweverMuchIsPrinted() {
    peer.result(
        "execute", "{\"command\":\"while :; do echo busy; sleep 0.02; done\",\"timeout\":0.4}");
    JsonNode completed = peer.notice("process.completed");
    assertThat(peer.notice("process.error").get("error").asString())
        .isEqualTo("timed out: it ran longer than 0.4 s");
    assertThat(completed.get("exit_code").asInt()).isEqualTo(-15);
    assertThat(completed.get("status").asString()).isEqualTo("failed");
    assertThat(completed.get("reason").asString()).isEqualTo("timeout");
  }

  @Test
  void theStallTimeoutEndsASilenceAndSaysSo() {
    peer.result("execute", "{\"command\":\"echo here; exec sleep 60\",\"stall_timeout\":0.3}");
    JsonNode completed = peer.notice("process.completed");
    assertThat(peer.notice("process.stalled").get("stall_timeout").asDouble()).isEqualTo(0.3);
    assertThat(completed.get("reason").asString()).isEqualTo("stalled");
    assertThat(completed.get("exit_code").asInt()).isEqualTo(-15);
  }

  @Test
  void aPauseIsNoSilence() {
    peer.result("execute", "{\"command\":\"sleep 0.4; echo late\",\"stall_timeout\":1}");
    peer.result("control", "{\"type\":\"PAUSE\"}");
    peer.execute("sleep 1.5", "clock");
    peer.notice("process.completed", "clock");
    assertThat(peer.kinds()).doesNotContain("process.stalled");
    peer.result("control", "{\"type\":\"RESUME\"}");
    peer.until(message -> peer.printed("stdout").equals("late\n"));
    assertThat(
            peer.until(message ->
                    message.path("method").asString("").equals("process.completed")
                        && !message.get("params").has("id"))
                .get("params")
                .get("exit_code")
                .asInt(-1))
        .isZero();
  }

  @Test
  void aDaemonThatLeftTheSessionIsStoppedBeforeItIsSaidToBeOver() {
    peer.execute("setsid sleep 60 & echo $!; exit 0");
    JsonNode completed = peer.notice("process.completed");
    assertThat(completed.get("exit_code").asInt(-1)).isZero();
    assertThat(completed.get("left_behind").asInt()).isPositive();
    assertThat(Served.alive(Long.parseLong(peer.printed("stdout").strip()))).isFalse();
  }

  @Test
  void whatItsClientLeavesBehindEndsUnlessItHasAnId() {
    Peer other = Peer.of(server);
    long own = other.execute("sleep 60").get("pid").asLong();
    long named = other.execute("sleep 60", "stays").get("pid").asLong();
    other.vanish();
    await().atMost(Peer.PATIENCE).until(() -> !Served.alive(own));
    assertThat(Served.alive(named)).isTrue();
    assertThat(peer.result("status", "{\"id\":\"stays\"}").get("status").asString())
        .isEqualTo("running");
    peer.result("control", "{\"type\":\"CANCEL\",\"id\":\"stays\"}");
    await().atMost(Peer.PATIENCE).until(() -> !Served.alive(named));
    other.close();
  }

  @Test
  void aServerThatStopsTellsItsClientsStopsAllAndSaysWhatWasLeft() throws Exception {
    long polite = peer.execute("exec sleep 60").get("pid").asLong();
    long stubborn =
        peer.execute("trap '' TERM; echo armed; while :; do sleep 0.05; done", "stubborn")
            .get("pid")
            .asLong();
    peer.notice("process.output", "stubborn");
    assertThat(server.stop(() -> false)).isEqualTo(new CommandServer.Left(2, 1, 0, 0, List.of()));
    assertThat(Served.alive(polite)).isFalse();
    assertThat(Served.alive(stubborn)).isFalse();
    peer.notice("process.completed", "stubborn");
    assertThat(peer.notice("process.canceled").get("reason").asString()).isEqualTo("server stops");
    assertThat(peer.closedWith()).isEqualTo(1001);
  }
}
