package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.store.RegattaHome;
import dev.regatta.store.Store;
import dev.regatta.store.StressHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What comes out of stress runs, with real processes. */
class StressReportsTest {
  private static final Path PROJECT = Path.of(System.getProperty("regatta.project"));

  @TempDir Path folder;

  /** The suite of the page's session about reports. */
  @BeforeEach
  void write() throws IOException {
    Files.write(folder.resolve("reports.yaml"), block("```yaml", "task_list_id: REPORTS"));
  }

  private static List<String> block(String fence, String first) throws IOException {
    List<String> page = Files.readAllLines(PROJECT.resolve("docs/stress.md"));
    for (int at = 0; at < page.size(); at++) {
      if (page.get(at).equals(fence) && page.get(at + 1).equals(first)) {
        int end = at + 1 + page.subList(at + 1, page.size()).indexOf("```");
        return page.subList(at + 1, end);
      }
    }
    throw new AssertionError("the page has no block that begins with " + first);
  }

  private Cli.Ended stress(String... words) {
    List<String> all = new ArrayList<>(List.of("stress"));
    all.addAll(Arrays.asList(words));
    return Cli.in(folder)
        .with("LANG", "C.UTF-8")
        .with("TZ", "UTC")
        .within(all.toArray(String[]::new));
  }

  /** What differs from run to run: times, names of runs, load, folders, the port. */
  private String steady(String text) {
    return text.replaceAll("file://\\S+/attempts", "file:///…/attempts")
        .replaceAll("\\d{8}-\\d{6}-[0-9a-f]{4}", "RUN")
        .replaceAll("_\\d{8}_\\d{6}_", "_MARK_")
        .replaceAll("http://127\\.0\\.0\\.1:\\d+", "http://127.0.0.1:PORT")
        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d", "DATE")
        .replaceAll(" +\\d+\\.\\d\\d s", " N.NN s")
        .replaceAll("(?m)^Load: .*$", "Load:")
        .replaceAll("(?m)^(Prerequisite|Warning): .*\\n", "")
        .replaceAll("(?m)^(OK  |INFO|WARN|FAIL)  .*\\n|^      \\S.*\\n", "");
  }

  @Test
  void theReportOnThePageIsTheReport() throws IOException {
    Cli.Ended ended = stress("reports.yaml");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    List<String> shown = block("```", "$ regatta stress reports.yaml");
    assertThat(steady(ended.out()).strip())
        .isEqualTo(steady(String.join("\n", shown.subList(1, shown.size())) + "\n").strip());
  }

