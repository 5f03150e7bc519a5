package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command with programs that answer as a test wants; real processes and the real git. */
@Timeout(300)
class AskCommandTest {
  private static final Path PROJECT = Path.of(System.getProperty("regatta.project"));
  private static final String TOKEN = "sk-ant-api03-ask-test-0001";

  @TempDir Path folder;
  private Path work;

  /** It answers with its model's name, or as the prompt says. */
  private static final String BY_MODEL =
      """
      prompt=$2
      model=none
      while [ $# -gt 0 ]; do [ "$1" = --model ] && model=$2; shift; done
      answer=$model
      case "$prompt" in
        *fail*) exit 1 ;;
        *where*) answer=$PWD ;;
        *hang*) echo ready > "$HOME/hanging"; sleep 300 ;;
        *leave*)
          echo "$model" > made
          git add made
          git -c user.name=a -c user.email=a@example.org commit --quiet -m its-own
          git checkout --quiet HEAD~1 ;;
        *write*) echo "$model" > made; git add made 2>/dev/null; answer="wrote $model" ;;
      esac
      """;

  @BeforeEach
  void makeFolder() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
  }

  private Cli cli() {
    return Cli.in(work)
        .onlyPath(FakeClaude.in(folder, BY_MODEL + FakeClaude.ANSWERS))
        .with("CLAUDE_CODE_TOKEN", TOKEN)
        .with("HOME", folder.toString());
  }

  private void git(String... words) throws Exception {
    gitSays(words);
  }

  private String gitSays(String... words) throws Exception {
    List<String> line =
        Stream.concat(
                Stream.of("git", "-c", "user.name=a", "-c", "user.email=a@example.org"),
                Stream.of(words))
            .toList();
    Process process =
        new ProcessBuilder(line).directory(work.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  private void repository() throws Exception {
    git("init", "--quiet", "--initial-branch=main");
    Files.writeString(work.resolve("tracked"), "as committed\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
  }

  private static List<String> problems(String json) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                Files.readString(PROJECT.resolve("docs/schema/ask-1.schema.json")),
                InputFormat.JSON);
    return schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  @Test
  void thePickedAnswerIsPrintedWithWhyAndTheRunIsListedAndShownAgain() {
    Cli.Ended asked = cli().within("ask", "which model?", "-n", "3", "--models", "aa,bbbb,aa");
    assertThat(asked.exit()).as(asked.err()).isZero();
    assertThat(asked.out())
        .contains("completed, 3 of 3 instances gave an answer")
        .contains("Pick by consensus:", "2 of 3 answers agree (groups of 2, 1)")
        .containsPattern("Answer of instance [13]:\naa\n")
        .contains("total_instances 3, successful_instances 3, failure_rate 0.00")
        .contains("CLAUDE_CODE_TOKEN ")
        .doesNotContain(TOKEN, "REHEARSAL");
    JsonNode run = Parsed.json(cli().within("runs", "--json").out()).path(0);
    assertThat(run.path("kind").asString()).isEqualTo("ask");
    assertThat(run.path("status").asString()).isEqualTo("completed");
    assertThat(run.path("tasks").asInt()).isEqualTo(3);
    assertThat(run.path("succeeded").asInt()).isEqualTo(3);
    String id = run.path("id").asString();
    assertThat(cli().within("show", id).out()).isEqualTo(asked.out());
    assertThat(work.resolve(".regatta/runs/" + id + "/report.txt")).hasContent(asked.out());
    assertThat(cli().within("audit", id).exit()).isZero();
  }

  @Test
  void asJsonItIsAsThePublishedSchemaSays() throws Exception {
    repository();
    Cli.Ended asked =
        cli()
            .within(
                "ask",
                "write it",
                "-n",
                "2",
                "--models",
                "one",
                "--temperatures",
                "0.1..0.9",
                "--set",
                "flags=--x",
                "--check",
                "grep -q one",
                "--check",
                "exit 3",
                "--pick",
                "all",
                "--json");
    assertThat(asked.exit()).as(asked.err()).isZero();
    assertThat(problems(asked.out())).isEmpty();
    JsonNode json = Parsed.json(asked.out());
    assertThat(json.at("/instances/1/temperature").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/instances/1/temperatureBy").asString()).isEqualTo("instruction");
    assertThat(json.at("/instances/0/checks/0/passed").asBoolean()).isTrue();
    assertThat(json.at("/instances/0/checks/1/exitCode").asInt()).isEqualTo(3);
    assertThat(json.at("/summary/temperature_range/avg").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/summary/model_statistics/fake/count").asInt()).isEqualTo(2);
    assertThat(json.path("choices").values())
        .extracting(choice -> choice.path("criterion").asString())
        .containsExactly(
            "fastest",
            "most-detailed",
            "shortest",
            "cheapest",
            "consensus",
            "highest-model-temp",
            "passes-most-checks");
    Cli.Ended none = cli().within("ask", "fail", "-n", "1", "--json");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(problems(none.out())).isEmpty();
    assertThat(problems(asked.out().replace("\"prompt\"", "\"prompts\""))).isNotEmpty();
  }

  @Test
  void forPipesTheAnswerStandsAlone() {
    Cli.Ended asked = cli().input("which\n").within("ask", "-", "--models", "aa", "--answer-only");
    assertThat(asked.exit()).as(asked.err()).isZero();
    assertThat(asked.out()).isEqualTo("aa\n");
    assertThat(asked.err()).isEmpty();
  }

  @Test
  void withoutAnAnswerTheExitCodeIsOneAndTheReasonIsSaid() {
    Cli.Ended asked = cli().within("ask", "fail", "-n", "2");
    assertThat(asked.exit()).isEqualTo(1);
    assertThat(asked.out())
        .contains("None: no instance gave an answer")
        .containsPattern("Instance 1: printed nothing .exit 1.");
    Cli.Ended only = cli().within("ask", "fail", "-n", "2", "--answer-only");
    assertThat(only.exit()).isEqualTo(1);
    assertThat(only.out()).isEmpty();
    assertThat(only.err()).contains("no answer is picked: no instance gave an answer");
  }

  @Test
  void whereNoAnswerPassesACheckNoneIsPicked() {
    Cli.Ended asked =
        cli().within("ask", "x", "-n", "2", "--check", "false", "--pick", "passes-most-checks");
    assertThat(asked.exit()).as(asked.err()).isEqualTo(1);
    assertThat(asked.out()).contains("None: no answer passes any check");
  }

  @Test
  void withAllItIsSaidWhatIsLeftOutAndWhereTheAnswersAre() {
    Cli.Ended asked = cli().within("ask", "x", "-n", "1", "--pick", "all");
    assertThat(asked.exit()).as(asked.err()).isZero();
    assertThat(asked.out())
        .contains("passes-most-checks, which needs --check; judge, which needs --judge-url")
        .containsPattern("none is shown whole: .* regatta show [0-9a-f-]+ --json")
        .doesNotContain("Answer of instance");
    Cli.Ended one = cli().within("ask", "x", "-n", "1");
    assertThat(one.out()).doesNotContain("Left out", "none is shown whole");
  }

  @Test
  void instancesThatMayEditHaveWorktreesAndTheirWorkIsParkedUnderRefs() throws Exception {
    repository();
    Files.writeString(work.resolve("tracked"), "not committed\n");
    String head = gitSays("rev-parse", "HEAD");
    Cli.Ended asked =
        cli()
            .within(
                "ask",
                "write",
                "--models",
                "aa,bb",
                "-n",
                "2",
                "--tool",
                "Write",
                "--pick",
                "fastest",
                "--json");
    assertThat(asked.exit()).as(asked.err()).isZero();
    JsonNode json = Parsed.json(asked.out());
    for (int i = 0; i < 2; i++) {
      JsonNode scratch = json.at("/instances/" + i + "/folder");
      assertThat(Path.of(scratch.path("path").asString())).doesNotExist();
      String ref = scratch.path("ref").asString();
      assertThat(ref).startsWith("refs/regatta/ask/").endsWith("/" + (i + 1));
      assertThat(gitSays("show", ref + ":made")).isEqualTo(i == 0 ? "aa" : "bb");
      assertThat(gitSays("show", ref + ":tracked")).isEqualTo("as committed");
      assertThat(gitSays("rev-parse", ref + "^")).isEqualTo(head);
    }
    assertThat(json.path("notes").values())
        .anyMatch(note -> note.asString().contains("what is not committed in"));
    assertThat(work.resolve("made")).doesNotExist();
    assertThat(work.resolve("tracked")).hasContent("not committed");
    assertThat(gitSays("rev-parse", "HEAD")).isEqualTo(head);
    assertThat(gitSays("status", "--porcelain")).isEqualTo("M tracked");
    assertThat(gitSays("worktree", "list").lines()).hasSize(1);
    assertThat(gitSays("branch", "--list").lines()).hasSize(1);
    assertThat(Cli.below(work.resolve(".regatta/scratch"))).isEmpty();
  }

  @Test
  void commitsThatAnInstanceLeftForTheBaseAreKeptToo() throws Exception {
    repository();
    Cli.Ended asked = cli().within("ask", "leave", "--models", "aa", "-n", "1", "--tool", "Bash");
    assertThat(asked.exit()).as(asked.err()).isZero();
    String ref = gitSays("for-each-ref", "--format=%(refname)", "refs/regatta");
    assertThat(ref).endsWith("/1-left");
    assertThat(gitSays("show", ref + ":made")).isEqualTo("aa");
    assertThat(asked.out()).contains("Instance 1: commits that it left are in " + ref);
    assertThat(gitSays("worktree", "list").lines()).hasSize(1);
  }

  @Test
  void keptFoldersStayAndTheirPathsArePrinted() throws Exception {
    repository();
    Cli.Ended asked = cli().within("ask", "write", "--models", "aa", "-n", "2", "--keep");
    assertThat(asked.exit()).as(asked.err()).isZero();
    List<Path> kept =
        gitSays("worktree", "list", "--porcelain")
            .lines()
            .filter(line -> line.startsWith("worktree "))
            .map(line -> Path.of(line.substring("worktree ".length())))
            .filter(path -> !path.equals(work))
            .toList();
    assertThat(kept)
        .hasSize(2)
        .allSatisfy(path -> {
          assertThat(path.resolve("made")).hasContent("aa");
          assertThat(asked.out()).contains("kept as asked: " + path);
        });
  }

  @Test
  void withoutARepositoryAFolderThatHoldsFilesStaysAndAnEmptyOneGoes() throws Exception {
    Cli.Ended made = cli().within("ask", "write", "-n", "1", "--tool", "Write", "--json");
    JsonNode scratch = Parsed.json(made.out()).at("/instances/0/folder");
    assertThat(scratch.path("kept").asBoolean()).isTrue();
    assertThat(Path.of(scratch.path("path").asString()).resolve("made")).exists();
    Cli.Ended none = cli().within("ask", "where", "-n", "1", "--tool", "Read", "--json");
    JsonNode empty = Parsed.json(none.out()).at("/instances/0");
    assertThat(empty.path("answer").asString()).contains(".regatta/scratch/");
    assertThat(Path.of(empty.at("/folder/path").asString())).doesNotExist();
  }

  @Test
  void whoMayNotEditWorksInTheFolderItself() throws Exception {
    repository();
    Path deep = Files.createDirectories(work.resolve("deep"));
    Cli.Ended asked =
        Cli.in(deep)
            .onlyPath(FakeClaude.in(folder, BY_MODEL + FakeClaude.ANSWERS))
            .with("CLAUDE_CODE_TOKEN", TOKEN)
            .within("ask", "where", "-n", "1", "--answer-only");
    assertThat(asked.out().strip()).isEqualTo(deep.toRealPath().toString());
    Cli.Ended within =
        Cli.in(deep)
            .onlyPath(FakeClaude.in(folder, BY_MODEL + FakeClaude.ANSWERS))
            .with("CLAUDE_CODE_TOKEN", TOKEN)
            .within("ask", "where", "-n", "1", "--tool", "Read", "--answer-only");
    assertThat(within.out().strip()).endsWith("/1/deep");
  }

  @Test
  void aRepositoryWithoutACommitIsRefused() throws Exception {
    git("init", "--quiet");
    Cli.Ended asked = cli().within("ask", "write", "-n", "1", "--tool", "Write");
    assertThat(asked.exit()).isEqualTo(3);
    assertThat(asked.err()).contains("has no commit yet", "commit something first");
  }

  @Test
  void afterAKillTheNextCommandClearsTheWorktreesAndParksWhatWasChanged() throws Exception {
    repository();
    try (Cli.Running running = cli().start("ask", "write and hang", "-n", "1", "--tool", "Write")) {
      await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(folder.resolve("hanging")));
      Path scratch = work.resolve(".regatta/scratch");
      Path own;
      try (Stream<Path> runs = Files.list(scratch)) {
        own = runs.findFirst().orElseThrow().resolve("1");
      }
      Files.writeString(own.resolve("tracked"), "half done\n");
      running.signal("KILL");
      running.await();
      assertThat(own.resolve("tracked")).exists();
      Cli.Ended next = cli().within("runs");
      assertThat(next.err())
          .contains("was killed")
          .contains("what it changed is in refs/regatta/ask/");
      assertThat(own).doesNotExist();
      String ref = gitSays("for-each-ref", "--format=%(refname)", "refs/regatta");
      assertThat(gitSays("show", ref + ":tracked")).isEqualTo("half done");
      assertThat(next.out()).contains("lost");
    }
  }

  @Test
  void stoppedItClearsUpAndSaysSo() throws Exception {
    repository();
    try (Cli.Running running =
        cli().start("ask", "write and hang", "-n", "2", "--check", "true", "--tool", "Write")) {
      await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(folder.resolve("hanging")));
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).as(ended.err()).isEqualTo(130);
      assertThat(ended.out()).contains("interrupted, 0 of 2 instances");
      assertThat(gitSays("worktree", "list").lines()).hasSize(1);
    }
  }

  @Test
  void aJudgeBehindAnEndpointIsAskedInBothOrdersAndItsCostStandsApart() throws Exception {
    Files.writeString(
        work.resolve("script.yaml"),
        """
        rules:
          - match: '(?s)ANSWER A [0-9a-f]+\\s+gold'
            latency: 0
            reply: "It is gold.\\nWINNER: A"
          - match: '(?s)ANSWER B [0-9a-f]+\\s+gold'
            latency: 0
            reply: "It is gold.\\nWINNER: B"
          - match: 'compare two answers'
            latency: 0
            reply: 'WINNER: A'
        """);
    Cli.Ended asked =
        cli()
            .within(
                "ask",
                "metal?",
                "--models",
                "iron,gold,tin",
                "--pick",
                "LLM_JUDGE",
                "--rehearsal",
                "--script",
                "script.yaml",
                "--rubric",
                "The nobler metal.",
                "--json");
    assertThat(asked.exit()).as(asked.err()).isZero();
    assertThat(problems(asked.out())).isEmpty();
    JsonNode json = Parsed.json(asked.out());
    assertThat(json.path("label").asString()).isEqualTo("REHEARSAL");
    assertThat(json.at("/picked/answer").asString()).isEqualTo("gold");
    assertThat(json.at("/judge/rubric").asString()).isEqualTo("The nobler metal.");
    assertThat(json.at("/judge/verdicts")).hasSize(6);
    assertThat(json.at("/judge/agreement").asDouble()).isEqualTo(2 / 3.0);
    assertThat(json.at("/judge/inputTokens").asInt()).isPositive();
    Cli.Ended shown = cli().within("show", json.at("/run/id").asString());
    assertThat(shown.out())
        .contains("1 and 2  2 is better  in both orders")
        .contains("1 and 3  tie          the order decided, so it counts for neither")
        .contains("Agreement: 2 of 3 pairs with two verdicts were judged the same")
        .contains("The judge's own cost, in no figure above: ")
        .contains("REHEARSAL: nothing above is proof of real calls");
  }

  @Test
  void aJudgeThatNobodyAnswersForPicksNothingAndThatIsSaid() {
    Cli.Ended asked =
        cli()
            .within(
                "ask",
                "which",
                "--models",
                "aa,bb",
                "-n",
                "2",
                "--pick",
                "judge",
                "--judge-url",
                "http://127.0.0.1:1",
                "--judge-model",
                "m");
    assertThat(asked.exit()).isEqualTo(1);
    assertThat(asked.out())
        .contains("None: the judge gave no pair a verdict in both orders")
        .contains(
            "2 of 2 verdicts are missing, the first because: nobody listens at"
                + " http://127.0.0.1:1/v1/chat/completions");
  }

  @Test
  void anAgentCanJudge() throws Exception {
    Path programs =
        FakeClaude.in(
            folder,
            """
            model=none
            case "$2" in
              *"compare two answers"*)
                answer="WINNER: B"
                case "$2" in *"ANSWER A "*"gold"*"ANSWER A "*) answer="WINNER: A" ;; esac ;;
              *) while [ $# -gt 0 ]; do [ "$1" = --model ] && answer=$2; shift; done ;;
            esac
            """
                + FakeClaude.ANSWERS);
    Cli.Ended asked =
        Cli.in(work)
            .onlyPath(programs)
            .with("CLAUDE_CODE_TOKEN", TOKEN)
            .within(
                "ask",
                "metal?",
                "--models",
                "iron,gold",
                "-n",
                "2",
                "--pick",
                "judge",
                "--judge-agent",
                "claude",
                "--json");
    assertThat(asked.exit()).as(asked.err() + asked.out()).isZero();
    JsonNode json = Parsed.json(asked.out());
    assertThat(json.at("/picked/answer").asString()).isEqualTo("gold");
    assertThat(json.at("/judge/costUsd").asDouble()).isEqualTo(0.02);
    assertThat(json.at("/judge/agreement").asDouble()).isEqualTo(1);
  }

  @Test
  void whatFailedTriesTookAndCostIsCountedToo() {
    Path programs =
        FakeClaude.in(
            folder,
            """
            if [ ! -e "$HOME/tried" ]; then
              : > "$HOME/tried"
              sleep 1
              echo '{"type":"system","subtype":"init","session_id":"s","model":"claude-opus-4-6"}'
              echo '{"type":"result","subtype":"error_during_execution","is_error":true,"result":"no","session_id":"s","usage":{"input_tokens":1000000,"output_tokens":7}}'
              exit 1
            fi
            """
                + FakeClaude.ANSWERS);
    Cli.Ended asked =
        Cli.in(work)
            .onlyPath(programs)
            .with("CLAUDE_CODE_TOKEN", TOKEN)
            .with("HOME", folder.toString())
            .within("ask", "x", "-n", "1", "--retries", "1", "--json");
    JsonNode instance = Parsed.json(asked.out()).at("/instances/0");
    assertThat(instance.path("attempts").asInt()).as(asked.out()).isEqualTo(2);
    assertThat(instance.path("outcome").asString()).isEqualTo("succeeded");
    assertThat(instance.path("seconds").asDouble()).isGreaterThanOrEqualTo(1);
    assertThat(instance.path("inputTokens").asLong()).isEqualTo(1_000_010);
    assertThat(instance.path("outputTokens").asLong()).isEqualTo(12);
    assertThat(instance.path("costUsd").asDouble()).as("a million tokens").isGreaterThan(1);
    assertThat(instance.path("costFromPrices").asBoolean()).isTrue();
  }

  @Test
  void theJudgesKeyIsForTheJudgeAlone() {
    Cli.Ended asked =
        cli()
            .with("OF_THE_JUDGE", "sk-judge-0123456789")
            .within(
                "ask",
                "which",
                "--models",
                "aa",
                "-n",
                "1",
                "--pick",
                "judge",
                "--judge-url",
                "http://127.0.0.1:1",
                "--judge-model",
                "m",
                "--judge-key-variable",
                "OF_THE_JUDGE",
                "--check",
                "test -z \"$OF_THE_JUDGE\"",
                "--json");
    assertThat(Parsed.json(asked.out()).at("/instances/0/checks/0/passed").asBoolean())
        .as(asked.out())
        .isTrue();
  }

  @Test
  void aKeyThatNoHeaderCanHoldIsRefusedWithoutShowingIt() {
    Cli.Ended asked =
        cli()
            .with("OF_THE_JUDGE", "sk-judge-0123456789\nsecond-line-9876543210")
            .within(
                "ask",
                "which",
                "--models",
                "aa,bb",
                "--pick",
                "judge",
                "--judge-url",
                "http://127.0.0.1:1",
                "--judge-model",
                "m",
                "--judge-key-variable",
                "OF_THE_JUDGE");
    assertThat(asked.exit()).as(asked.err() + asked.out()).isEqualTo(3);
    assertThat(asked.err())
        .contains("the variable OF_THE_JUDGE holds a character that no key has")
        .doesNotContain("0123456789", "9876543210");
  }

  @Test
  void anAnswerCannotActOnTheTerminal() {
    Path programs = FakeClaude.in(folder, "answer='a\\u001b[31mb\\nc'\n" + FakeClaude.ANSWERS);
    Cli.Ended asked =
        Cli.in(work)
            .onlyPath(programs)
            .with("CLAUDE_CODE_TOKEN", TOKEN)
            .within("ask", "x", "-n", "1");
    assertThat(asked.out()).contains("a\\x1b[31mb\nc\n").doesNotContain("\u001b");
  }
}
