package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressTextTest {
  @TempDir Path folder;
  private SampleSuites samples;

  @BeforeEach
  void make() {
    samples = new SampleSuites(folder);
  }

  private static String text(StressReport report) {
    return StressText.of(report, false, true, ZoneOffset.UTC);
  }

  @Test
  void theTableHasEachTaskWithStatusDurationAndInfo() {
    List<String> lines = text(samples.failures()).lines().toList();
    assertThat(lines)
        .contains("Task       Status       Duration  Info")
        .contains("task_1     passed         1.20 s  exit 0, 1 of 1 patterns found, any needed")
        .contains("failure_3  failed         1.25 s  expected non-zero, got 0")
        .contains("left_out   skipped                --skip left_out")
        .contains("late       not tried              interrupted")
        .anyMatch(line ->
            line.startsWith("capitals   failed         1.25 s  1 of 2 patterns found")
                && line.endsWith("hallucination: suspected"));
  }

  @Test
  void theSummaryHasTheRatioAndByWhichRuleItCame() {
    assertThat(text(samples.failures()).lines().toList())
        .endsWith(
            "Summary:",
            "Success:     23",
            "Failure:     2",
            "Left out:    1",
            "Not tried:   1",
            "Match rule:  of 24 tasks with patterns: any in 23, where one is enough; all in 1",
            "Duration:    12.00 s",
            "Success ratio: 23:2 = 11.5:1, graduated (10:1 or more)");
    assertThat(text(samples.green())).endsWith("Success ratio: 30:0, graduated (10:1 or more)\n");
    assertThat(text(samples.nothing()))
        .contains("Match rule:  no task was tried that looks for patterns")
        .endsWith("Success ratio: 0:0, not graduated (0 passed, at least 10 are needed)\n");
  }

  @Test
  void aPartOfASuiteIsInNoTrendAndCannotGraduate() {
    assertThat(text(samples.partial()))
        .contains("Partial:    1 of 30 tasks were chosen: it counts for these, not for the suite's")
        .contains("Trend: █▁  share of tasks that passed, 2 runs")
        .contains("Success ratio: 1:0, of a partial run, which can't graduate\n");
    assertThat(text(samples.green())).doesNotContain("artial");
  }

  @Test
  void aFailedTaskIsTakenApart() {
    String text = text(samples.failures());
    String analysis =
        text.substring(text.indexOf("Failed: capitals"), text.indexOf("Failed: failure_3"));
    Path output = folder.resolve("attempts/capitals.2.out");
    assertThat(analysis)
        .isEqualTo(
            """
            Failed: capitals (simple)
              Reason:    1 of 2 patterns found, all needed; not 'Rome' (it's spelt so) (try 2 of 4)
              Tries:
                1. after 1.25 s: timed out after 30 s
                2. after 1.25 s: 1 of 2 patterns found, all needed; not 'Rome' (it's spelt so)
              Found:     'Paris' in line 3
              Not found: 'Rome' (it's spelt so)
              Output:    %s (1,234,567 bytes)
                | …
                | line
                | line
                | line
                | line
                | line
                | line
                | line
                | line
                | line
                | The tests passed.
              By itself: regatta stress 'my suites/suite.json' --only capitals
              Command:   sh -c 'claude -p "What'\\''s the capital of France & Italy?"' < /dev/null

            """
                .formatted(output.toUri().toASCIIString()));
    assertThat(text)
        .contains("Failed: failure_3 (simple)\n  Reason:    expected non-zero, got 0\n");
  }

  @Test
  void linksAndColoursAreForTerminalsThatHaveThem() {
    String plain = text(samples.failures());
    assertThat(plain).doesNotContain("\u001b");
    String coloured = StressText.of(samples.failures(), true, true, ZoneOffset.UTC);
    String uri = folder.resolve("attempts/capitals.2.out").toUri().toASCIIString();
    assertThat(coloured)
        .contains("\u001b]8;;" + uri + "\u001b\\" + uri + "\u001b]8;;\u001b\\")
        .contains("\u001b[32mpassed\u001b[0m", "\u001b[31mfailed\u001b[0m");
    assertThat(coloured.replaceAll("\u001b]8;;[^\u001b]*\u001b\\\\|\u001b\\[[0-9]+m", ""))
        .as("the same words")
        .isEqualTo(plain);
  }

  @Test
  void answersThatTheirTranscriptDoesNotHoldAreNamedWithTheLine() {
    assertThat(text(samples.failures()))
        .contains("Hallucination: none in 23, suspected in 1, unknown in 0 of 24 answers\n")
        .contains("  capitals.2 suspected: The tests passed.\n");
    assertThat(text(samples.nothing())).doesNotContain("Hallucination");
  }

  @Test
  void theTrendIsOfAllRunsAndTheLatestAreListed() {
    String text = text(samples.green());
    assertThat(text).contains("Trend: ▁▃▅▇█  share of tasks that passed, 5 runs\n");
    assertThat(text).contains("  2026-11-22 01:02  20261122-010203-abcd  100 %  30:0, graduated\n");
    assertThat(StressText.of(samples.green(), false, false, ZoneOffset.UTC))
        .contains("Trend: _-=*#  share");
    assertThat(text(samples.rehearsal())).as("no history is known").doesNotContain("Trend");
  }

  @Test
  void aRehearsalIsCalledSoFirstAndLast() {
    assertThat(text(samples.rehearsal()))
        .startsWith("REHEARSAL: ")
        .endsWith("REHEARSAL: nothing above is proof of real calls\n")
        .contains("Model API:  the rehearsal server at http://127.0.0.1:9");
    assertThat(text(samples.green())).doesNotContain("REHEARSAL");
  }

  @Test
  void aRunThatIsNotOverSaysSo() {
    assertThat(text(samples.killed()))
        .contains("Run:        20261122-010203-abcd, not ended")
        .contains("Warning: a warning");
  }

  @Test
  void instancesAreShownWithTheBestByEachCriterion() {
    assertThat(text(samples.instances()))
        .contains("Instances of concurrent:\n")
        .contains("  1  opus at 0.20    1.25 s  exit 0, no patterns\n")
        .contains("  2  sonnet at 0.40  1.25 s  stalled: no more output for 20 s\n")
        .contains("  best by FASTEST: 3, 1.25 s\n");
  }

  @Test
  void nothingThatACommandPrintsReachesTheTerminalOrForgesALine() {
    for (boolean colour : List.of(true, false)) {
      String text = StressText.of(samples.hostile(), colour, true, ZoneOffset.UTC);
      String bare = text.replaceAll("\u001b]8;;[^\u001b\u0007]*\u001b\\\\|\u001b\\[[0-9]+m", "");
      assertThat(bare).doesNotContain("\u001b", "\u0007", "\u0000", "\u202e");
      assertThat(text.lines().filter(line -> line.startsWith("Success ratio: ")))
          .containsExactly(
              colour
                  ? "Success ratio: 0:1, \u001b[31mnot graduated\u001b[0m (10:1 is needed)"
                  : "Success ratio: 0:1, not graduated (10:1 is needed)");
      assertThat(text.lines().filter(line -> line.startsWith("forged"))).isEmpty();
      assertThat(text).contains("    | Success ratio: 30:0, graduated\n");
      assertThat(text.length()).as("an endless line").isLessThan(20_000);
    }
  }

  @Test
  void anOutputThatIsGoneIsSaid() throws Exception {
    StressReport report = samples.failures();
    java.nio.file.Files.delete(folder.resolve("attempts/capitals.2.out"));
    assertThat(text(report)).contains("(1,234,567 bytes): the file is not there any more\n");
  }

  @Test
  void limitsThatWereToBeLearnedAreListedWithWhatTheyAreFrom() {
    assertThat(text(samples.learned()))
        .contains(
            """
            Time limits: 1 of 2 learned from earlier runs
              learned      47 s  was 30 s; p95 of 12 runs, descriptive: 31.25 s; with a half more, at least 10 s
              learned_not  30 s  as the suite says: only 2 runs of it to learn from, and too few of similar tasks
            """);
    assertThat(text(samples.green())).doesNotContain("Time limits:");
  }
}
