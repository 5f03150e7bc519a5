package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The suite of this project, whole, with the real claude CLI against the rehearsal server. */
class RealStressTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("regatta.project"), "examples");

  @TempDir Path folder;
  private Path claude = Path.of("");

  @BeforeEach
  void install() throws Exception {
    Optional<Path> installed = InstalledClaude.folder();
    assumeTrue(installed.isPresent(), "the real claude CLI");
    claude = installed.get();
    for (String name : List.of("stress.yaml", "stress-rehearsal.yaml")) {
      Files.copy(EXAMPLES.resolve(name), folder.resolve(name));
    }
  }

  private void change(String file, String before, String after) throws IOException {
    String text = Files.readString(folder.resolve(file));
    assertThat(text).contains(before);
    Files.writeString(folder.resolve(file), text.replace(before, after));
  }

  private Cli.Ended stress(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "stress",
                "stress.yaml",
                "--rehearsal",
                "--script",
                "stress-rehearsal.yaml",
                "--check",
                "grep -qi 'merge sort'",
                "--jobs",
                "4"));
    words.addAll(List.of(more));
    return Cli.in(folder).path(claude).within(words.toArray(String[]::new));
  }

  @Test
  void theWholeSuiteIsGreenAndGraduatedAndShownAgain() {
    Cli.Ended ended = stress();
    assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out())
        .contains("REHEARSAL", "30:0", "graduated")
        .contains("best by CONSENSUS: ", "2 of 2 answers agree", "1 of 1 checks")
        .contains("best by LLM_JUDGE: ", "0 won, 1 tied, 0 lost; agreement 100 %")
        .doesNotContain("not graduated");
    Cli.Ended runs = Cli.in(folder).within("runs", "--json");
    JsonNode row = JsonMapper.shared().readTree(runs.out()).get(0);
    assertThat(row.path("kind").asString()).isEqualTo("stress");
    assertThat(row.path("succeeded").asInt()).isEqualTo(30);
    assertThat(row.path("rehearsal").asBoolean()).isTrue();
    String run = row.path("id").asString();
    Cli.Ended shown = Cli.in(folder).within("show", run);
    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(ended.out()).endsWith(shown.out());
    Cli.Ended audit = Cli.in(folder).within("audit", run);
    assertThat(audit.out()).contains("suite-planned", "simple_1.1", "passed");
    assertThat(Cli.in(folder).within("show", run, "--json").out())
        .contains("\"none\"")
        .doesNotContain("\"suspected\"");
  }

  @Test
  void ofThreePlantedFaultsItSaysWhichAndWhy() throws IOException {
    change("stress-rehearsal.yaml", "reply: 'Paris'", "reply: 'Rome'");
    change(
        "stress.yaml",
        "command: 'printf ''%s\\n'' ready'\n        expected_patterns: ['ready']\n"
            + "        timeout: 30\n        stall_timeout: 10",
        "command: 'echo ready; exec sleep 100'\n        expected_patterns: ['ready']\n"
            + "        timeout: 30\n        stall_timeout: 1");
    change("stress.yaml", "command: 'exit 3'", "command: 'exit 0'");
    change("stress.yaml", "max_retries: 1", "max_retries: 0");
    Cli.Ended ended = stress();
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    assertThat(ended.out()).contains("27:3 = 9.0:1");
    assertThat(line(ended, "simple_1")).contains("failed").contains("not 'Paris'");
    assertThat(line(ended, "rapid_4")).contains("failed").contains("stalled: no more output for");
    assertThat(line(ended, "failure_2")).contains("failed").contains("expected non-zero, got 0");
  }

  private static String line(Cli.Ended ended, String id) {
    return ended.outLines().stream().filter(line -> line.contains(id)).findFirst().orElseThrow();
  }
}
