package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The criteria of suites that go by what the instances answered. */
class StressComparisonTest {
  private static final String TOKEN = "sk-ant-api03-stress-test-0001";

  /** Four instances: one says iron, one silver and fails, two say gold. */
  private static final String METALS =
      "if mkdir one 2>/dev/null; then echo Iron; elif mkdir two 2>/dev/null; then echo silver;"
          + " exit 3; else echo gold.; fi";

  @TempDir Path folder;
  private Path work = Path.of("");

  @BeforeEach
  void folders() throws IOException {
    work = Files.createDirectory(folder.resolve("work"));
  }

  private void suite(String criteria) throws IOException {
    Files.writeString(
        work.resolve("suite.yaml"),
        """
        task_list_id: METALS
        max_retries: 0
        tests:
          - id: metal
            natural_language_request: 'Which metal is noble?'
            command: '%s'
            concurrent_instances: 4
            evaluation_criteria: [%s]
        """
            .formatted(METALS, criteria));
  }

  private Cli cli() {
    return Cli.in(work);
  }

  /** What the instance that a criterion picked had printed. */
  private static String picked(JsonNode report, int criterion) throws IOException {
    JsonNode task = report.path("tasks").get(0);
    int instance = task.at("/best/" + criterion + "/instance").asInt();
    JsonNode tries = task.at("/instances/" + (instance - 1) + "/tries");
    return Files.readString(Path.of(tries.get(0).path("output").asString())).strip();
  }

  @Test
  void aConsensusIsAmongThoseThatPassedAndShownAgain() throws IOException {
    suite("CONSENSUS");
    Cli.Ended ended = cli().within("stress", "suite.yaml", "--json");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    JsonNode report = Parsed.json(ended.out());
    assertThat(report.at("/tasks/0/best/0/reason").asString())
        .startsWith("2 of 3 answers agree (groups of 2, 1)");
    assertThat(picked(report, 0)).isEqualTo("gold.");
    Cli.Ended shown = cli().within("show", report.at("/run/id").asString());
    assertThat(shown.out()).contains("best by CONSENSUS: ", "2 of 3 answers agree");
    assertThat(cli().within("audit", report.at("/run/id").asString()).out())
        .contains("metal by CONSENSUS: 2 of 3 answers agree");
  }

  @Test
  void whatCountsForAConsensusCanBeSaid() throws IOException {
    suite("CONSENSUS");
    Cli.Ended ended = cli().within("stress", "suite.yaml", "--extract", "[gI]", "--json");
    assertThat(picked(Parsed.json(ended.out()), 0)).isEqualTo("gold.");
    Cli.Ended none = cli().within("stress", "suite.yaml", "--extract", "number", "--json");
    assertThat(Parsed.json(none.out()).at("/tasks/0/best/0/reason").asString())
        .isEqualTo("no answer holds what counts (number)");
  }

  @Test
  void theBestCodePassesTheMostChecks() throws IOException {
    suite("BEST_CODE_QUALITY");
    Cli.Ended ended =
        cli()
            .within(
                "stress",
                "suite.yaml",
                "--check",
                "grep -q Iron",
                "--check",
                "test -f suite.yaml",
                "--json");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    JsonNode report = Parsed.json(ended.out());
    assertThat(picked(report, 0)).isEqualTo("Iron");
    assertThat(report.at("/tasks/0/best/0/reason").asString())
        .endsWith("passes the most checks: 2 of 2 checks");
    assertThat(report.at("/totals/failure").asInt()).isEqualTo(1);
  }

  @Test
  void anAgentCanJudgeAndSeesOnlyAnswersThatPassed() throws Exception {
    suite("LLM_JUDGE");
    Path programs =
        FakeClaude.in(
            folder,
            """
            printf '%s\\n' "$2" >> "$HOME/asked"
            answer="WINNER: B"
            case "$2" in *"ANSWER A "*"Iron"*"ANSWER A "*) answer="WINNER: A" ;; esac
            """
                + FakeClaude.ANSWERS);
    Cli.Ended ended =
        cli()
            .path(programs)
            .with("CLAUDE_CODE_TOKEN", TOKEN)
            .with("HOME", folder.toString())
            .within(
                "stress",
                "suite.yaml",
                "--judge-agent",
                "claude",
                "--rubric",
                "The harder one.",
                "--json");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    JsonNode report = Parsed.json(ended.out());
    assertThat(report.at("/tasks/0/best/0/reason").asString())
        .contains(
            "has the most points of the judge's, 2 won, 0 tied, 0 lost", "judge: agent claude");
    assertThat(picked(report, 0)).isEqualTo("Iron");
    assertThat(Files.readString(folder.resolve("asked")))
        .contains("Which metal is noble?", "The harder one.", "gold.")
        .doesNotContain("silver");
    assertThat(cli().within("audit", report.at("/run/id").asString()).out())
        .contains("metal@")
        .doesNotContain(TOKEN);
  }

