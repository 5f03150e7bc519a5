package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.store.RegattaHome;
import dev.regatta.store.Store;
import dev.regatta.store.StressRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SuiteHistoriesTest {
  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");

  @TempDir Path folder;

  private void put(String run, String suite, boolean rehearsal, int hour, boolean... passed) {
    List<StressRun.Task> tasks = new java.util.ArrayList<>();
    for (int i = 0; i < passed.length; i++) {
      tasks.add(task("task_" + (i + 1), i == 0 ? "claude" : null, passed[i]));
    }
    try (Store store = Store.open(RegattaHome.open(folder.resolve(".regatta")))) {
      store
          .stressHistory()
          .put(
              new StressRun(
                  run, suite, START.plus(Duration.ofHours(hour)), rehearsal, false, tasks));
    }
  }

  private static StressRun.Task task(String id, @Nullable String agent, boolean passed) {
    return new StressRun.Task(
        id, "simple", agent, "simple", passed, false, Duration.ofMillis(1_250));
  }

  private Cli.Ended history(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "stress";
    all[1] = "history";
    System.arraycopy(words, 0, all, 2, words.length);
    return Cli.in(folder).with("LANG", "C.UTF-8").within(all);
  }

  @Test
  void withoutAnyRunItSaysWhatMakesOneAndMakesNothing() {
    Cli.Ended ended = history();
    assertThat(ended.exit()).isZero();
    assertThat(ended.out())
        .isEqualTo("no stress suite was run yet; regatta stress FILE runs one\n");
    assertThat(folder).isEmptyDirectory();
    assertThat(history("--json").out()).isEqualTo("[ ]\n");
  }

  @Test
  void allSuitesHaveALineEachAndRehearsalsOneOfTheirOwn() {
    put("r1", "SMALL", false, 0, true, false);
    put("r2", "SMALL", false, 1, true, true);
    put("r3", "SMALL", true, 2, false);
    List<String> lines = history().outLines();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).split(" {2,}"))
        .containsExactly(
            "Suite",
            "Success",
            "Failure",
            "Total runs",
            "Success ratio",
            "Last updated",
            "Status",
            "Trend");
    assertThat(lines.get(1)).startsWith("SMALL ").contains(" 3:1 ", "not graduated").endsWith("▄█");
    assertThat(lines.get(2)).startsWith("SMALL REHEARSAL ").contains(" 0:1 ").endsWith("▁");
  }

  @Test
  void aSuiteIsShownWithItsStandingItsRunsAndItsTasks() {
    for (int hour = 0; hour < 12; hour++) {
      put("run-" + hour, "SMALL", false, hour, true, hour > 0);
    }
    Cli.Ended ended = history("SMALL");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.outLines())
        .contains("Success:        23", "Failure:        1", "Total runs:     12")
        .contains("Success ratio:  23:1", "Status:         graduated")
        .contains("▄███████████")
        .anyMatch(line -> line.matches("2026-11-21 \\d\\d:00 {2}run-0 {4}50 % {2}1:1"))
        .anyMatch(line -> line.matches("task_1 +12 +0 +12 +12:0 +\\S+ \\S+ +graduated +█{12}"))
        .anyMatch(line -> line.matches("task_2 +11 +1 +12 +11:1 +\\S+ \\S+ +graduated +▁█{11}"));
    assertThat(ended.out()).doesNotContain("REHEARSAL", "\u001b");
  }

  @Test
  void aSuiteIsNamedByItsFileTooAndRehearsalsAreCalledSo() throws Exception {
    put("r1", "SMALL", true, 0, true);
    Files.writeString(
        folder.resolve("suite.yaml"),
        "task_list_id: SMALL\ntests:\n  - {id: a, command: 'true'}\n");
    Cli.Ended ended = history("suite.yaml");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("REHEARSAL: ").contains("Suite SMALL");
  }

  @Test
  void withoutUnicodeTheTrendIsOfPlainCharacters() {
    put("r1", "SMALL", false, 0, true, false);
    put("r2", "SMALL", false, 1, true, true);
    for (List<String> variables : List.of(List.of("LC_ALL", "C"), List.of("LANG", ""))) {
      Cli.Ended ended =
          Cli.in(folder)
              .with("LANG", "C.UTF-8")
              .with(variables.get(0), variables.get(1))
              .within("stress", "history", "SMALL");
      assertThat(ended.outLines()).as("%s", variables).contains(":#");
      assertThat(ended.out()).matches("\\p{ASCII}*");
    }
  }

  @Test
  void ofManyRunsTheLatestAreShownAndJsonHasThemAll() {
    for (int hour = 0; hour < 25; hour++) {
      put("run-" + hour, "SMALL", false, hour, true);
    }
    assertThat(history("SMALL").outLines()).contains("(5 earlier runs; --json has them)");
    JsonNode report = Parsed.json(history("SMALL", "--json").out()).get(0);
    assertThat(report.path("runs").size()).isEqualTo(25);
    assertThat(report.path("standing").propertyNames())
        .containsExactly(
            "success", "failure", "totalRuns", "successRatio", "lastUpdated", "status");
    assertThat(report.at("/runs/3/at").asString()).isEqualTo("2026-11-21T12:00:00Z");
    JsonNode task = report.at("/runs/0/tasks/0");
    assertThat(task.path("agent").asString()).isEqualTo("claude");
    assertThat(task.path("seconds").asDouble()).isEqualTo(1.25);
    assertThat(report.at("/tasks/0/standing/successRatio").asString()).isEqualTo("25:0");
  }

  @Test
  void aNameOfASuiteThatATerminalWouldActOnIsWrittenOut() {
    put("r1", "\u001b[31mred", false, 0, true);
    assertThat(history().out()).contains("\\x1b[31mred").doesNotContain("\u001b");
    assertThat(history("\u001b[31mred").out()).contains("\\x1b[31mred").doesNotContain("\u001b");
    assertThat(history("\u001b[32m").err()).doesNotContain("\u001b").contains("\\x1b[32m");
  }
}
