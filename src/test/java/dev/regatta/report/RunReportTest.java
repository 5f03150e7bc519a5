package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.report.RunReport.TaskPart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<Entry> journal = new ArrayList<>();

  @Test
  void aRealRunIsShownTaskByTaskInTheOrderInWhichTheyWereReady(@TempDir Path folder)
      throws IOException {
    List<Entry> real =
        new RealProofs(folder)
            .plainRun(
                """
                tasks:
                  - command: [sh, -c, 'echo good']
                  - command: [sh, -c, 'echo bad >&2; exit 3']
                  - command: [./there-is-no-such-program]
                """);
    RunReport report = RunReport.of(real, false);
    assertThat(report.status()).isEqualTo("completed");
    assertThat(report.tasks()).extracting(TaskPart::task).containsExactly("1", "2", "3");
    assertThat(report.tasks())
        .extracting(TaskPart::outcome)
        .containsExactly(Outcome.SUCCEEDED, Outcome.AGENT_ERROR, Outcome.SPAWN_FAILED);
    assertThat(report.tasks()).extracting(TaskPart::exitCode).containsExactly(0, 3, null);
    assertThat(report.text())
        .contains(": completed, 1 of 3 tasks succeeded, ")
        .containsPattern("\n1  succeeded +\\d+\\.\\d\\d s +sh -c echo good\n")
        .containsPattern("\n2  agent-error +\\d+\\.\\d\\d s +sh -c echo bad >&2; exit 3 — .+ 3")
        .doesNotContain("REHEARSAL", "null");
    for (int lines = 1; lines <= real.size(); lines++) {
      RunReport beginning = RunReport.of(real.subList(0, lines), false);
      assertThat(beginning.status()).isEqualTo(lines < real.size() ? "lost" : "completed");
      assertThat(beginning.text()).doesNotContain("null");
    }
  }

  @Test
  void severalAttemptsAreCountedAndTheirCostsAddedUp() {
    begins(false);
    scheduled("1", "List the TODOs");
    attempt("1.1", "1", 1, 0, 2, Outcome.API_ERROR, 0.25, false);
    attempt("1.2", "1", 2, 3, 5, Outcome.SUCCEEDED, 0.5, false);
    add(6, new Event.RunEnded("completed", 6 * SECOND, 0));
    TaskPart task = RunReport.of(journal, false).tasks().getFirst();
    assertThat(task)
        .isEqualTo(
            new TaskPart("1", "List the TODOs", 2, Outcome.SUCCEEDED, "answered", 0, 2, 0.75));
    assertThat(RunReport.of(journal, false).text())
        .isEqualTo(
            """
            Run r-1: completed, 1 of 1 tasks succeeded, 6.00 s

            1  succeeded  2.00 s  2 attempts  List the TODOs
            """);
  }

  @Test
  void aCostThatNobodyNamedStaysMissing() {
    begins(false);
    scheduled("1", "x");
    attempt("1.1", "1", 1, 0, 2, Outcome.SUCCEEDED, null, false);
    assertThat(RunReport.of(journal, false).tasks().getFirst().costUsd()).isNull();
  }

  @Test
  void whatRanWhenTheJournalStoppedIsLostAndWhatWasNotStartedNotTried() {
    begins(false);
    scheduled("1", "first");
    scheduled("2", "second");
    started("1.1", "1", 1, 1);
    add(4, new Event.Noted("warning", "the machine was busy"));
    RunReport report = RunReport.of(journal, false);
    assertThat(report.tasks())
        .containsExactly(
            new TaskPart(
                "1", "first", 1, Outcome.LOST, "the journal stops before its end", null, 3, null),
            new TaskPart("2", "second", 0, null, "not tried", null, 0, null));
    assertThat(report.text())
        .isEqualTo(
            """
            Run r-1: lost, 0 of 2 tasks succeeded, 4.00 s

            1  lost       3.00 s  first — the journal stops before its end
            2  not tried          second
            Note: the machine was busy
            """);
  }

  @Test
  void tasksAreShownInTheOrderOfTheirListThoughOthersBeganFirst() {
    begins(false);
    listed("b", "second to begin");
    listed("a", "first to begin");
    listed("c", "never begun");
    scheduled("a", "first to begin");
    attempt("a.1", "a", 1, 0, 1, Outcome.SUCCEEDED, null, false);
    scheduled("b", "second to begin");
    attempt("b.1", "b", 1, 1, 2, Outcome.AGENT_ERROR, null, false);
    add(2, new Event.TaskNotTried("c", "not started: it depends on b, which did not succeed"));
    add(3, new Event.RunEnded("completed", 3 * SECOND, 0));
    RunReport report = RunReport.of(journal, false);
    assertThat(report.tasks()).extracting(TaskPart::task).containsExactly("b", "a", "c");
    assertThat(report.tasks().getLast())
        .isEqualTo(
            new TaskPart(
                "c",
                "never begun",
                0,
                null,
                "not started: it depends on b, which did not succeed",
                null,
                0,
                null));
    assertThat(report.text())
        .contains("completed, 1 of 3 tasks succeeded")
        .containsPattern(
            "\nc  not tried +never begun — not started: it depends on b, which did not succeed\n");
  }

  @Test
  void aTaskThatWasTriedAndIsGivenUpLaterKeepsItsEnd() {
    begins(false);
    listed("a", "x");
    attempt("a.1", "a", 1, 0, 1, Outcome.AGENT_ERROR, null, false);
    add(2, new Event.TaskNotTried("a", "the run was stopped"));
    TaskPart task = RunReport.of(journal, false).tasks().getFirst();
    assertThat(task.outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(task.attempts()).isEqualTo(1);
  }

  @Test
  void aRehearsalSaysSoInItsFirstAndLastLine() {
    begins(true);
    List<String> lines = RunReport.of(journal, false).text().lines().toList();
    assertThat(lines.getFirst()).startsWith("REHEARSAL: ");
    assertThat(lines.getLast()).startsWith("REHEARSAL: ");
  }

  @Test
  void oneAnswerWithTheMarkMakesTheRunARehearsal() {
    begins(false);
    scheduled("1", "x");
    attempt("1.1", "1", 1, 0, 2, Outcome.SUCCEEDED, null, true);
    assertThat(RunReport.of(journal, false).rehearsal()).isTrue();
  }

  @Test
  void processesThatHadToBeStoppedAreNoted() {
    begins(false);
    add(2, new Event.LeftoversStopped("1.1", List.of(17L, 18L), "mark", SECOND));
    assertThat(RunReport.of(journal, false).text())
        .contains("Note: stopped processes that were left: [17, 18]\n");
  }

  @Test
  void hostileTextNeitherReachesATerminalRawNorAddsALine() {
    String hostile =
        "\u001b[2J one\nRun x: completed, 9 of 9\r\u2028\u009b31m " + "y".repeat(1_000_000);
    begins(false);
    scheduled(hostile, hostile);
    started("1.1", hostile, 1, 0);
    add(2, ended("1.1", 1, Outcome.AGENT_ERROR, hostile, null, false));
    add(3, new Event.Noted("info", hostile));
    String text = RunReport.of(journal, false).text();
    assertThat(text.lines()).hasSize(4);
    assertThat(text.codePoints().filter(c -> c != '\n' && Character.isISOControl(c))).isEmpty();
    assertThat(text).hasSizeLessThan(2_000);
  }

  private void begins(boolean rehearsal) {
    add(
        0,
        new Event.RunStarted(
            "r-1", "run", rehearsal, null, false, 1, 1, null, "0.1.0", Map.of(), 0, "UTC"));
  }

  private void listed(String task, String title) {
    add(0, new Event.TasksListed(List.of(new Event.ListedTask(task, title))));
  }

  private void scheduled(String task, String title) {
    add(0, new Event.TaskScheduled(task, null, title, 0));
  }

  private void started(String attempt, String task, int number, long second) {
    add(
        second,
        new Event.AttemptStarted(
            attempt,
            task,
            null,
            null,
            number,
            "command",
            null,
            null,
            null,
            null,
            null,
            17,
            0,
            second * SECOND,
            second * SECOND));
  }

  private void attempt(
      String attempt,
      String task,
      int number,
      long spawn,
      long exit,
      Outcome outcome,
      Double cost,
      boolean rehearsal) {
    started(attempt, task, number, spawn);
    add(exit, ended(attempt, exit, outcome, "answered", cost, rehearsal));
  }

  private static Event ended(
      String attempt, long exit, Outcome outcome, String reason, Double cost, boolean rehearsal) {
    Claims claims =
        new Claims(
            null, null, null, cost, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null);
    return new Event.AttemptEnded(
        attempt,
        outcome,
        reason,
        0,
        null,
        null,
        null,
        null,
        exit * SECOND,
        null,
        null,
        0,
        0,
        rehearsal,
        claims,
        0,
        0);
  }

  private void add(long second, Event event) {
    journal.add(
        new Entry(
            journal.size() + 1,
            OffsetDateTime.parse("2026-03-04T09:15:30.250Z").plusSeconds(second),
            second * SECOND,
            event,
            "0".repeat(64)));
  }
}
