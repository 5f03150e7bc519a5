package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What stands in the protocol, sentence by sentence, over real sockets and with real processes. */
class ProtocolTest {
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

  @Test
  void theFirstMessageSaysConnected() {
    JsonNode connected = peer.notice("connected");
    assertThat(peer.kinds().getFirst()).isEqualTo("connected");
    assertThat(connected.get("session_id").asString()).hasSizeGreaterThan(10);
    assertThat(connected.get("version").asString()).isEqualTo("1.0.0");
    assertThat(connected.get("capabilities").toString())
        .isEqualTo("[\"execute\",\"control\",\"stream\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws", "/ws/mcp"})
  void aGoodExecutionIsAnsweredStartedStreamedAndCompletedInThisOrder(String path) {
    try (Peer other = Peer.of(server, path)) {
      JsonNode answer = other.execute("echo one; echo two >&2; echo three");
      assertThat(answer.get("status").asString()).isEqualTo("started");
      assertThat(answer.get("pid").asLong()).isPositive().isEqualTo(answer.get("pgid").asLong());
      JsonNode completed = other.notice("process.completed");
      assertThat(other.kinds())
          .containsExactly(
              "connected",
              "result",
              "process.started",
              "process.output",
              "process.output",
              "process.output",
              "process.completed");
      JsonNode started = other.notice("process.started");
      assertThat(started.get("status").asString()).isEqualTo("started");
      assertThat(started.get("pid")).isEqualTo(answer.get("pid"));
      assertThat(started.get("pgid")).isEqualTo(answer.get("pgid"));
      assertThat(started.get("exit_code").isNull()).isTrue();
      assertThat(started.get("error").isNull()).isTrue();
      assertThat(other.printed("stdout")).isEqualTo("one\nthree\n");
      assertThat(other.printed("stderr")).isEqualTo("two\n");
      assertThat(completed.get("status").asString()).isEqualTo("completed");
      assertThat(completed.get("exit_code").asInt(-1)).isZero();
      assertThat(completed.get("pid")).isEqualTo(answer.get("pid"));
      assertThat(completed.get("execution_time").asDouble()).isBetween(0.0, 30.0);
      assertThat(completed.get("early_completion_detected").asBoolean()).isFalse();
      assertThat(completed.get("early_completion_time").isNull()).isTrue();
      assertThat(completed.get("time_saved").isNull()).isTrue();
      assertThat(completed.get("completion_marker").isNull()).isTrue();
      assertThat(completed.has("id")).as("an old client sees no ids").isFalse();
    }
  }

  @Test
  void outputsAreNumberedFromOneWithoutGaps() {
    peer.execute("seq 1 500");
    peer.notice("process.completed");
    List<Long> numbers =
        peer.heard().stream()
            .filter(message -> message.path("method").asString("").equals("process.output"))
            .map(message -> message.get("params").get("sequence").asLong())
            .toList();
    assertThat(numbers).hasSize(500).startsWith(1L, 2L, 3L).endsWith(499L, 500L);
    assertThat(peer.printed("stdout")).startsWith("1\n2\n").endsWith("499\n500\n");
  }

  @ParameterizedTest
  @CsvSource({"exit 7,7", "kill -9 $$,-9", "kill -TERM $$,-15", "nowhere-at-all 2>/dev/null,127"})
  void aProcessThatFailsIsCompletedTooWithItsExitCodeOrItsSignalNegative(String line, int code) {
    peer.execute(line);
    JsonNode completed = peer.notice("process.completed");
    assertThat(completed.get("status").asString()).isEqualTo("failed");
    assertThat(completed.get("exit_code").asInt()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"id\":\"same\""})
  void whoHearsThatItIsCompletedMayStartTheNextInTheSameMoment(String id) throws Exception {
    String execute = "{\"method\":\"execute\",\"params\":{\"command\":\"true\"" + id + "}}";
    try (Reflex reflex = new Reflex(server, 200, execute)) {
      assertThat(reflex.errors()).isEmpty();
    }
  }

