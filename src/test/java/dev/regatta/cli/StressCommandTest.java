package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.process.MachineLoad;
import dev.regatta.stress.Selection;
import dev.regatta.stress.Suite;
import dev.regatta.stress.SuiteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class StressCommandTest {
  private static final Path PROJECT = Path.of(System.getProperty("regatta.project"));
  private static final String EXAMPLE = PROJECT.resolve("examples/stress.yaml").toString();

  private final List<String> page = Files.readAllLines(PROJECT.resolve("docs/stress.md"));

  @TempDir Path folder;

  StressCommandTest() throws IOException {}

  @BeforeEach
  void write() throws IOException {
    List<List<String>> files = blocks("```json");
    Files.write(folder.resolve("suite.json"), files.get(0));
    Files.write(folder.resolve("faulty.json"), files.get(1));
  }

  private List<List<String>> blocks(String fence) {
    List<List<String>> blocks = new ArrayList<>();
    for (int at = 0; at < page.size(); at++) {
      if (page.get(at).startsWith("```")) {
        int end = at + 1 + page.subList(at + 1, page.size()).indexOf("```");
        if (page.get(at).equals(fence)) {
          blocks.add(page.subList(at + 1, end));
        }
        at = end;
      }
    }
    return blocks;
  }

  /** What the page says that this call prints. */
  private List<String> onPage(String call) {
    return blocks("```").stream()
        .filter(block -> block.getFirst().equals("$ " + call))
        .findFirst()
        .orElseThrow()
        .stream()
        .skip(1)
        .toList();
  }

  @Test
  void theListingOnThePageIsTheListing() {
    Suite suite = SuiteFile.read(folder.resolve("suite.json"), "suite.json").suite();
    Selection all = new Selection(List.of(), List.of(), List.of());
    List<String> listed =
        SuiteListing.of(suite, all.of(suite), new MachineLoad(0), Instant.EPOCH).lines();
    List<String> shown = onPage("regatta stress suite.json --dry-run");
    assertThat(shown.subList(0, listed.size())).containsExactlyElementsOf(listed);
    Cli.Ended ended = Cli.in(folder).within("stress", "suite.json", "--dry-run");
    assertThat(ended.errLines()).containsAll(shown.subList(listed.size(), shown.size()));
  }

  @Test
  void theWarningsOnThePageAreTheLinters() {
    Cli.Ended ended = Cli.in(folder).within("stress", "lint", "suite.json");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.outLines())
        .containsExactlyElementsOf(onPage("regatta stress lint suite.json"));
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void theFaultsOnThePageAreTheReaders() {
    Cli.Ended ended = Cli.in(folder).within("stress", "faulty.json", "--dry-run");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.errLines())
        .containsExactlyElementsOf(onPage("regatta stress faulty.json --dry-run"));
  }

  @Test
  void aDryRunHasALineForEachTaskNeedsNoAgentAndTouchesNothing() {
    List<String> before = Cli.below(folder);
    Cli.Ended ended =
        Cli.in(folder).with("PATH", "/nowhere").within("stress", EXAMPLE, "--dry-run");
    assertThat(ended.exit()).as(ended.err()).isZero();
    Suite suite = SuiteFile.read(Path.of(EXAMPLE), "example").suite();
    assertThat(ended.outLines().stream().map(line -> line.split(" ")[0]).toList())
        .containsExactlyElementsOf(suite.tasks().map(task -> task.id()).toList());
    assertThat(Cli.below(folder)).isEqualTo(before);
  }

  @Test
  void warningsLeaveTheExitCodeAtZero() {
    Cli.Ended ended = Cli.in(folder).within("stress", "suite.json", "--dry-run");
    assertThat(ended.exit()).isZero();
    assertThat(ended.err())
        .contains(
            "regatta: warning: suite.json:",
            "categories.failure_modes.tasks[0].verification.strict: is no field of a suite");
  }

  @Test
  void categoriesAndIdsChooseTasks() {
    assertThat(ids("--category", "rapid_fire", "--category", "failure_modes", "--skip", "rapid_2"))
        .containsExactly("rapid_1", "rapid_3", "rapid_4", "failure_1", "failure_2", "failure_3");
    assertThat(ids("--only", "simple_2", "--only", "long_1")).containsExactly("simple_2", "long_1");
    assertThat(ids("--only", "simple_2", "--only", "long_1", "--category", "simple"))
        .containsExactly("simple_2");
  }

  private List<String> ids(String... options) {
    List<String> words = new ArrayList<>(List.of("stress", EXAMPLE, "--dry-run", "--json"));
    words.addAll(List.of(options));
    JsonNode tasks =
        Parsed.json(Cli.in(folder).within(words.toArray(String[]::new)).out()).path("tasks");
    return tasks.values().stream().map(task -> task.path("id").asString()).toList();
  }

  @Test
  void aNameThatTheSuiteDoesNotHaveIsAWrongUse() {
    Cli.Ended category =
        Cli.in(folder).within("stress", "suite.json", "--dry-run", "--category", "none");
    assertThat(category.exit()).isEqualTo(2);
    assertThat(category.err())
        .isEqualTo(
            "regatta: suite.json: the suite has no category 'none'; it has simple,"
                + " failure_modes\n");
    Cli.Ended id = Cli.in(folder).within("stress", "suite.json", "--dry-run", "--skip", "x");
    assertThat(id.exit()).isEqualTo(2);
    assertThat(id.err()).contains("no task 'x'; it has capital, standup, failure_3");
    Cli.Ended nothing =
        Cli.in(folder)
            .within("stress", "suite.json", "--dry-run", "--only", "capital", "--skip", "capital");
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("no task of the suite is left");
  }

  @Test
  void jsonHasAllThatIsKnownOfATask() {
    JsonNode task =
        Parsed.json(Cli.in(folder).within("stress", "suite.json", "--dry-run", "--json").out())
            .path("tasks")
            .get(0);
    assertThat(task.path("command").asString())
        .isEqualTo(
            "claude -p \"[task:capital][complexity:simple] What is the capital of France, and what"
                + " is \\\"\\$5\\\" in euros?\" --output-format stream-json --verbose");
    assertThat(task.path("patterns").get(0).asString()).isEqualTo("'Paris'");
    assertThat(task.path("markerInPrompt").asBoolean()).isFalse();
    assertThat(task.path("marker").asString()).startsWith("CAPITAL_");
  }

  @Test
  void jsonHasUnknownFieldsAsTheyWereWritten() {
    JsonNode tasks =
        Parsed.json(Cli.in(folder).within("stress", "suite.json", "--dry-run", "--json").out())
            .path("tasks");
    assertThat(tasks.get(2).path("verificationOthers").path("strict").asBoolean()).isTrue();
  }

  @Test
  void warningsAndFaultsAreJsonToo() {
    Cli.Ended linted = Cli.in(folder).within("stress", "lint", "suite.json", "--json");
    assertThat(linted.exit()).isZero();
    JsonNode warning = Parsed.json(linted.out()).path("warnings").get(0);
    assertThat(warning.propertyNames()).containsExactly("rule", "place", "text", "better");
    Cli.Ended faulty = Cli.in(folder).within("stress", "faulty.json", "--dry-run", "--json");
    assertThat(faulty.exit()).isEqualTo(2);
    assertThat(Parsed.json(faulty.out()).path("faults").size()).isEqualTo(5);
  }
}