  @Test
  void allFilesAreInTheRunsFolderAndShowPrintsTheSameAgain() throws Exception {
    Cli.Ended ended = stress("reports.yaml", "--out", "ci");
    JsonNode row = Parsed.json(Cli.in(folder).within("runs", "--json").out()).get(0);
    Path run = Path.of(row.path("folder").asString());
    assertThat(row.path("succeeded").asInt()).isEqualTo(1);
    for (String name : SuiteReports.NAMES) {
      assertThat(folder.resolve("ci").resolve(name))
          .as(name)
          .hasSameBinaryContentAs(run.resolve(name));
    }
    String text = Files.readString(run.resolve("report.txt"));
    assertThat(ended.out()).endsWith(text);
    String id = row.path("id").asString();
    Cli.Ended again = Cli.in(folder).with("LANG", "C.UTF-8").within("show", id);
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.out()).isEqualTo(text);
    assertThat(Parsed.json(Cli.in(folder).within("show", id, "--json").out()))
        .isEqualTo(Parsed.json(Files.readString(run.resolve("report.json"))));
    assertThat(Files.readString(run.resolve("report.html"))).contains("<h2>What failed</h2>");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(run.resolve("junit.xml").toFile())
                .getDocumentElement()
                .getAttribute("failures"))
        .isEqualTo("1");
  }

  @Test
  void filesOfAnEarlierRunGiveWayAndThoseOfNobodyDoNot() throws IOException {
    assertThat(stress("reports.yaml", "--out", "ci", "--only", "greeting").exit()).isZero();
    assertThat(stress("reports.yaml", "--out", "ci").exit()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("ci/report.txt"))).contains("Failed: capitals");
    Files.createDirectory(folder.resolve("mine"));
    Files.writeString(folder.resolve("mine/junit.xml"), "mine");
    Cli.Ended refused = stress("reports.yaml", "--out", "mine");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("--out: ", "mine/junit.xml is in the way");
    assertThat(folder.resolve("mine")).isDirectoryContaining("glob:**/junit.xml");
    assertThat(folder.resolve("mine/junit.xml")).hasContent("mine");
  }

  @Test
  void theLineThatRunsAFailedTaskByItselfDoesWhenItIsPasted() throws Exception {
    String out = stress("reports.yaml").out();
    String alone =
        out.lines()
            .filter(line -> line.startsWith("  By itself: regatta "))
            .findFirst()
            .orElseThrow()
            .substring("  By itself: regatta ".length());
    Process words =
        new ProcessBuilder("sh", "-c", "printf '%s\\n' " + alone)
            .directory(folder.toFile())
            .start();
    String[] pasted =
        new String(words.getInputStream().readAllBytes()).lines().skip(1).toArray(String[]::new);
    Cli.Ended again = stress(pasted);
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.out())
        .contains("Failed: capitals", "Success ratio: 0:1")
        .doesNotContain("greeting");
    String command =
        out.lines()
            .filter(line -> line.startsWith("  Command:   "))
            .findFirst()
            .orElseThrow()
            .substring("  Command:   ".length());
    Process itself = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    assertThat(new String(itself.getInputStream().readAllBytes())).contains("Paris's river");
  }

  @Test
  void runsBecomeAHistoryAndLimitsAreLearnedFromIt() throws IOException {
    for (int run = 1; run <= 5; run++) {
      assertThat(stress("reports.yaml", "--only", "greeting").exit()).isZero();
    }
    try (Store store = Store.open(RegattaHome.open(folder.resolve(".regatta")))) {
      assertThat(store.stressHistory().runs(new StressHistory.Key("REPORTS", false))).hasSize(5);
    }
    Cli.Ended ended = stress("reports.yaml", "--timeouts", "auto", "--json");
    JsonNode tasks = Parsed.json(ended.out()).path("tasks");
    JsonNode learned = tasks.get(0).path("learned");
    assertThat(learned.path("basis").asString()).isEqualTo("same");
    assertThat(learned.path("runs").asInt()).isEqualTo(5);
    assertThat(learned.path("beforeSeconds").asDouble()).isEqualTo(60);
    assertThat(learned.path("limitSeconds").asDouble()).isBetween(11.0, 30.0);
    assertThat(tasks.get(0).path("limitSource").asString()).isEqualTo("learned");
    assertThat(
            tasks.get(0).path("timeoutSeconds").asDouble()
                % learned.path("limitSeconds").asDouble())
        .as("but for the factor of a busy machine")
        .isZero();
    assertThat(tasks.get(1).at("/learned/basis").asString()).isEqualTo("suite");
    assertThat(tasks.get(1).path("limitSource").asString()).isEqualTo("suite");
    String text = stress("reports.yaml", "--timeouts", "auto").out();
    assertThat(text)
        .contains("Time limits: 1 of 2 learned from earlier runs")
        .contains("was 60 s; p95 of 6 runs, descriptive: ")
        .contains("as the suite says: no run of it to learn from");
    assertThat(stress("history", "reports.yaml").out())
        .contains(
            "Total runs:     2",
            "Partial runs:   5, which count only for their tasks",
            "Success ratio:  2:2 = 1.0:1",
            "Status:         not graduated")
        .containsPattern("greeting +7 +0 +7 +7:0 ")
        .containsPattern("100 % +1:0, partial\n");
  }

  @Test
  void anotherWordForLimitsIsAWrongUse() {
    Cli.Ended ended = stress("reports.yaml", "--timeouts", "never");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("--timeouts is suite or auto, and 'never' is neither");
    assertThat(folder.resolve(".regatta")).doesNotExist();
  }
}