  @Test
  void standardInputIsClosedSoThatCatEndsAtOnceWithZero() {
    peer.execute("cat");
    assertThat(peer.notice("process.completed").get("exit_code").asInt(-1)).isZero();
  }

  @Test
  void aProcessLeadsASessionOfItsOwn() {
    JsonNode started = peer.execute("cut -d' ' -f5,6 /proc/$$/stat");
    peer.notice("process.completed");
    String pid = started.get("pid").asString();
    assertThat(peer.printed("stdout")).isEqualTo(pid + " " + pid + "\n");
  }

  @Test
  void folderAndVariablesAreThoseThatWereAskedFor() throws Exception {
    Files.createDirectories(folder.resolve("below"));
    peer.result(
        "execute",
        "{\"command\":\"pwd; echo $WORD\",\"cwd\":\"below\",\"env\":{\"WORD\":\"given\"}}");
    peer.notice("process.completed");
    assertThat(peer.printed("stdout"))
        .isEqualTo(folder.resolve("below").toRealPath() + "\ngiven\n");
  }

  @Test
  void bytesThatAreNoTextAreReplacedAndTextOfAllKindsComesThrough() {
    peer.execute("printf 'gr\\303\\274n \\360\\237\\220\\237 \\377 \\001\"\\\\\\n'");
    peer.notice("process.completed");
    assertThat(peer.printed("stdout")).isEqualTo("grün 🐟 \ufffd \u0001\"\\\n");
  }

  @Test
  void aLongLineIsCutIntoChunksOfWhichAllButTheLastAreTruncated() {
    peer.execute("head -c 150000 /dev/zero | tr '\\0' x; echo");
    peer.notice("process.completed");
    List<JsonNode> chunks = outputs();
    assertThat(chunks).hasSize(3);
    assertThat(chunks.stream().map(each -> each.get("chunk_index").asInt()).toList())
        .containsExactly(0, 1, 2);
    assertThat(chunks).allMatch(each -> each.get("total_chunks").asInt() == 3);
    assertThat(chunks.stream().map(each -> each.get("truncated").asBoolean()).toList())
        .containsExactly(true, true, false);
    assertThat(chunks.getFirst().get("data").asString()).hasSize(65_536);
    assertThat(peer.printed("stdout")).isEqualTo("x".repeat(150_000) + "\n");
  }

  private List<JsonNode> outputs() {
    return peer.heard().stream()
        .filter(message -> message.path("method").asString("").equals("process.output"))
        .map(message -> message.get("params"))
        .collect(Collectors.toList());
  }

  @Test
  void aWholeLineHasNoChunks() {
    peer.execute("echo short");
    peer.notice("process.completed");
    assertThat(outputs().getFirst().has("chunk_index")).isFalse();
    assertThat(outputs().getFirst().get("truncated").asBoolean()).isFalse();
  }

  @Test
  void aSecondExecuteWithoutAnIdIsRefusedWhileOneRunsAndTakenAfterwards() {
    peer.execute("sleep 60");
    JsonNode error = peer.error("execute", "{\"command\":\"true\"}");
    assertThat(error.get("code").asInt()).isEqualTo(-32602);
    assertThat(error.get("message").asString()).isEqualTo("A process is already running");
    peer.result("control", "{\"type\":\"CANCEL\"}");
    peer.notice("process.completed");
    peer.forget();
    peer.execute("echo again");
    peer.notice("process.completed");
    assertThat(peer.printed("stdout")).isEqualTo("again\n");
  }

  @Test
  void executionsWithIdsRunBesideOthersAndAreToldApart() {
    peer.execute("sleep 60");
    peer.execute("echo first", "a");
    peer.execute("echo second", "b");
    assertThat(peer.notice("process.completed", "a").get("exit_code").asInt(-1)).isZero();
    assertThat(peer.notice("process.completed", "b").get("exit_code").asInt(-1)).isZero();
    assertThat(peer.notice("process.output", "b").get("data").asString()).isEqualTo("second\n");
    assertThat(peer.error("execute", "{\"command\":\"true\",\"id\":true}").get("code").asInt())
        .isEqualTo(-32602);
  }

