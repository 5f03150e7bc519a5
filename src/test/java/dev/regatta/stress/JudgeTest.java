package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
  @TempDir Path folder;

  private Judgement judge(String fields, Ending ending, String output, String... fileFaults) {
    SuiteTask task = Suites.task(folder, fields);
    TaskCommand command = TaskCommand.of(task, Instant.EPOCH);
    return new Judge(task, command)
        .judge(new Outcome(ending, output, Duration.ofSeconds(1), List.of(fileFaults)));
  }

  private Judgement exited(String fields, int code, String output) {
    return judge(fields, Ending.ofExitCode(code), output);
  }

  private static String verification(String inner) {
    return "command: x, verification: { " + inner + " }";
  }

  @Test
  void onePatternIsEnoughUnlessAllAreAskedFor() {
    String any = verification("expected_patterns: [Paris, Lyon]");
    assertThat(exited(any, 0, "It is PARIS.\n"))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(true, "exit 0, 1 of 2 patterns found, any needed");
    String all = verification("match: all, expected_patterns: [Paris, Lyon]");
    assertThat(exited(all, 0, "It is PARIS.\n"))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "1 of 2 patterns found, all needed; not 'Lyon'");
    assertThat(exited(all, 0, "Paris\nlyon").passed()).isTrue();
    assertThat(exited(any, 0, "Nice"))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "0 of 2 patterns found, any needed; not 'Paris' and 1 more");
  }

  @Test
  void withoutPatternsTheExitCodeDecides() {
    assertThat(exited("command: x", 0, "").reason()).isEqualTo("exit 0, no patterns");
    assertThat(exited("command: x", 3, "").passed()).isFalse();
    assertThat(exited("command: x", 3, "").reason()).isEqualTo("exit 3");
    assertThat(exited("command: x", 127, "").reason())
        .isEqualTo("exit 127 (the program was not found)");
    assertThat(exited("command: x", -9, "").reason()).isEqualTo("ended by signal 9");
  }

  @Test
  void aPatternIsNamedWithTheLineWhereItWasFound() {
    Judgement judgement =
        exited(verification("expected_patterns: [two, four, '.']"), 0, "one\nand two\nthree\n");
    assertThat(judgement.sightings())
        .extracting(sighting -> sighting.line().orElse(0))
        .containsExactly(2, 0, 0);
  }

  @Test
  void aTaskThatMustFailAndFailsHasPassedWhateverItPrinted() {
    String must = verification("expect_non_zero_exit: true, expected_patterns: [API]");
    assertThat(exited(must, 1, ""))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(true, "failed as it must: exit 1");
    assertThat(exited(must, -11, "").passed()).isTrue();
    assertThat(exited(must, 0, "API"))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "expected non-zero, got 0");
  }

  @Test
  void catWithItsInputClosedEndsWithZeroAndIsReportedSo() throws Exception {
    Process cat = new ProcessBuilder("sh", "-c", "cat").start();
    cat.getOutputStream().close();
    int code = cat.waitFor();
    assertThat(
            exited("command_template: cat, verification: { expect_non_zero_exit: true }", code, ""))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "expected non-zero, got 0");
  }

  @Test
  void whatWasStoppedHasNotFailedAsItMust() {
    String must = verification("expect_non_zero_exit: true");
    assertThat(judge(must, new Ending.TimedOut(Duration.ofSeconds(5)), ""))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "timed out after 5 s");
  }

  @Test
  void aStallIsToldApartFromASlowStart() {
    assertThat(judge("command: x", new Ending.Stalled(Duration.ofSeconds(20), true), "a").reason())
        .isEqualTo("stalled: no more output for 20 s");
    assertThat(judge("command: x", new Ending.Stalled(Duration.ofSeconds(20), false), "").reason())
        .isEqualTo("no output at all in the first 20 s: a slow start, or it never began");
  }

  @Test
  void aMarkerMustComeBackOnlyWhereThePromptHoldsIt() {
    String asked = "natural_language_request: q, verification: { marker: M1 }";
    assertThat(exited(asked, 0, "an answer").reason()).isEqualTo("the marker M1 did not come back");
    assertThat(exited(asked, 0, "M1: an answer").passed()).isTrue();
    assertThat(exited(verification("marker: M1"), 0, "an answer").passed()).isTrue();
  }

  @Test
  void aFileThatDoesNotHoldIsTheReason() {
    Judgement judgement = judge("command: x", new Ending.Exited(0), "", "file 'a' is missing");
    assertThat(judgement.passed()).isFalse();
    assertThat(judgement.reason()).isEqualTo("file 'a' is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          { regex: '^b+$' }                            | 0 |
          { regex: '(?m)^b+$' }                        | 2 |
          { regex: '(x+x+)+y' }                        | 0 |
          { number: 'took (\\d+) s', at_most: 7 }      | 3 |
          { number: 'took (\\d+) s', at_most: 6 }      | 0 | 7 at line 3 is not at most 6
          { number: 'took (\\d+) s', at_least: 1, at_most: 3 } | 0 | 7 at line 3 is not from 1 to 3
          { number: '(took)', at_least: 1 }            | 0 | 'took' at line 3 is no number
          { json: '$.type' }                           | 4 |
          { json: '$.type', equals: result }           | 5 |
          { json: '$.usage.tokens[1]', at_least: 4 }   | 5 |
          { json: '$.usage.tokens[*]', equals: 5 }     | 5 |
          { json: "$['usage'].tokens[0]", at_least: 4} | 0 | there is 3
          { json: '$.text', contains: HELLO }          | 5 |
          { json: '$.missing' }                        | 0 | nothing is there
          """)
  void patternsOfEveryKindAreFoundOrNot(String pattern, int line, String detail) {
    String output =
        """
        a
        bbb
        it took 7 s
        {"type": "system"}
        {"type": "result", "text": "say hello", "usage": {"tokens": [3, 5]}}
        """;
    Sighting sighting =
        exited(verification("expected_patterns: [" + pattern + "]"), 0, output)
            .sightings()
            .getFirst();
    assertThat(sighting.line().orElse(0)).as(sighting.toString()).isEqualTo(line);
    assertThat(sighting.detail()).isEqualTo(detail == null ? "" : detail);
  }

  @Test
  void outputThatIsOneDocumentOverSeveralLinesIsReadAsOne() {
    assertThat(
            exited(
                    verification("expected_patterns: [{ json: '$[1].a', equals: true }]"),
                    0,
                    "[\n  {},\n  {\"a\": true}\n]\n")
                .passed())
        .isTrue();
  }

  @Test
  void aSearchThatWouldNotEndIsGivenUpAndSaysSo() {
    Judgement judgement =
        exited(verification("expected_patterns: [{ regex: '(x+x+)+y' }]"), 0, "x".repeat(5000));
    assertThat(judgement.passed()).isFalse();
    assertThat(judgement.reason()).contains("too many steps");
  }

  @Test
  void aTaskWhoseEndNobodySawHasNotPassedEvenIfItMustFail() {
    String must = verification("expect_non_zero_exit: true");
    assertThat(judge(must, new Ending.Refused("Command 'x' is not allowed"), ""))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "the server did not start it: Command 'x' is not allowed");
    assertThat(judge(must, new Ending.Lost("the server is gone"), ""))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "its end is not known: the server is gone");
    assertThat(judge(must, new Ending.Interrupted(), ""))
        .extracting(Judgement::passed, Judgement::reason)
        .containsExactly(false, "interrupted");
  }
}