  @Test
  void inARehearsalItsModelServerJudges() throws IOException {
    suite("LLM_JUDGE, FASTEST");
    Files.writeString(
        work.resolve("script.yaml"),
        """
        rules:
          - match: '(?s)compare two answers.*<<<ANSWER B [^\\n]*\\nIron'
            latency: 0
            reply: 'WINNER: B'
          - match: '(?s)compare two answers.*<<<ANSWER A [^\\n]*\\nIron'
            latency: 0
            reply: 'WINNER: A'
          - match: 'compare two answers'
            latency: 0
            reply: 'WINNER: TIE'
        """);
    Cli.Ended ended =
        cli().within("stress", "suite.yaml", "--rehearsal", "--script", "script.yaml", "--json");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    JsonNode report = Parsed.json(ended.out());
    assertThat(report.path("label").asString()).isEqualTo("REHEARSAL");
    assertThat(picked(report, 0)).isEqualTo("Iron");
    assertThat(report.at("/tasks/0/best/0/reason").asString()).contains("judge: judge-rehearsal");
    assertThat(report.at("/tasks/0/best/1/instance").isNumber()).isTrue();
  }

  @Test
  void theCommandsDoNotKnowTheKeyOfWhoJudgesThem() throws IOException {
    Files.writeString(
        work.resolve("suite.yaml"),
        """
        task_list_id: KEYS
        max_retries: 0
        tests:
          - id: key
            natural_language_request: 'Is the key there?'
            command: 'test -z "$OF_THE_JUDGE"'
            concurrent_instances: 2
            evaluation_criteria: [LLM_JUDGE]
        """);
    Cli.Ended ended =
        cli()
            .with("OF_THE_JUDGE", "sk-judge-0123456789")
            .within(
                "stress",
                "suite.yaml",
                "--judge-url",
                "http://127.0.0.1:1",
                "--judge-model",
                "m",
                "--judge-key-variable",
                "OF_THE_JUDGE");
    assertThat(ended.exit()).as(ended.err() + ended.out()).isZero();
  }

  @Test
  void aJudgeThatNobodyAnswersForPicksNoneAndThatIsSaid() throws IOException {
    suite("LLM_JUDGE");
    Cli.Ended ended =
        cli()
            .within(
                "stress", "suite.yaml", "--judge-url", "http://127.0.0.1:1", "--judge-model", "m");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.out())
        .contains("best by LLM_JUDGE: none, the judge gave no pair a verdict in both orders");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LLM_JUDGE         | --jobs 4            | task metal: LLM_JUDGE needs somebody who judges: --judge-url
          LLM_JUDGE         | --judge-model m     | task metal: LLM_JUDGE needs somebody who judges: --judge-url
          LLM_JUDGE         | --judge-url http://127.0.0.1:1 | --judge-url needs --judge-model
          LLM_JUDGE         | --judge-agent nobody | --judge-agent must be an agent that takes prompts
          BEST_CODE_QUALITY | --jobs 4            | task metal: BEST_CODE_QUALITY needs checks: add --check
          CONSENSUS         | --extract (         | --extract: must be last-line
          """)
  void whatIsMissingIsSaidBeforeAnythingRuns(String criterion, String words, String message)
      throws IOException {
    suite(criterion);
    Cli.Ended ended = cli().within(("stress suite.yaml " + words).split(" "));
    assertThat(ended.exit()).as(ended.out()).isEqualTo(2);
    assertThat(ended.err()).contains(message);
    assertThat(work.resolve("one")).doesNotExist();
  }

  @Test
  void tasksThatAreLeftOutNeedNoJudge() throws IOException {
    suite("LLM_JUDGE");
    Files.writeString(
        work.resolve("suite.yaml"),
        Files.readString(work.resolve("suite.yaml")) + "  - { id: b, command: 'echo b' }\n");
    assertThat(cli().within("stress", "suite.yaml", "--only", "b").exit()).isZero();
    assertThat(cli().within("stress", "suite.yaml", "--dry-run").exit()).isZero();
  }
}
