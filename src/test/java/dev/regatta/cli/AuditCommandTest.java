package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code regatta audit}: a journal as people read it. */
@Timeout(180)
class AuditCommandTest {
  @TempDir static Path shared;

  @TempDir Path folder;

  @BeforeAll
  static void prove() throws IOException {
    ShortDemo.in(shared);
  }

  @Test
  void itSaysWhoDidWhatWithWhichCredentialOnWhichFile() {
    Cli.Ended trail = Cli.in(shared).within("audit", "out");
    assertThat(trail.exit()).as(trail.err()).isZero();
    assertThat(trail.outLines().getFirst())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\S+  regatta +run-began +demo, REHEARSAL");
    assertThat(trail.out())
        .containsPattern(
            "r1-sequential-1 rehearsal-agent +called +REHEARSAL_TOKEN_1 [0-9a-f]{12} +POST"
                + " /v1/messages of 127\\.0\\.0\\.1: status 200, req_rehearsal_\\w+, \\d+ tokens"
                + " in")
        .containsPattern(
            "r1-parallel-2 rehearsal-agent +file-holds +REHEARSAL_TOKEN_2 [0-9a-f]{12}"
                + " +answer.txt");
    assertThat(trail.outLines().getLast()).matches(".* regatta +run-ended +completed");
  }

  @Test
  void withoutARunItIsTheLatest() {
    assertThat(Cli.in(shared).within("audit").out())
        .isEqualTo(Cli.in(shared).within("audit", "out").out());
    Cli.Ended none = Cli.in(folder).within("audit");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).contains("there is no run yet; regatta demo makes one");
  }

  @Test
  void asJsonLinesEachNamesItsLineOfTheJournal() throws IOException {
    List<String> journal = Files.readAllLines(shared.resolve("out/journal.jsonl"));
    List<JsonNode> lines =
        Cli.in(shared).within("audit", "out", "--json").outLines().stream()
            .map(Parsed::json)
            .toList();
    for (JsonNode line : lines) {
      JsonNode entry = Parsed.json(journal.get(line.path("seq").intValue() - 1));
      assertThat(entry.path("at")).isEqualTo(line.path("at"));
    }
    assertThat(lines).filteredOn(line -> line.path("did").asString().equals("called")).hasSize(8);
  }

  @Test
  void asCsvWhatAgentsWroteIsNoFormula() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n- command: [sh, -c, exit 3]\n  expect: {files: [{path: '=1+2'}]}\n"
            + "- command: ['true']\n  expect: {files: [{path: '=1+2'}]}\n");
    Cli.in(folder).within("run", "--tasks", "tasks.yaml");
    Cli.Ended table = Cli.in(folder).within("audit", "--csv");
    assertThat(table.outLines().getFirst()).isEqualTo("seq,at,who,did,credential,file,detail");
    assertThat(table.out()).contains(",file-fails,,\"'=1+2\",").doesNotContain(",=1+2", ",\"=1+2");
  }

  @Test
  void aBrokenJournalIsShownUpToTheFault() throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Files.writeString(
        out.resolve("journal.jsonl"),
        Files.readString(shared.resolve("out/journal.jsonl"))
            .replaceFirst("\"phase\":\"r1-parallel\"", "\"phase\":\"r1-parallax\""));
    Cli.Ended trail = Cli.in(folder).within("audit", "out");
    assertThat(trail.exit()).isEqualTo(1);
    assertThat(trail.out()).contains("r1-sequential").doesNotContain("run-ended");
    assertThat(trail.err()).contains("its hash").contains("what follows is not shown");
    Cli.Ended both = Cli.in(folder).within("audit", "out", "--json", "--csv");
    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err()).contains("--json and --csv exclude each other: give one");
  }
}
