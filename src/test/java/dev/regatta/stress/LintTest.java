package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintTest {
  private static final String TEMPLATE =
      ", command_template: 'claude -p \"${REQUEST}\" --output-format stream-json --verbose'"
          + ", timeout: 240, stall_timeout: 60";

  @TempDir Path folder;

  private List<String> rules(String fields) {
    return Lint.of(Suites.ofTask(folder, fields)).stream()
        .map(warning -> warning.rule().id() + " " + warning.place())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What is the capital of France?                                 |
          What is a function that reverses a string?                     |
          Write a haiku about rain.                                      |
          Create a file, then run it and show what it prints.            | steps
          Create three files. Run the tests.                             | steps
          Here is a function. First analyze it, then write tests for it. | steps
          Build an app with these steps: 1) a schema 2) an API           | steps
          Ask me what I did yesterday.                                   | interactive
          Guide me through the set-up. Then show the result.             | interactive steps
          """)
  void aRequestIsWarnedAboutByItsForm(String request, String expected) {
    assertThat(
            rules("natural_language_request: '" + request + "'" + TEMPLATE).stream()
                .map(rule -> rule.split(" ")[0]))
        .isEqualTo(expected == null ? List.of() : Arrays.asList(expected.split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          claude -p "hello"                                    | request-unused
          claude "${REQUEST}"                                  | not-printing
          claude "-p ${REQUEST}"                               | not-printing
          codex "${REQUEST}"                                   | not-printing
          codex exec "${REQUEST}"                              |
          gemini -p "${REQUEST}"                               |
          cd /tmp && /opt/bin/claude "${REQUEST}"              | not-printing
          claude --print "${REQUEST}" --output-format=stream-json  | verbose-missing
          echo claude-like "${REQUEST}"                        |
          """)
  void aTemplateIsWarnedAboutByItsFlags(String template, String expected) {
    assertThat(
            rules(
                "natural_language_request: q, timeout: 240, command_template: '" + template + "'"))
        .isEqualTo(expected == null ? List.of() : List.of(expected + " tests[0].command_template"));
  }

  @ParameterizedTest
  @CsvSource({
    "simple, 119, true",
    "simple, 120, false",
    "medium, 179, true",
    "medium, 180, false",
    "complex, 239, true",
    "advanced, 239, true",
    "extreme, 240, false"
  })
  void aTimeLimitBelowTheFloorOfItsComplexityIsWarnedAbout(
      String complexity, int seconds, boolean warned) {
    assertThat(
            rules(
                "natural_language_request: q, metatags: '[complexity:"
                    + complexity
                    + "]', verification: { timeout: "
                    + seconds
                    + " }"))
        .isEqualTo(warned ? List.of("short-timeout tests[0].verification.timeout") : List.of());
  }

  @Test
  void theFloorIsTheBetterForm() {
    assertThat(Lint.of(Suites.ofTask(folder, "natural_language_request: q, timeout: 30")))
        .containsExactly(
            new LintWarning(
                LintRule.SHORT_TIMEOUT,
                "tests[0].timeout",
                "the time limit of 30 s is shorter than agents need to start and answer",
                "120 s or more"));
  }

  @Test
  void aStallLimitThatCannotWorkIsWarnedAbout() {
    String asked = "natural_language_request: q, timeout: 240, ";
    assertThat(rules(asked + "stall_timeout: 60"))
        .containsExactly("silent-format tests[0].stall_timeout");
    assertThat(rules(asked + "stall_timeout: 240"))
        .containsExactly("stall-unreached tests[0].stall_timeout");
  }

  @Test
  void catCannotFailWhereItsInputIsClosed() {
    assertThat(
            rules(
                "command_template: cat, verification: { expect_non_zero_exit: true, timeout: 5 }"))
        .containsExactly("cannot-fail tests[0].command_template");
  }

  @Test
  void whatMustFailIsNotHeldAgainstTheRulesForAgents() {
    assertThat(
            rules(
                "natural_language_request: q, command_template: 'claude --nonsense',"
                    + " verification: { expect_non_zero_exit: true, timeout: 5 }"))
        .isEmpty();
  }

  @Test
  void anIdOfAFailureWithoutTheExpectationAnUnknownFieldAndATooLongLineAreWarnedAbout() {
    SuiteFile file =
        Suites.read(
            folder,
            "suite.yaml",
            "tests:\n"
                + "  - { id: failure_9, command: 'true', colour: red }\n"
                + "  - { id: long, command: '"
                + "x".repeat(131_072)
                + "' }\n");
    assertThat(Lint.of(file))
        .extracting(warning -> warning.rule().id(), LintWarning::place)
        .containsExactly(
            tuple("unknown-field", "tests[0].colour"),
            tuple("failure-unsaid", "tests[0].id"),
            tuple("too-long", "tests[1]"));
  }
}
