package dev.regatta.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Transcript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaudeTranscriptsTest {
  private static final String SESSION = "b1713fed-7f52-4c4a-9f77-3bb889e05e5b";
  private static final String LINE =
      """
      {"type":"assistant","sessionId":"s-1","timestamp":"%s","requestId":%s,"message":{"id":"%s",\
      "model":"%s","stop_reason":%s,"usage":{"input_tokens":%d,"output_tokens":%d}}}
      """;

  @TempDir Path config;
  private Path project;

  @BeforeEach
  void makeTheProjectsFolder() throws IOException {
    project = Files.createDirectories(config.resolve("projects/-home-user-project"));
  }

  @Test
  void aRecordedTranscriptGivesItsMessagesWithIdsAndUsage() throws IOException {
    try (InputStream recorded =
        Objects.requireNonNull(getClass().getResourceAsStream("/claude/transcript.jsonl"))) {
      Files.copy(recorded, project.resolve(SESSION + ".jsonl"));
    }
    Transcript transcript = ClaudeTranscripts.read(config, SESSION).orElseThrow();
    assertThat(transcript.fault()).isEmpty();
    assertThat(transcript.files())
        .singleElement()
        .satisfies(file -> {
          assertThat(file.path()).isEqualTo("projects/-home-user-project/" + SESSION + ".jsonl");
          assertThat(file.bytes()).isEqualTo(Files.size(config.resolve(file.path())));
          assertThat(file.sha256()).matches("[0-9a-f]{64}");
        });
    assertThat(transcript.messages())
        .containsExactly(
            new Transcript.Message(
                "msg_rehearsal_0a314bee1bd22f37bc7e7f89",
                "req_rehearsal_ea84a7b8c4640b4c211501d2",
                "claude-opus-4-8",
                "2026-11-21T15:14:20.123Z",
                "tool_use",
                19369L,
                32L,
                0L,
                0L),
            new Transcript.Message(
                "msg_rehearsal_f836a6c15cab73c6bfa3ae7e",
                "req_rehearsal_750f308dfe77c5e1da680eb5",
                "claude-opus-4-8",
                "2026-11-21T15:14:21.928Z",
                "end_turn",
                19510L,
                7L,
                0L,
                0L));
  }

  @Test
  void aMessageOfSeveralLinesCountsOnceWithItsLastUsageAndItsFirstTime() throws IOException {
    write(
        line("2026-01-01T00:00:01Z", "\"req_1\"", "m1", "claude-x", "null", 5, 1),
        line("2026-01-01T00:00:02Z", "\"req_1\"", "m1", "claude-x", "\"end_turn\"", 5, 9));
    assertThat(read().messages())
        .containsExactly(
            new Transcript.Message(
                "m1", "req_1", "claude-x", "2026-01-01T00:00:01Z", "end_turn", 5L, 9L, null, null));
  }

  @Test
  void subAgentsCountToo() throws IOException {
    write(line("t", "null", "m1", "claude-x", "null", 5, 1));
    Path sub = Files.createDirectories(project.resolve("s-1/subagents"));
    Files.writeString(
        sub.resolve("agent-a.jsonl"), line("t", "null", "m2", "claude-y", "null", 7, 2));
    Files.writeString(sub.resolve("agent-a.meta.json"), "{}");
    assertThat(read().messages()).extracting(Transcript.Message::id).containsExactly("m1", "m2");
    assertThat(read().files()).hasSize(2);
  }

  @Test
  void whatTheCliItselfSaysAndUnknownLinesAreNoMessages() throws IOException {
    write(
        line("t", "null", "m1", "<synthetic>", "null", 0, 0),
        "{\"type\":\"assistant\",\"sessionId\":\"s-1\",\"message\":{\"id\":\"m2\"}}\n",
        "{\"type\":\"new-kind\",\"message\":{\"id\":\"m3\",\"usage\":{}}}\n",
        "\n[1]\n");
    assertThat(read().messages()).isEmpty();
    assertThat(read().fault()).isEmpty();
  }

  @Test
  void linesOfAnotherSessionAreNotTakenForThisOne() throws IOException {
    write(line("t", "null", "m1", "claude-x", "null", 5, 1).replace("s-1", "s-2"));
    assertThat(read().messages()).isEmpty();
    assertThat(read().fault()).isEqualTo("it holds lines of another session");
  }

  @Test
  void aLineThatIsNotJsonIsAFaultAndTheOthersCount() throws IOException {
    write("{\"type\":\n", line("t", "null", "m1", "claude-x", "null", 5, 1));
    assertThat(read().messages()).hasSize(1);
    assertThat(read().fault()).isEqualTo("a line is not JSON");
  }

  @Test
  void aLongAnswerOfAToolIsPassedOverAndALongMessageIsAFault() throws IOException {
    String long5Mb = "x".repeat(5 << 20);
    write("{\"type\":\"user\",\"text\":\"" + long5Mb + "\"}\n");
    assertThat(read().fault()).isEmpty();
    write("{\"type\":\"assistant\",\"text\":\"" + long5Mb + "\"}\n");
    assertThat(read().fault()).isEqualTo("a line is too long");
  }

  @Test
  void withoutATranscriptThereIsNone() {
    assertThat(ClaudeTranscripts.read(config, "s-1")).isEmpty();
    assertThat(ClaudeTranscripts.read(config.resolve("none"), "s-1")).isEmpty();
  }

  @Test
  void aSessionIdThatWouldLeadElsewhereNamesNoFile() throws IOException {
    Files.writeString(config.resolve("s.jsonl"), line("t", "null", "m1", "x", "null", 5, 1));
    for (String id : new String[] {"../../s", "s/../../../s", "", "-s", "a b"}) {
      assertThat(ClaudeTranscripts.read(config, id)).as(id).isEmpty();
    }
  }

  @Test
  void aLinkInThePlaceOfATranscriptIsNotFollowed() throws IOException {
    Path elsewhere = config.resolve("elsewhere.jsonl");
    Files.writeString(elsewhere, line("t", "null", "m1", "claude-x", "null", 5, 1));
    Files.createSymbolicLink(project.resolve("s-1.jsonl"), elsewhere);
    assertThat(ClaudeTranscripts.read(config, "s-1")).isEmpty();
  }

  private void write(String... lines) throws IOException {
    Files.writeString(project.resolve("s-1.jsonl"), String.join("", lines));
  }

  private Transcript read() {
    Optional<Transcript> read = ClaudeTranscripts.read(config, "s-1");
    assertThat(read).isPresent();
    return read.get();
  }

  private static String line(
      String at, String request, String id, String model, String stop, long input, long output) {
    return LINE.formatted(at, request, id, model, stop, input, output);
  }

  @Test
  void allFilesOfASessionTogetherAreBounded() throws IOException {
    Path main = project.resolve("s-1.jsonl");
    Path sub = project.resolve("sub.jsonl");
    String first = LINE.formatted("t", "null", "msg_1", "m", "null", 1, 2);
    Files.writeString(main, first);
    Files.writeString(sub, LINE.formatted("t", "null", "msg_2", "m", "null", 3, 4));
    Transcript both = ClaudeTranscripts.read(config, "s-1", List.of(main, sub), 10_000);
    assertThat(both.fault()).isEmpty();
    assertThat(both.messages()).hasSize(2);
    Transcript bounded =
        ClaudeTranscripts.read(config, "s-1", List.of(main, sub), first.length() + 10);
    assertThat(bounded.messages()).extracting(Transcript.Message::id).containsExactly("msg_1");
    assertThat(bounded.fault()).isEqualTo("it is too long to be read whole");
  }
}
