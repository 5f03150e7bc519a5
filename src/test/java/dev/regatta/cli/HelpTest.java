package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @TempDir Path folder;

  static List<String> commands() {
    return Commands.names();
  }

  /** The long names of a command's options, read from where they are declared. */
  private static List<String> options(String command) {
    List<String> names = new ArrayList<>();
    collect(Commands.find(command).orElseThrow().command().get().getClass(), names);
    return names;
  }

  private static void collect(Class<?> type, List<String> names) {
    for (Field field : type.getDeclaredFields()) {
      if (field.isAnnotationPresent(Option.class)) {
        names.add(field.getAnnotation(Option.class).name());
      } else if (field.isAnnotationPresent(OptionList.class)) {
        names.add(field.getAnnotation(OptionList.class).name());
      } else if (field.isAnnotationPresent(Mixin.class)) {
        collect(field.getType(), names);
      }
    }
  }

  @Test
  void theHelpOfAskNamesAgentsThatItTakesAlone() {
    String help = Cli.in(folder).within("ask", "--help").out();
    assertThat(help)
        .containsPattern("--agent AGENT +claude, codex, gemini, rehearsal-agent\n")
        .contains("at once (3, or more for more agents, models or sets)");
    assertThat(Cli.in(folder).within("run", "--help").out())
        .containsPattern("--agent AGENT +claude, codex, command, ");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpHasWhatItIsForUsageOptionsAndExamples(String command) {
    Cli.Ended help = Cli.in(folder).within(command, "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.outLines().getFirst()).as("what it is for").endsWith(".").hasSizeLessThan(200);
    assertThat(help.out()).contains("\nUsage: regatta " + command + " [OPTION …]");
    assertThat(help.out()).contains("\nExamples:\n  ").contains("regatta " + command);
    for (String option : options(command)) {
      assertThat(help.out()).contains("--" + option);
    }
    assertThat(Cli.below(folder)).as("help touches nothing").isEmpty();
  }

  @Test
  void demoOffersNoTokensAndNoAddressAsItTakesNone() {
    Cli.Ended help = Cli.in(folder).within("demo", "--help");
    assertThat(help.out()).doesNotContain("--token", "--base-url").contains("--script");
    for (String shell : shells().toList()) {
      String script = Cli.in(folder).within("completion", shell).out();
      assertThat(script.lines().filter(line -> line.matches(".*\\bdemo\\b.*")))
          .as(shell)
          .isNotEmpty()
          .noneMatch(line -> line.contains("token") || line.contains("base-url"));
    }
  }

  @Test
  void theExampleForClaudeKeepsTheUsersLoginOutAsThePageSays() throws IOException {
    String config = "env CLAUDE_CONFIG_DIR=\"$(mktemp -d)\" ANTHROPIC_API_KEY=sk-ant-invented";
    assertThat(Cli.in(folder).within("rehearse", "--help").out()).contains(config);
    assertThat(
            Files.readString(Path.of(System.getProperty("regatta.project"), "docs/rehearsal.md")))
        .contains(config);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionSaysWhatItTakesAndWhatItDoes(String command) {
    List<String> lines =
        Cli.in(folder).within(command, "--help").outLines().stream()
            .filter(line -> line.matches(" {2}(-.,| {3}) --.*"))
            .toList();
    assertThat(lines).hasSameSizeAs(options(command));
    assertThat(lines)
        .allSatisfy(line ->
            assertThat(line).matches(" {2}(-.,| {3}) --[a-z-]+( [A-Z]+)?( …)? {2,}[^ ].{5,}"))
        .allSatisfy(line -> assertThat(line).doesNotContain("VALUE"));
  }

  /** What an example calls must exist; nothing is worse than a help page that does not work. */
  @ParameterizedTest
  @MethodSource("commands")
  void examplesNameOnlyCommandsAndOptionsThatThereAre(String command) {
    String examples = Commands.find(command).orElseThrow().command().get().examples();
    for (String line : examples.lines().toList()) {
      for (String call : line.split("[|(]")) {
        String[] words = call.strip().split(" +");
        if (!words[0].equals("regatta")) {
          continue;
        }
        assertThat(Commands.find(words[1])).as(line).isPresent();
        for (String word : words) {
          if (word.equals("--")) {
            break;
          }
          if (word.startsWith("--")) {
            assertThat(options(words[1])).as(line).contains(word.substring(2));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void helpForACommandIsItsOwnPage(String word) {
    Cli.Ended help = Cli.in(folder).within(word, "prove");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).isEqualTo(Cli.in(folder).within("prove", "--help").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void theFirstPageListsAllCommands(String word) {
    Cli.Ended help = Cli.in(folder).within(word);
    assertThat(help.exit()).isZero();
    for (String command : Commands.names()) {
      assertThat(help.out()).containsPattern("\n  " + command + " +\\S");
    }
    assertThat(help.out()).contains("Exit codes: 0 ").contains("Examples:");
  }

  @Test
  void withoutAWordTheFirstPageGoesToStandardErrorAndTheCallWasWrong() {
    Cli.Ended ended = Cli.in(folder).within();
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("Usage: regatta COMMAND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void theVersionIsOneLine(String word) {
    Cli.Ended version = Cli.in(folder).run(word);
    assertThat(version.exit()).isZero();
    assertThat(version.out()).matches("regatta \\S+\n");
    assertThat(version.err()).isEmpty();
    assertThat(Cli.below(folder)).isEmpty();
  }

  @Test
  void theVersionCommandNamesWhatItRunsOn() {
    Cli.Ended version = Cli.in(folder).within("version");
    assertThat(version.out()).contains("regatta ").contains("java ").contains("system ");
    assertThat(Parsed.json(Cli.in(folder).within("version", "--json").out()).propertyNames())
        .contains("regatta", "java", "system");
  }

  static Stream<String> shells() {
    return Stream.of("bash", "zsh", "fish");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aCompletionScriptKnowsEveryCommandAndOption(String shell) {
    Cli.Ended script = Cli.in(folder).within("completion", shell);
    assertThat(script.exit()).isZero();
    for (String command : Commands.names()) {
      assertThat(script.out()).contains(command);
      for (String option : options(command)) {
        assertThat(script.out())
            .as("the option --%s of %s", option, command)
            .containsPattern(
                shell.equals("fish") ? "-l '?" + option + "\\b" : "--" + option + "\\b");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aCompletionScriptIsOneThatItsShellReads(String shell) throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Stream.of("/bin/", "/usr/bin/").anyMatch(at -> Files.isExecutable(Path.of(at + shell))),
        shell + " is not installed");
    Path file = folder.resolve("script");
    Files.writeString(file, Cli.in(folder).within("completion", shell).out());
    Process check =
        new ProcessBuilder(shell, "-n", file.toString()).redirectErrorStream(true).start();
    String said = new String(check.getInputStream().readAllBytes());
    assertThat(check.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void bashCompletesCommandsAndOptionsWithIt() throws IOException, InterruptedException {
    Path file = folder.resolve("script");
    Files.writeString(file, Cli.in(folder).within("completion", "bash").out());
    assertThat(completions(file, "regatta", "pro")).contains("prove");
    assertThat(completions(file, "regatta", "run", "--keep")).contains("--keep-order");
    assertThat(completions(file, "regatta", "prove", "--roun")).contains("--rounds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          prove --agent ''                 | claude codex command gemini rehearsal-agent
          run --agent c                    | claude codex command
          demo --order ''                  | sequential-first parallel-first interleaved
          prove --order = par              | parallel-first
          prove --order =                  | sequential-first parallel-first interleaved
          completion ''                    | bash zsh fish
          completion z                     | zsh
          help pro                         | prove
          show ''                          | 20261121-101500-aaaa 20261120-235959-ffff
          show --json 20261120             | 20261120-235959-ffff
          show --home other ''             | 20250101-000000-bbbb
          show --home = other ''           | 20250101-000000-bbbb
          show runs-                       | runs-elsewhere
          run --resume ''                  | 20261121-101500-aaaa 20261120-235959-ffff
          run --resume = 20261121          | 20261121-101500-aaaa
          run --tasks my                   | my tasks.yaml
          prove --script my                | my tasks.yaml
          doctor --token-file my           | my tasks.yaml
          prove --out runs                 | runs-elsewhere
          prove --out my                   |
          prove --timeout ''               |
          run -P 2 -- cat my               | my tasks.yaml
          run -P 2 cat --ta                |
          run -- cat --ta                  |
          run --keep-order --ta            | --tasks
          stress li                        | lint
          stress hi                        | history
          stress history my                | my tasks.yaml
          stress my                        | my tasks.yaml
          stress lint my                   | my tasks.yaml
          stress --dry-run my              | my tasks.yaml
          stress my.json --dr              | --dry-run
          unknown ''                       |
          """)
  void bashCompletesValues(String words, String offered) throws Exception {
    for (String run : List.of("20261120-235959-ffff", "20261121-101500-aaaa")) {
      Files.createDirectories(folder.resolve(".regatta/runs").resolve(run));
    }
    Files.createDirectories(folder.resolve("other/runs/20250101-000000-bbbb"));
    Files.createDirectory(folder.resolve("runs-elsewhere"));
    Files.writeString(folder.resolve("my tasks.yaml"), "");
    Path file = folder.resolve("script");
    Files.writeString(file, Cli.in(folder).within("completion", "bash").out());
    List<String> all = new ArrayList<>(List.of("regatta"));
    for (String word : words.split(" +")) {
      all.add(word.equals("''") ? "" : word);
    }
    assertThat(String.join(" ", completions(file, all.toArray(String[]::new))))
        .isEqualTo(offered == null ? "" : offered);
  }

  /** What a zsh makes of it was tried by hand; there is none where this is built. */
  @Test
  void zshIsToldWhatEachOptionTakes() {
    assertThat(Cli.in(folder).within("completion", "zsh").out())
        .startsWith("#compdef regatta\n")
        .contains(
            "(--agent)--agent=[claude, codex, command, gemini or rehearsal-agent]:AGENT:(claude"
                + " codex command")
        .contains(":ORDER:(sequential-first parallel-first interleaved)'")
        .contains("'(--resume)--resume=[do what is left of an earlier run]:RUN:_regatta_runs'")
        .contains("'1:RUN:_regatta_runs'")
        .contains("'1:FILE:{compadd lint history; _files}'", "'2:FILE:_files'")
        .contains("]:FILE:_files'", "]:DIR:_files -/'", "'(--parallel -P)-P+[");
  }

  @Test
  void bashCompletesTheProgramOfARun() throws Exception {
    Path file = folder.resolve("script");
    Files.writeString(file, Cli.in(folder).within("completion", "bash").out());
    assertThat(completions(file, "regatta", "run", "--", "gzi")).contains("gzip");
    assertThat(completions(file, "regatta", "run", "gzi")).contains("gzip");
    assertThat(completions(file, "regatta", "run", "")).contains("--keep-order");
  }

  private List<String> completions(Path script, String... words)
      throws IOException, InterruptedException {
    String line =
        """
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        function_name=$(complete -p regatta | sed -n 's/.*-F \\([^ ]*\\).*/\\1/p')
        "$function_name" regatta "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    List<String> command = new ArrayList<>(List.of("bash", "-c", line, "bash", script.toString()));
    command.addAll(List.of(words));
    Process bash =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes());
    bash.waitFor();
    return said.lines().map(String::strip).toList();
  }
}
