package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every wrong call says in one or two lines what, why and what next, and touches no disk. */
class UsageTest {
  private static final String TOKEN = "sk-ant-api03-usage-test-0001";

  @TempDir Path folder;
  private List<String> before = List.of();

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectory(folder.resolve("a-folder"));
    Files.writeString(folder.resolve("a-file"), "text");
    Files.writeString(folder.resolve("bad.yaml"), "tasks:\n  - command: [true]\n  - prompt: [\n");
    Files.writeString(
        folder.resolve("rule.yaml"), "tasks:\n  - command: ['true']\n    colour: red\n");
    Files.writeString(folder.resolve("agent.yaml"), "tasks:\n  - prompt: hi\n    agent: nobody\n");
    Files.writeString(folder.resolve("good.yaml"), "tasks:\n  - command: ['true']\n");
    Files.writeString(folder.resolve("prompts.yaml"), "tasks:\n  - prompt: hi\n");
    Files.writeString(
        folder.resolve("mixed.yaml"), "tasks:\n  - prompt: hi\n  - command: ['true']\n");
    Files.writeString(folder.resolve("bad-script.yaml"), "rules:\n  - match: [\n");
    Files.writeString(folder.resolve("shared"), "A=" + TOKEN + "\n");
    Files.setPosixFilePermissions(
        folder.resolve("shared"), PosixFilePermissions.fromString("rw-r--r--"));
    FakeClaude.answering(folder, "0");
    before = Cli.below(folder);
  }

  /**
   * A wrong call.
   *
   * @param words the words after {@code regatta}, separated by blanks
   * @param exit the exit code it has
   * @param says what its message must name
   */
  private record Wrong(String words, int exit, String... says) {
    @Override
    public String toString() {
      return words.isEmpty() ? "(nothing)" : words;
    }

    String[] split() {
      return Arrays.stream(words.split(" "))
          .map(word -> word.equals("''") ? "" : word)
          .toArray(String[]::new);
    }
  }

  static Stream<Wrong> wrongCalls() {
    return Stream.of(
        new Wrong("frobnicate", 2, "no command 'frobnicate'", "--help"),
        new Wrong("prov", 2, "Did you mean prove?"),
        new Wrong("--frobnicate", 2, "'--frobnicate'", "--help"),
        new Wrong("prove --frobnicate", 2, "frobnicate", "prove --help"),
        new Wrong("--json prove", 2, "'--json'", "options come after the command"),
        new Wrong(
            "prove --roun 3", 2, "no option --roun.", "Did you mean --rounds?", "prove --help"),
        new Wrong("prove --rounds=3 --roun=3", 2, "--roun=3", "Did you mean --rounds?"),
        new Wrong("prove -x", 2, "no option -x.", "prove --help"),
        new Wrong("run -kz -- true", 2, "no option -kz;", "run --help"),
        new Wrong("run -kP2 -- true", 2, "-P with a value", "-k -P N"),
        new Wrong("run -kP 2 -- true", 2, "-k -P N"),
        new Wrong("run -P= -- true", 2, "value for -P", "empty"),
        new Wrong("run -P", 2, "needs a value after -P: -P N", "run --help"),
        new Wrong("run --keep-order=no -- true", 2, "--keep-order without a value", "'=no'"),
        new Wrong("prove --rehearsal=true", 2, "--rehearsal without a value", "leave out '=true'"),
        new Wrong("version --json=x", 2, "--json without a value", "version --help"),
        new Wrong("doctor --online=yes", 2, "--online without a value"),
        new Wrong("prove --rounds 2 --rounds 3", 2, "--rounds once", "given twice"),
        new Wrong("run -P 2 --parallel 3 -- true", 2, "--parallel once", "given twice"),
        new Wrong("prove --home=", 2, "value for --home", "empty"),
        new Wrong("prove --agent ''", 2, "value for --agent", "empty"),
        new Wrong("prove --token=", 2, "value for --token", "empty"),
        new Wrong("run --tasks=", 2, "value for --tasks", "empty"),
        new Wrong("run --resume ''", 2, "value for --resume", "empty"),
        new Wrong("runs --limit=", 2, "value for --limit", "empty"),
        new Wrong("prove surplus", 2, "options only, and 'surplus' is none", "prove --help"),
        new Wrong("prove -- surplus", 2, "options only, and 'surplus' is none", "prove --help"),
        new Wrong("demo surplus", 2, "'surplus'", "demo --help"),
        new Wrong("runs surplus", 2, "'surplus'", "runs --help"),
        new Wrong("doctor surplus", 2, "'surplus'", "doctor --help"),
        new Wrong("rehearse surplus", 2, "'surplus'", "rehearse --help"),
        new Wrong("serve --script x.yaml", 2, "--script is for rehearsals: add --rehearsal"),
        new Wrong("serve --rehearsal --script none.yaml", 2, "none.yaml"),
        new Wrong("serve --rehearsal --base-url http://127.0.0.1:9", 2, "exclude each other"),
        new Wrong("serve surplus", 2, "'surplus'", "serve --help"),
        new Wrong("version surplus", 2, "'surplus'", "version --help"),
        new Wrong("completion bash zsh", 2, "takes one bash|zsh|fish, and 'zsh' is one too many"),
        new Wrong("demo --frobnicate", 2, "no option --frobnicate", "demo --help"),
        new Wrong("runs --frobnicate", 2, "no option --frobnicate", "runs --help"),
        new Wrong("show --frobnicate", 2, "no option --frobnicate", "show --help"),
        new Wrong("doctor --frobnicate", 2, "no option --frobnicate", "doctor --help"),
        new Wrong("rehearse --frobnicate", 2, "no option --frobnicate", "rehearse --help"),
        new Wrong("completion --frobnicate", 2, "no option --frobnicate", "completion --help"),
        new Wrong("version --frobnicate", 2, "no option --frobnicate", "version --help"),
        new Wrong("prove --prompt", 2, "value after --prompt: --prompt TEXT", "prove --help"),
        new Wrong("demo --order", 2, "value after --order: --order ORDER", "demo --help"),
        new Wrong("run --resume", 2, "value after --resume: --resume RUN", "run --help"),
        new Wrong("runs --limit", 2, "value after --limit: --limit N", "runs --help"),
        new Wrong("show x --home", 2, "value after --home: --home DIR", "show --help"),
        new Wrong("doctor --token", 2, "value after --token: --token NAME", "doctor --help"),
        new Wrong("rehearse --seed", 2, "value after --seed: --seed N", "rehearse --help"),
        new Wrong("doctor --base-url http://x", 2, "--base-url is for --online"),
        new Wrong("run --frobnicate -- true", 2, "--frobnicate", "run --help"),
        new Wrong("run -Z 3 -- true", 2, "-Z", "run --help"),
        new Wrong("prove --prompt --rehearsal", 2, "--prompt=--rehearsal", "needs a value"),
        new Wrong("prove --rehearsal --out --json", 2, "--out needs a value"),
        new Wrong("run --resume --json", 2, "--resume needs a value"),
        new Wrong("run -P --json -- true", 2, "-P needs a value"),
        new Wrong("help foo", 2, "no command 'foo'"),
        new Wrong("--help foo", 2, "no command 'foo'"),
        new Wrong("show nothing --debug", 2, "no run 'nothing'"),
        new Wrong("prove --prompt=--rehearsal --agent command", 2, "tasks with a command"),
        new Wrong("prove --rounds", 2, "rounds", "--help"),
        new Wrong("run --parallel", 2, "parallel", "--help"),
        new Wrong("run", 2, "a command is needed", "regatta run -- COMMAND"),
        new Wrong("run --", 2, "a command is needed"),
        new Wrong("run -P 0 -- true", 2, "--parallel", "from 1 to 10000", "'0'"),
        new Wrong("run -P -3 -- true", 2, "--parallel", "'-3'"),
        new Wrong("run -P many -- true", 2, "--parallel", "'many'"),
        new Wrong("run -P 99999999999 -- true", 2, "--parallel", "'99999999999'"),
        new Wrong("run --retries -1 -- true", 2, "--retries", "'-1'"),
        new Wrong("run --retries 1.5 -- true", 2, "--retries", "'1.5'"),
        new Wrong("run --limit-threshold 0 -- true", 2, "--limit-threshold", "1 to 100", "'0'"),
        new Wrong("run --limit-threshold 101 -- true", 2, "--limit-threshold", "'101'"),
        new Wrong("prove --rehearsal --limit-threshold most", 2, "--limit-threshold", "'most'"),
        new Wrong("prove --rehearsal --failover --no-witness", 2, "--failover", "exclude each"),
        new Wrong("run --timeout 0 -- true", 2, "--timeout", "above 0", "'0'"),
        new Wrong("run --timeout soon -- true", 2, "--timeout", "'soon'"),
        new Wrong("run --timeout NaN -- true", 2, "--timeout", "'NaN'"),
        new Wrong("run --stall -1 -- true", 2, "--stall", "'-1'"),
        new Wrong("run --first-output 99999999 -- true", 2, "--first-output", "30 days"),
        new Wrong("run --agent nobody -- true", 2, "'nobody'", "claude, codex"),
        new Wrong("run --agent claude --model -x", 2, "--model", "'-x'"),
        new Wrong("run --tasks nowhere.yaml", 2, "nowhere.yaml", "no such file"),
        new Wrong("run --tasks a-folder", 2, "a-folder"),
        new Wrong("run --tasks bad.yaml", 2, "bad.yaml:3:", "not YAML"),
        new Wrong("run --tasks rule.yaml", 2, "rule.yaml:3:", "colour"),
        new Wrong("run --tasks agent.yaml --rehearsal", 2, "'nobody'"),
        new Wrong("run --tasks good.yaml -- true", 2, "--tasks", "exclude each other"),
        new Wrong("run --resume x -- true", 2, "--resume", "takes no command"),
        new Wrong("run --resume x --tasks good.yaml", 2, "--resume", "no tasks"),
        new Wrong("run --resume 20260101-000000-0000", 2, "no run '20260101", "regatta runs"),
        new Wrong("prove --rounds 0 --rehearsal", 2, "--rounds", "'0'"),
        new Wrong("prove --rounds x --rehearsal", 2, "--rounds", "'x'"),
        new Wrong("prove --parallel 0 --rehearsal", 2, "--parallel", "'0'"),
        new Wrong("prove --order sideways --rehearsal", 2, "--order", "interleaved", "'sideways'"),
        new Wrong("prove --stagger -1 --rehearsal", 2, "--stagger", "'-1'"),
        new Wrong("prove --prompt '' --rehearsal", 2, "--prompt", "empty"),
        new Wrong("prove --prompt hi --tasks good.yaml --rehearsal", 2, "--prompt", "exclude"),
        new Wrong("prove --tasks good.yaml --rehearsal", 2, "commands", "--agent command"),
        new Wrong("prove --tasks prompts.yaml --agent command", 2, "tasks with a command"),
        new Wrong(
            "prove --tasks mixed.yaml --rehearsal",
            2,
            "mixed.yaml: task 2 has a command and task 1 a prompt",
            "one agent for all",
            "regatta run"),
        new Wrong("prove --tasks mixed.yaml --agent command", 2, "one agent for all"),
        new Wrong("demo --tasks mixed.yaml", 2, "one agent for all"),
        new Wrong("prove --agent command", 2, "tasks with a command"),
        new Wrong("prove --tasks agent.yaml --rehearsal", 2, "nobody"),
        new Wrong("prove --agent nobody", 2, "'nobody'"),
        new Wrong("prove --agent rehearsal-agent", 2, "rehearsals only", "--rehearsal"),
        new Wrong("prove --rehearsal --base-url http://127.0.0.1:1", 2, "exclude each other"),
        new Wrong("prove --base-url nonsense", 2, "--base-url", "'nonsense'"),
        new Wrong("prove --base-url file:///etc/passwd", 2, "--base-url"),
        new Wrong("prove --script good.yaml", 2, "--script", "--rehearsal"),
        new Wrong("prove --rehearsal --script nowhere.yaml", 2, "nowhere.yaml", "no such file"),
        new Wrong("prove --rehearsal --script a-folder", 2, "a-folder"),
        new Wrong("prove --rehearsal --script bad-script.yaml", 2, "bad-script.yaml", "line 2"),
        new Wrong("prove --rehearsal --out a-file", 2, "--out", "'a-file'"),
        new Wrong("prove --rehearsal --out ''", 2, "--out"),
        new Wrong("prove --token NOT_SET", 3, "NOT_SET", "not set"),
        new Wrong("prove --token EMPTY", 3, "EMPTY", "not set"),
        new Wrong("prove --token ONE --token TWIN", 2, "ONE", "TWIN", "same value"),
        new Wrong("prove --token ONE --token ONE", 2, "ONE", "twice"),
        new Wrong("prove --token SHORT", 2, "SHORT", "no token"),
        new Wrong("prove", 3, "no credential", "CLAUDE_CODE_TOKEN", "--rehearsal"),
        new Wrong("prove --token-file nowhere", 2, "nowhere", "not there"),
        new Wrong("prove --token-file a-folder", 2, "a-folder", "not a plain file"),
        new Wrong("prove --token-file a-file", 2, "a-file", "chmod 600"),
        new Wrong("prove --token-file shared", 2, "shared", "chmod 600"),
        new Wrong("prove --token-command false", 3, "ended with exit code 1"),
        new Wrong("demo --token ONE", 2, "demo has no option --token; it is one of regatta prove"),
        new Wrong("demo --base-url http://h", 2, "demo has no option --base-url; it is one of"),
        new Wrong("--version extra", 2, "regatta --version stands alone"),
        new Wrong("stress", 2, "needs the file of a suite", "regatta stress lint FILE"),
        new Wrong("stress lint", 2, "needs the file of a suite"),
        new Wrong("stress good.yaml", 2, "good.yaml", "'categories' or 'tests'"),
        new Wrong("stress lint good.yaml --dry-run", 2, "exclude each other"),
        new Wrong("stress lint good.yaml --only a", 2, "looks at the whole suite", "--only"),
        new Wrong("stress good.yaml good.yaml --dry-run", 2, "takes one FILE", "one too many"),
        new Wrong(
            "stress lint good.yaml more", 2, "takes [lint] FILE | history [FILE], and 'more'"),
        new Wrong(
            "stress history good.yaml more", 2, "takes [lint] FILE | history [FILE], and 'more'"),
        new Wrong("stress history --dry-run", 2, "runs that have been", "--dry-run"),
        new Wrong("stress history --only a", 2, "runs that have been", "--only"),
        new Wrong("stress history NOTHING", 2, "no history of the suite 'NOTHING'", "lists"),
        new Wrong("stress nowhere.json --dry-run", 2, "nowhere.json: there is no such file"),
        new Wrong("stress a-folder --dry-run", 2, "a-folder: it could not be read"),
        new Wrong("stress bad.yaml --dry-run", 2, "bad.yaml:3:", "not YAML"),
        new Wrong("stress good.yaml --dry-run", 2, "good.yaml", "'categories' or 'tests'"),
        new Wrong("stress good.yaml --dry-run --only", 2, "value after --only: --only ID"),
        new Wrong("stress good.yaml --frobnicate", 2, "no option --frobnicate", "stress --help"),
        new Wrong("ask", 2, "ask needs a prompt", "standard input"),
        new Wrong("ask hi there", 2, "takes one PROMPT, and 'there' is one too many"),
        new Wrong("ask hi -n 0", 2, "--instances", "'0'"),
        new Wrong("ask hi --pick best", 2, "--pick must be one of fastest, ", "all, not 'best'"),
        new Wrong(
            "ask hi --pick judge", 2, "--pick judge needs somebody who judges", "--judge-url"),
        new Wrong(
            "ask hi --pick BEST_CODE_QUALITY", 2, "BEST_CODE_QUALITY needs checks", "--check"),
        new Wrong("ask hi --pick all --answer-only", 2, "--pick all picks no single answer"),
        new Wrong("ask hi --json --answer-only", 2, "--json and --answer-only exclude each other"),
        new Wrong("ask hi --agents claude,command", 2, "take prompts", "'command'"),
        new Wrong("ask hi --agents claude,", 2, "--agents must be names", "'claude,'"),
        new Wrong("ask hi --agents claude --agent codex", 2, "--agents and --agent exclude"),
        new Wrong("ask hi --models a --model b", 2, "--models and --model exclude each other"),
        new Wrong("ask hi --models a,-b", 2, "--models: model must be a model's name"),
        new Wrong("ask hi --temperatures hot", 2, "--temperatures: must be two", "'hot'"),
        new Wrong("ask hi --temperatures 0..3", 2, "--temperatures: temperatures go from 0 to 2"),
        new Wrong("ask hi --set colour=red", 2, "--set: takes model=", "'colour=red'"),
        new Wrong("ask hi --extract ([a", 2, "--extract: must be last-line", "'([a'"),
        new Wrong("ask hi --retries -1", 2, "--retries", "'-1'"),
        new Wrong("ask hi --check-timeout 0", 2, "--check-timeout", "'0'"),
        new Wrong("ask hi --pick judge --judge-url ftp://h", 2, "--judge-url", "'ftp://h'"),
        new Wrong("ask hi --pick judge --judge-url http://h", 2, "--judge-url needs --judge-model"),
        new Wrong("ask hi --pick all --judge-agent nobody", 2, "--judge-agent", "'nobody'"),
        new Wrong(
            "ask hi --pick judge --judge-agent claude --judge-url http://h",
            2,
            "--judge-agent and --judge-url"),
        new Wrong("ask hi --pick all --rubric short", 2, "--rubric needs somebody who judges"),
        new Wrong(
            "ask hi --judge-model m --pick fastest",
            2,
            "--judge-model has no effect with --pick fastest",
            "--pick judge or --pick all"),
        new Wrong("ask hi --judge-agent claude", 2, "no effect with --pick consensus"),
        new Wrong(
            "ask hi --pick HIGHEST_MODEL_TEMP", 2, "needs temperatures", "--temperatures", "--set"),
        new Wrong(
            "ask hi --pick highest-model-temp --set model=m", 2, "needs temperatures", "--set"),
        new Wrong(
            "ask hi --agents claude,codex -n 1", 2, "too few for the 2 of --agents", "at least 2"),
        new Wrong("ask hi -n 2 --models A,B,C", 2, "too few for the 3 of --models", "name fewer"),
        new Wrong("ask hi -n 1 --set model=A --set model=B", 2, "too few for the 2 of --set"),
        new Wrong("ask hi --agent nobody", 2, "ask needs agents", "gemini, rehearsal-agent, not"),
        new Wrong(
            "ask hi --pick judge --judge-url http://h --judge-model m --judge-key-variable EMPTY",
            3,
            "EMPTY is not set"),
        new Wrong("ask hi", 3, "no credential", "CLAUDE_CODE_TOKEN", "--rehearsal"),
        new Wrong("show", 2, "id of a run", "regatta runs"),
        new Wrong("show nothing", 2, "no run 'nothing'", "regatta runs"),
        new Wrong("show one two", 2, "takes one RUN, and 'two' is one too many", "show --help"),
        new Wrong("runs --limit 0", 2, "--limit", "'0'"),
        new Wrong("serve --port 65536", 2, "--port", "'65536'"),
        new Wrong("serve --for never", 2, "--for", "'never'"),
        new Wrong("serve --allow-command", 2, "value after --allow-command: --allow-command NAME"),
        new Wrong("serve --host 192.0.2.7 --open", 2, "192.0.2.7", "loopback only"),
        new Wrong("rehearse --port 65536", 2, "--port", "'65536'"),
        new Wrong("rehearse --port http", 2, "--port", "'http'"),
        new Wrong("rehearse --seed seven", 2, "--seed", "'seven'"),
        new Wrong("rehearse --for never", 2, "--for", "'never'"),
        new Wrong("rehearse --script nowhere.yaml", 2, "nowhere.yaml"),
        new Wrong("completion", 2, "bash, zsh or fish"),
        new Wrong("completion tcsh", 2, "bash, zsh or fish", "'tcsh'"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void isExplainedAndTouchesNothing(Wrong wrong) {
    Cli.Ended ended =
        Cli.in(folder)
            .onlyPath(folder.resolve("programs"))
            .with("ONE", TOKEN)
            .with("TWIN", TOKEN)
            .with("SHORT", "abc")
            .with("EMPTY", "")
            .within(wrong.split());
    assertThat(ended.exit()).as(ended.err()).isEqualTo(wrong.exit());
    assertThat(ended.out()).isEmpty();
    assertThat(ended.errLines()).as(ended.err()).hasSizeBetween(1, 2);
    assertThat(ended.err()).startsWith("regatta: ").contains(wrong.says());
    assertThat(ended.err()).doesNotContain("Exception", "java.", "\tat ", TOKEN);
    assertThat(ended.err()).as("words of the library").doesNotContain("positional", "specified");
    assertThat(Cli.below(folder)).as("what is on the disk").isEqualTo(before);
  }

  @Test
  void withoutTheClaudeCliAndWithoutARehearsalTheMessageSaysHowToInstallIt() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Cli.Ended ended =
        Cli.in(folder)
            .with("PATH", empty.toString())
            .with("ONE", TOKEN)
            .within("prove", "--token", "ONE");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err())
        .contains(
            "npm install -g @anthropic-ai/claude-code", "--rehearsal --agent rehearsal-agent");
    Cli.Ended rehearsed =
        Cli.in(folder)
            .with("PATH", empty.toString())
            .within("run", "--agent", "claude", "--rehearsal");
    assertThat(rehearsed.exit()).isEqualTo(3);
    assertThat(rehearsed.err())
        .contains("or use the built-in agent with --agent rehearsal-agent")
        .doesNotContain("with --rehearsal");
    assertThat(folder.resolve(".regatta")).doesNotExist();
    Cli.Ended advised =
        Cli.in(folder)
            .with("PATH", empty.toString())
            .input("hello\n")
            .within("run", "--agent", "rehearsal-agent", "--rehearsal");
    assertThat(advised.exit()).as(advised.err()).isZero();
  }

  @Test
  void aClaudeThatMayNotBeRunIsNamed() throws IOException {
    Path programs = folder.resolve("programs");
    Files.setPosixFilePermissions(
        programs.resolve("claude"), PosixFilePermissions.fromString("rw-r--r--"));
    Cli.Ended ended =
        Cli.in(folder)
            .with("PATH", programs.toString())
            .with("ONE", TOKEN)
            .within("prove", "--token", "ONE");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err()).contains("no execute permission").contains("chmod +x");
    assertThat(folder.resolve(".regatta")).doesNotExist();
  }

  @Test
  void anAddressInTheEnvironmentIsNotUsedAndThatIsSaid() {
    Cli.Ended ended =
        Cli.in(folder)
            .onlyPath(folder.resolve("programs"))
            .with("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
            .within("prove");
    assertThat(ended.err()).contains("ANTHROPIC_BASE_URL is set but not used");
  }

  @Test
  void aFailureShowsWhereItCameFromOnlyWhenAsked() {
    Cli.Ended ended = Cli.in(folder).within("run", "--tasks", "nowhere.yaml", "--debug");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("\tat dev.regatta.cli.").contains("regatta: ");
  }
}
