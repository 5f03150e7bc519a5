package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is announced of an execution besides its output, and that nothing else changes by it. */
class AnnouncementsTest {
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

  private List<String> afterStart() {
    List<String> kinds = peer.kinds();
    return kinds.subList(kinds.indexOf("process.started") + 1, kinds.size());
  }

  @Test
  void anEarlyCompletionIsAnnouncedRightAfterItsLineAndNothingIsEnded() {
    peer.execute("echo first; echo 'All done.'; echo 'all done'; sleep 0.3; echo last; exit 4");
    JsonNode completed = peer.notice("process.completed");
    assertThat(afterStart())
        .containsExactly(
            "process.output",
            "process.output",
            "task.early_completion",
            "process.output",
            "process.output",
            "process.completed");
    JsonNode early = peer.notice("task.early_completion");
    assertThat(early.propertyNames())
        .containsExactly("session_id", "marker", "elapsed_time", "output_line");
    assertThat(early.get("session_id")).isEqualTo(peer.notice("connected").get("session_id"));
    assertThat(early.get("marker").asString()).isEqualTo("all done");
    assertThat(early.get("output_line").asString()).isEqualTo("All done.");
    assertThat(completed.get("exit_code").asInt()).isEqualTo(4);
    assertThat(completed.get("early_completion_detected").asBoolean()).isTrue();
    assertThat(completed.get("completion_marker").asString()).isEqualTo("all done");
    assertThat(completed.get("early_completion_time")).isEqualTo(early.get("elapsed_time"));
    assertThat(completed.get("time_saved").asDouble()).isPositive();
    assertThat(early.get("elapsed_time").asDouble() + completed.get("time_saved").asDouble())
        .isCloseTo(completed.get("execution_time").asDouble(), within(0.002));
  }

  @Test
  void anEarlyCompletionIsNeverLaterThanTheEndAndOfItsOutputAlone() {
    for (int i = 0; i < 5; i++) {
      peer.execute("printf 'All done.\\nmore\\n'", "n" + i);
      JsonNode completed = peer.notice("process.completed", "n" + i);
      assertThat(completed.get("early_completion_detected").asBoolean()).isTrue();
      assertThat(completed.get("early_completion_time").asDouble())
          .isLessThanOrEqualTo(completed.get("execution_time").asDouble());
      assertThat(completed.get("time_saved").asDouble()).isNotNegative();
    }
    peer.forget();
    peer.result("attach", "{\"id\":\"n0\",\"fromSequence\":2}");
    peer.notice("process.completed", "n0");
    assertThat(peer.kinds()).doesNotContain("task.early_completion").contains("process.output");
    peer.forget();
    peer.result("attach", "{\"id\":\"n0\",\"fromSequence\":1}");
    peer.notice("process.completed", "n0");
    assertThat(peer.kinds()).contains("task.early_completion");
  }

  @Test
  void limitsAreAnnouncedOnceAndAreNoErrorsOfTheProtocol() {
    peer.execute(
        "echo 'HTTP 429, retry after 7' >&2; sleep 0.2; echo 'Usage limit reached|1764590400';"
            + " echo 'exceeded the 32000 output token maximum'",
        "named");
    peer.notice("process.completed", "named");
    assertThat(afterStart())
        .containsExactly(
            "process.output",
            "error.rate_limit_exceeded",
            "process.output",
            "process.output",
            "error.token_limit_exceeded",
            "process.completed");
    JsonNode rate = peer.notice("error.rate_limit_exceeded", "named");
    assertThat(rate.get("session_id")).isEqualTo(peer.notice("connected").get("session_id"));
    assertThat(rate.get("error_type").asString()).isEqualTo("rate_limit_429");
    assertThat(rate.get("retry_after").asInt()).isEqualTo(7);
    assertThat(peer.notice("error.token_limit_exceeded", "named").get("limit").asInt())
        .isEqualTo(32_000);
    // An older client takes 'data' for output, and an 'error' beside 'method' for a failure.
    assertThat(peer.heard()).noneMatch(message -> message.has("error"));
    assertThat(peer.heard())
        .filteredOn(message -> message.path("params").has("data"))
        .allMatch(message -> message.get("method").asString().equals("process.output"));
  }
}