  @Test
  void anIdIsTakenWhileItsProcessRunsAndFreeAfterwards() {
    peer.execute("sleep 60", "same");
    JsonNode error = peer.error("execute", "{\"command\":\"true\",\"id\":\"same\"}");
    assertThat(error.get("code").asInt()).isEqualTo(-32602);
    assertThat(error.get("message").asString()).contains("already running").contains("'same'");
    peer.result("control", "{\"type\":\"CANCEL\",\"id\":\"same\"}");
    peer.notice("process.completed", "same");
    peer.forget();
    peer.execute("echo anew", "same");
    assertThat(peer.notice("process.completed", "same").get("exit_code").asInt(-1)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"id":1,"method":"frobnicate"}                            | -32601 | Unknown method: frobnicate
          {"id":1,"method":"execute"}                               | -32602 | command must be a string
          {"id":1,"method":"execute","params":{"command":7}}        | -32602 | command must be a string
          {"id":1,"method":"execute","params":[1]}                  | -32602 | params must be an object
          {"id":1,"method":"execute","params":{"command":"  "}}     | -32001 | Command cannot be empty
          {"id":1,"method":"execute","params":{"command":"true","timeout":0}}       | -32602 | timeout must be seconds
          {"id":1,"method":"execute","params":{"command":"true","stall_timeout":"x"}} | -32602 | stall_timeout must be seconds
          {"id":1,"method":"execute","params":{"command":"true","cwd":"/nowhere"}}  | -32602 | cwd '/nowhere' is not a folder
          {"id":1,"method":"execute","params":{"command":"true","env":{"A=B":"c"}}} | -32602 | env must be an object of strings
          {"id":1,"method":"execute","params":{"command":"true","env":{"A":1}}}     | -32602 | env must be an object of strings
          {"id":1,"method":"execute","params":{"command":"true","agent":"claude"}}  | -32602 | this server starts no agents
          {"id":1,"method":"execute","params":{"command":"true","agent":7}}         | -32602 | agent must be a string
          {"id":1,"method":"execute","params":{"command":"true","credential":"X"}}  | -32602 | credential is for an agent
          {"id":1,"method":"execute","params":{"command":"a\\u0000b"}}              | -32602 | NUL
          {"id":1,"method":"control","params":{"type":"PAUSE"}}     | -32002 | No process is running
          {"id":1,"method":"control","params":{"type":"STOP"}}      | -32602 | type must be PAUSE, RESUME or CANCEL
          {"id":1,"method":"control","params":{"type":"PAUSE","id":"x"}} | -32002 | No process is known with the id 'x'
          {"id":1,"method":"attach"}                                | -32602 | attach needs the id
          {"id":1,"method":"attach","params":{"id":"x"}}            | -32002 | 'x'
          {"id":1,"method":5}                                       | -32600 | method must be a string
          {"id":1.5,"method":"status"}                              | -32600 | id must be a string or an integer
          {"id":{},"method":"status"}                               | -32600 | id must be a string or an integer
          {"id":true,"method":"status"}                             | -32600 | id must be a string or an integer
          [{"id":1,"method":"status"}]                              | -32600 | a message is one JSON object
          7                                                         | -32600 | a message is one JSON object
          "status"                                                  | -32600 | a message is one JSON object
          null                                                      | -32600 | a message is one JSON object
          {"id":1,                                                  | -32700 | Parse error
          {} {}                                                     | -32700 | Parse error
          execute                                                   | -32700 | Parse error
          """)
  void whatIsWrongIsSaidWithItsCodeAndTheConnectionStays(String text, int code, String words) {
    peer.send(text);
    JsonNode error = peer.until(message -> message.has("error")).get("error");
    assertThat(error.get("code").asInt()).isEqualTo(code);
    assertThat(error.get("message").asString()).contains(words);
    assertThat(peer.result("hook_status", "{}").get("enabled").asBoolean(true)).isFalse();
  }

  @Test
  void anEmptyFrameAndABinaryOneGetAnErrorAndTheConnectionStays() {
    peer.send("");
    assertThat(peer.until(each -> each.has("error")).get("error").get("code").asInt())
        .isEqualTo(-32700);
    peer.forget();
    peer.sendBytes(new byte[] {1, 2, 3});
    assertThat(peer.until(each -> each.has("error")).get("error").get("code").asInt())
        .isEqualTo(-32600);
    peer.result("status", "{}");
  }

  @Test
  void aRequestWithoutJsonrpcAndWithoutAnIdIsAnsweredWithoutOne() {
    peer.send("{\"method\":\"hook_status\"}");
    JsonNode answer = peer.until(message -> message.has("result"));
    assertThat(answer.has("id")).isFalse();
    assertThat(answer.get("jsonrpc").asString()).isEqualTo("2.0");
  }

  @Test
  void anIdThatIsAStringComesBackAsOne() {
    peer.send("{\"method\":\"hook_status\",\"id\":\"one\"}");
    assertThat(peer.until(message -> message.has("result")).get("id").asString()).isEqualTo("one");
  }

  @Test
  void aPongIsNotAnswered() {
    peer.notice("connected");
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"pong\",\"params\":{},\"id\":9}");
    peer.result("hook_status", "{}");
    assertThat(peer.kinds()).containsExactly("connected", "result");
  }

  @Test
  void hooksAreSaidToBeOff() {
    JsonNode status = peer.result("hook_status", "{}");
    assertThat(status.get("enabled").asBoolean(true)).isFalse();
    assertThat(status.get("message").asString()).isNotEmpty();
  }

  @Test
  void statusAndListSayWhatRuns() {
    assertThat(peer.result("status", "{}").get("status").asString()).isEqualTo("idle");
    peer.execute("sleep 60");
    peer.execute("sleep 60", "named");
    JsonNode status = peer.result("status", "{}");
    assertThat(status.get("status").asString()).isEqualTo("running");
    assertThat(status.get("running").asInt()).isEqualTo(2);
    assertThat(status.get("process").get("command").asString()).isEqualTo("sleep 60");
    assertThat(peer.result("status", "{\"id\":\"named\"}").get("status").asString())
        .isEqualTo("running");
    assertThat(peer.result("list", "{}").get("executions")).hasSize(2);
    try (Peer other = Peer.of(server)) {
      assertThat(other.result("list", "{}").get("executions"))
          .as("what is another connection's alone is not its business")
          .hasSize(1);
    }
  }

  @Test
  void whoComesBackAttachesAndMissesNothing() throws IOException {
    Peer first = Peer.of(server);
    first.execute(
        "for i in 1 2 3; do echo $i; done; until [ -e go ]; do sleep 0.02; done; seq 4 2000; rm go",
        "long");
    first.until(message -> first.printed("stdout").equals("1\n2\n3\n"));
    first.vanish();
    peer.result("attach", "{\"id\":\"long\",\"fromSequence\":2}");
    peer.until(message -> peer.printed("stdout").equals("2\n3\n"));
    Files.writeString(folder.resolve("go"), "");
    peer.notice("process.completed", "long");
    String expected =
        IntStream.rangeClosed(2, 2000).mapToObj(i -> i + "\n").collect(Collectors.joining());
    assertThat(peer.printed("stdout")).isEqualTo(expected);
    peer.forget();
    JsonNode attached = peer.result("attach", "{\"id\":\"long\",\"fromSequence\":1999}");
    assertThat(attached.get("status").asString()).isEqualTo("completed");
    assertThat(attached.get("last_sequence").asLong()).isEqualTo(2000);
    peer.notice("process.completed", "long");
    assertThat(peer.printed("stdout")).isEqualTo("1999\n2000\n");
    first.close();
  }

  @Test
  void aHeartbeatAndPingsComeWhileNothingElseDoes() {
    try (CommandServer quick =
            Served.open(
                folder.resolve("quick"),
                Served.LIMITS,
                new ServerTimes(
                    Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(300)));
        Peer other = Peer.of(quick)) {
      assertThat(other.notice("heartbeat").get("timestamp").asDouble()).isGreaterThan(1e9);
      other.forget();
      other.notice("heartbeat");
      assertThat(other.open()).isTrue();
    }
  }
}
