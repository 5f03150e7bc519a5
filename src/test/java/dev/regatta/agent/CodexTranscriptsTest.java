package dev.regatta.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Transcript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodexTranscriptsTest {
  private static final String RECORDED = "01a1ffa6-d540-7793-96f3-fa2d20da8491";

  @TempDir Path home;
  private Path day;

  @BeforeEach
  void makeFolder() throws IOException {
    day = Files.createDirectories(home.resolve("sessions/2026/11/21"));
  }

  private Path file(String time, String thread, String... lines) throws IOException {
    return Files.writeString(
        day.resolve("rollout-2026-11-21T" + time + "-" + thread + ".jsonl"),
        String.join("", lines));
  }

  private static String meta(String session) {
    return "{\"type\":\"session_meta\",\"payload\":{\"session_id\":\"" + session + "\"}}\n";
  }

  private static String used(String session, String id, int input, int output) {
    return "{\"timestamp\":\"at\",\"type\":\"token_usage_record\",\"payload\":{\"session_id\":\""
        + session
        + "\",\"response_id\":\""
        + id
        + "\",\"usage\":{\"input_tokens\":"
        + input
        + ",\"cached_input_tokens\":1,\"output_tokens\":"
        + output
        + "}}}\n";
  }

  private Transcript read() {
    return CodexTranscripts.read(home, "s-1").orElseThrow();
  }

  @Test
  void aRecordedSessionGivesItsResponsesWithModelTimeAndTokens() throws IOException {
    Path file = file("19-48-05", RECORDED);
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/codex/rollout.jsonl"))) {
      Files.write(file, in.readAllBytes());
    }
    Transcript transcript = CodexTranscripts.read(home, RECORDED).orElseThrow();
    assertThat(transcript.fault()).isEmpty();
    assertThat(transcript.files())
        .singleElement()
        .satisfies(source -> {
          assertThat(source.path()).isEqualTo(home.relativize(file).toString());
          assertThat(source.bytes()).isEqualTo(Files.size(file));
          assertThat(source.sha256()).matches("[0-9a-f]{64}");
        });
    assertThat(transcript.messages())
        .hasSize(2)
        .allSatisfy(message -> {
          assertThat(message.model()).isEqualTo("gpt-rehearsal");
          assertThat(message.at()).startsWith("2026-11-21T19:48:");
          assertThat(message.inputTokens()).isEqualTo(60);
          assertThat(message.cacheReadTokens()).isEqualTo(40);
          assertThat(message.outputTokens()).isEqualTo(20);
        })
        .extracting(Transcript.Message::id)
        .containsExactly("resp_rehearsal_1", "resp_rehearsal_2");
  }

  @Test
  void threadsThatTheSessionStartedCountTooAndOthersDoNot() throws IOException {
    file("10-00-00", "s-0", meta("s-0"), used("s-0", "r0", 9, 9));
    file("10-00-01", "s-1", meta("s-1"), used("s-1", "r1", 5, 1));
    file("10-00-02", "t-2", meta("s-1"), used("s-1", "r2", 7, 2));
    file("10-00-03", "s-3", meta("s-3"), used("s-3", "r3", 9, 9));
    assertThat(read().messages()).extracting(Transcript.Message::id).containsExactly("r1", "r2");
    assertThat(read().files()).hasSize(2);
    assertThat(read().fault()).isEmpty();
  }

  @Test
  void linesOfAnotherSessionAreNotTakenForThisOne() throws IOException {
    file("10-00-01", "s-1", meta("s-1"), used("s-2", "r1", 5, 1));
    assertThat(read().messages()).isEmpty();
    assertThat(read().fault()).isEqualTo("it holds lines of another session");
  }

  @Test
  void brokenAndUnknownLinesAreSaidOrPassedOver() throws IOException {
    file("10-00-01", "s-1", meta("s-1"), "{\"type\":\"new\"}\n\n", used("s-1", "r1", 5, 1), "{no");
    assertThat(read().messages()).hasSize(1);
    assertThat(read().fault()).isEqualTo("a line is not JSON");
  }

  @Test
  void withoutAFileOrWithAnIdThatIsAPathThereIsNone() throws IOException {
    assertThat(CodexTranscripts.read(home, "s-1")).isEmpty();
    assertThat(CodexTranscripts.read(home, "../s-1")).isEmpty();
    assertThat(CodexTranscripts.read(home.resolve("none"), "s-1")).isEmpty();
  }

  @Test
  void aLinkLeadsElsewhereAndIsNotFollowed() throws IOException {
    Path other = Files.writeString(home.resolve("other"), used("s-1", "r1", 5, 1));
    Files.createSymbolicLink(day.resolve("rollout-2026-11-21T10-00-01-s-1.jsonl"), other);
    assertThat(CodexTranscripts.read(home, "s-1")).isEmpty();
  }
}
