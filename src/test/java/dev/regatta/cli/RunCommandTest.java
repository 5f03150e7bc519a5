package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RunCommandTest {
  @TempDir Path folder;

  private Cli cli() {
    return Cli.in(folder);
  }

  private static String numbers(int count) {
    StringBuilder lines = new StringBuilder();
    IntStream.rangeClosed(1, count).forEach(i -> lines.append(i).append('\n'));
    return lines.toString();
  }

  private String onlyRun() throws IOException {
    try (var runs = Files.list(folder.resolve(".regatta/runs"))) {
      return runs.map(run -> run.getFileName().toString())
          .reduce((a, b) -> {
            throw new AssertionError("more than one run");
          })
          .orElseThrow();
    }
  }

  @Test
  void theLineIsTheLastWordOfTheCommand() {
    Cli.Ended ended = cli().input("one\ntwo words\n").within("run", "-k", "--", "echo", "got");
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("got one\ngot two words\n");
    assertThat(ended.err()).contains("2 of 2 tasks succeeded").contains("regatta show ");
  }

  @Test
  void bracesStandForTheLineWhereverTheyAre() {
    Cli.Ended ended =
        cli()
            .input("a b\n$HOME `x`\n")
            .within("run", "-k", "--", "printf", "%s|%s\\n", "{}.in", "<{}{}>");
    assertThat(ended.out()).isEqualTo("a b.in|<a ba b>\n$HOME `x`.in|<$HOME `x`$HOME `x`>\n");
  }

  @Test
  void optionsAfterTheCommandBelongToTheCommand() {
    Cli.Ended ended = cli().input("x\n").within("run", "--", "echo", "--json", "-P", "0", "--help");
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("--json -P 0 --help x\n");
  }

  @Test
  void aCommandNeedsNoHyphensBeforeIt() {
    Cli.Ended ended = cli().input("x\n").within("run", "-P2", "echo", "-n");
    assertThat(ended.out()).isEqualTo("x");
  }

  @Test
  void withKeepOrderOutputsComeInTheOrderOfTheLines() {
    // The first waits for the last, so that they end in another order than they began.
    String script =
        "if [ $1 = 1 ]; then while [ ! -e done ]; do sleep 0.01; done; fi;"
            + " if [ $1 = 4 ]; then touch done; fi; echo $1";
    Cli.Ended ended =
        cli().input(numbers(4)).within("run", "-k", "-P", "4", "--", "sh", "-c", script, "sh");
    assertThat(ended.out()).isEqualTo("1\n2\n3\n4\n");
  }

  @Test
  void withoutKeepOrderWhatEndsFirstIsPrintedFirst() throws IOException {
    String script = "while [ $1 = 1 ] && [ ! -e go ]; do sleep 0.01; done; echo $1";
    try (Cli.Running running = cli().start("run", "-P", "2", "--", "sh", "-c", script, "sh")) {
      running.feed(numbers(2).getBytes(StandardCharsets.UTF_8));
      running.endOfInput();
      await().until(() -> running.out().equals("2\n"));
      Files.createFile(folder.resolve("go"));
      assertThat(running.await().out()).isEqualTo("2\n1\n");
    }
  }

  @Test
  void asManyRunAtOnceAsWereAskedForAndNoMore() throws IOException {
    // Each waits until three are there, so fewer would never end; and notes how many it saw.
    String script =
        "mkdir here.$1; while [ $(ls -d here.* | wc -l) -lt 3 ] && [ ! -e enough ];"
            + " do sleep 0.01; done; touch enough; ls -d here.* | wc -l; sleep 0.05; rmdir here.$1";
    Cli.Ended ended =
        cli()
            .input(numbers(9))
            .within("run", "-P", "3", "--timeout", "60", "--", "sh", "-c", script, "sh");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.outLines())
        .allSatisfy(seen -> assertThat(Integer.parseInt(seen.strip())).isBetween(1, 3));
  }

  @Test
  void oneFailureMakesTheExitCodeOneAndIsNamed() {
    Cli.Ended ended =
        cli()
            .input("0\n7\n0\n")
            .within("run", "--", "sh", "-c", "echo out $1; echo err $1 >&2; exit $1", "sh");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.outLines()).containsExactlyInAnyOrder("out 0", "out 7", "out 0");
    assertThat(ended.errLines()).contains("err 7");
    assertThat(ended.err()).contains("task 2 (").contains("agent-error").contains("7");
    assertThat(ended.err()).contains("2 of 3 tasks succeeded");
  }

  @Test
  void afterTenFailuresTheRestIsCounted() {
    Cli.Ended ended = cli().input(numbers(15)).within("run", "--", "false");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.errLines().stream().filter(line -> line.contains("agent-error"))).hasSize(10);
    assertThat(ended.err()).contains("and 5 more failed");
  }

  @Test
  void retriesAreMadeUntilItSucceeds() {
    String script = "echo x >> tries.$1; [ $(wc -l < tries.$1) -ge 3 ]";
    Cli.Ended ended =
        cli()
            .input("a\nb\n")
            .within("run", "--retries", "2", "--json", "--", "sh", "-c", script, "sh");
    assertThat(ended.exit()).isZero();
    assertThat(Parsed.lines(ended.out()).subList(0, 2))
        .allSatisfy(line -> assertThat(line.path("attempts").asInt()).isEqualTo(3));
  }

  @Test
  void withoutRetriesThereIsOneAttempt() {
    Cli.Ended ended = cli().input("a\n").within("run", "--json", "--", "false");
    JsonNode task = Parsed.lines(ended.out()).getFirst();
    assertThat(task.path("attempts").asInt()).isEqualTo(1);
    assertThat(task.path("outcome").asString()).isEqualTo("agent-error");
    assertThat(task.path("exitCode").asInt()).isEqualTo(1);
  }

  @Test
  void everyLineOfJsonIsOneValueAndTheLastIsTheRun() {
    Cli.Ended ended =
        cli()
            .input("0\n3\n\"\\\n")
            .within("run", "--json", "--", "sh", "-c", "echo noise; exit \"$1\"", "sh");
    List<JsonNode> lines = Parsed.lines(ended.out());
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(lines).hasSize(4);
    assertThat(lines.subList(0, 3))
        .allSatisfy(line ->
            assertThat(line.propertyNames())
                .containsExactly(
                    "task",
                    "title",
                    "prompt",
                    "command",
                    "outcome",
                    "reason",
                    "exitCode",
                    "attempts",
                    "seconds",
                    "answer",
                    "output",
                    "errorOutput"));
    JsonNode run = lines.getLast();
    assertThat(run.path("tasks").asInt()).isEqualTo(3);
    assertThat(run.path("succeeded").asInt()).isEqualTo(1);
    assertThat(run.path("interrupted").asBoolean()).isFalse();
    assertThat(run.path("rehearsal").asBoolean(true)).isFalse();
    assertThat(Path.of(run.path("folder").asString())).isDirectory();
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void aLineOfJsonNamesItsCommandAndWhereItsOutputIsKept() throws IOException {
    Cli.Ended ended =
        cli()
            .input("0\n3\n")
            .within(
                "run",
                "-k",
                "--json",
                "--",
                "sh",
                "-c",
                "[ $1 = 0 ] || echo $1 >&2; echo $1",
                "sh");
    List<JsonNode> lines = Parsed.lines(ended.out());
    JsonNode silent = lines.getFirst();
    JsonNode loud = lines.get(1);
    assertThat(silent.path("title").asString()).startsWith("sh -c [ $1 = 0 ]");
    assertThat(loud.path("command").get(4).asString()).as("the line itself").isEqualTo("3");
    assertThat(Path.of(loud.path("output").asString())).isAbsolute().hasContent("3");
    assertThat(Path.of(loud.path("errorOutput").asString())).isAbsolute().hasContent("3");
    assertThat(Path.of(silent.path("output").asString())).hasContent("0");
    assertThat(silent.path("errorOutput").isNull()).as("it printed none").isTrue();
    assertThat(lines.subList(0, 2))
        .allSatisfy(line -> {
          assertThat(line.path("answer").isNull()).as("a command's is its output").isTrue();
          assertThat(line.path("prompt").isNull()).isTrue();
        });
  }

  @Test
  void aLineOfJsonHasThePromptAndTheAnswerOfAnAgent() {
    Cli.Ended ended =
        cli()
            .onlyPath(FakeClaude.answering(folder, "0"))
            .input("say hi\n")
            .within("run", "--rehearsal", "--agent", "claude", "--json");
    assertThat(ended.exit()).as(ended.err()).isZero();
    JsonNode task = Parsed.lines(ended.out()).getFirst();
    assertThat(task.path("title").asString()).isEqualTo("say hi");
    assertThat(task.path("prompt").asString()).isEqualTo("say hi");
    assertThat(task.path("command").isNull()).isTrue();
    assertThat(task.path("answer").asString()).isEqualTo("hello");
    assertThat(Path.of(task.path("output").asString())).content().contains("\"result\":\"hello\"");
  }

  @Test
  void theConfigurationOfARehearsalsAgentGoesWithTheRunAsItsTokenIsOfNoOther() throws IOException {
    Cli.Ended ended =
        cli()
            .onlyPath(FakeClaude.answering(folder, "0"))
            .input("say hi\n")
            .within("run", "--rehearsal", "--agent", "claude");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(folder.resolve(".regatta/config")).doesNotExist();
    try (Stream<Path> runs = Files.list(folder.resolve(".regatta/runs"))) {
      assertThat(runs)
          .singleElement()
          .satisfies(run -> assertThat(run.resolve("config")).isNotEmptyDirectory());
    }
  }

  @Test
  void aLineOfJsonOfATaskThatWasNotTriedNamesNoOutput() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - name: a\n    command: ['false']\n"
            + "  - name: b\n    command: [echo, second]\n    dependsOn: [a]\n");
    JsonNode task =
        Parsed.lines(cli().within("run", "-k", "--tasks", "tasks.yaml", "--json").out()).get(1);
    assertThat(task.path("task").asString()).isEqualTo("b");
    assertThat(task.path("attempts").asInt()).isZero();
    assertThat(task.path("output").isNull()).isTrue();
    assertThat(task.path("answer").isNull()).isTrue();
  }

  @Test
  void aCommandThatIsNotThereFailsEachTaskWithItsName() {
    Cli.Ended ended = cli().input("a\n").within("run", "--", "no-such-program-at-all");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("spawn-failed").contains("no-such-program-at-all");
  }

  @Test
  void resumingDoesOnlyWhatIsLeftWithTheSameCommand() throws IOException {
    Files.writeString(folder.resolve("broken"), "");
    String script = "echo $1 >> log; [ $1 != 2 ] || [ ! -e broken ]";
    Cli.Ended first = cli().input(numbers(3)).within("run", "--", "sh", "-c", script, "sh");
    assertThat(first.exit()).isEqualTo(1);
    Files.delete(folder.resolve("broken"));
    Files.delete(folder.resolve("log"));

    Cli.Ended second = cli().within("run", "--resume", onlyRun());

    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(folder.resolve("log")).hasContent("2");
    assertThat(second.err()).contains("2 of 3 tasks are done, 1 is left", "3 of 3 tasks succeeded");
    assertThat(cli().within("show", onlyRun()).out()).contains("succeeded");
    assertThat(cli().within("runs").out()).contains("3 of 3");
  }

  @Test
  void resumingWhatIsDoneDoesNothingAndWorked() throws IOException {
    cli().input(numbers(2)).within("run", "--", "sh", "-c", "echo $1 >> log", "sh");
    Cli.Ended again = cli().within("run", "--resume", onlyRun());
    assertThat(again.exit()).isZero();
    assertThat(again.err())
        .contains("2 of 2 tasks are done, nothing is left", "2 of 2 tasks succeeded");
    assertThat(Files.readAllLines(folder.resolve("log"))).hasSize(2);
  }

  @Test
  void resumingGoesOnWithTheAgentOfTheRun() throws IOException {
    Path programs =
        FakeClaude.in(
            folder, "[ -e fixed ] || exit 1\necho \"$2\" >> prompts\n" + FakeClaude.ANSWERS);
    Cli.Ended first =
        cli()
            .path(programs)
            .with("CLAUDE_CODE_TOKEN", "sk-ant-api03-resume-1")
            .input("say hi\n")
            .within("run", "--agent", "claude");
    assertThat(first.exit()).as(first.err()).isEqualTo(1);
    Files.writeString(folder.resolve("fixed"), "");

    Cli.Ended second =
        cli()
            .path(programs)
            .with("CLAUDE_CODE_TOKEN", "sk-ant-api03-resume-1")
            .within("run", "--resume", onlyRun());

    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(folder.resolve("prompts")).hasContent("say hi");
    assertThat(
            cli().path(programs).within("run", "--resume", onlyRun(), "--agent", "command").err())
        .contains("was begun with the agent claude");
  }

  @Test
  void aRehearsalIsNotGoneOnWithForReal() throws IOException {
    cli().input("hello\n").onlyPath(folder).within("run", "--rehearsal", "--", "false");
    Cli.Ended second = cli().within("run", "--resume", onlyRun());
    assertThat(second.exit()).isEqualTo(2);
    assertThat(second.err()).contains("was a rehearsal: add --rehearsal");
  }

  @Test
  void promptsOfATasksFileGoToTheBuiltInAgentInARehearsalWithoutTheClaudeCli() throws IOException {
    Files.writeString(folder.resolve("tasks.yaml"), "tasks:\n  - Say hello.\n");
    Cli.Ended ended =
        cli().with("PATH", "/nowhere").within("run", "--tasks", "tasks.yaml", "--rehearsal");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("REHEARSAL: 1 of 1 tasks succeeded");
  }

  @Test
  void aRehearsalIsCalledOneInTheSummary() {
    Path programs = FakeClaude.answering(folder, "0");
    Cli.Ended text =
        cli().onlyPath(programs).input("hello\n").within("run", "--rehearsal", "--agent", "claude");
    assertThat(text.exit()).as(text.err()).isZero();
    assertThat(text.err()).contains("regatta: REHEARSAL: 1 of 1 tasks succeeded");
    Cli.Ended json =
        cli()
            .onlyPath(programs)
            .input("hello\n")
            .within("run", "--rehearsal", "--agent", "claude", "--json");
    assertThat(Parsed.lines(json.out()).getLast().path("rehearsal").asBoolean()).isTrue();
  }

  /** Property: whatever is printed at once, each task's output stands in one piece. */
  @Test
  void outputsOfTasksThatPrintAtOnceAreNeverMixed() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    StringBuilder input = new StringBuilder();
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sizes.add(random.nextInt(1, 400));
      input.append(i).append(' ').append(sizes.get(i)).append('\n');
    }
    String script =
        "set -- $1; i=0; while [ $i -lt $2 ]; do echo task $1 line $i; i=$((i+1)); done";
    Cli.Ended ended =
        cli().input(input.toString()).within("run", "-P", "8", "--", "sh", "-c", script, "sh");
    assertThat(ended.exit()).as("seed %d: %s", seed, ended.err()).isZero();
    List<String> seen = new ArrayList<>();
    List<String> lines = ended.outLines();
    for (int at = 0; at < lines.size(); ) {
      String task = lines.get(at).split(" ")[1];
      seen.add(task);
      for (int i = 0; i < sizes.get(Integer.parseInt(task)); i++, at++) {
        assertThat(lines.get(at)).as("seed %d", seed).isEqualTo("task " + task + " line " + i);
      }
    }
    assertThat(seen).as("seed %d", seed).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void tenThousandLinesAreTenThousandTasks() {
    Cli.Ended ended = cli().input(numbers(10_000)).run("run", "-P", "4", "--json", "--", "true");
    assertThat(ended.exit()).as(ended.err()).isZero();
    List<String> lines = ended.outLines();
    assertThat(lines).hasSize(10_001);
    assertThat(Parsed.json(lines.getLast()).path("succeeded").asInt()).isEqualTo(10_000);
  }

  @Test
  void withNoLineThereIsNoTask() {
    Cli.Ended ended = cli().input("").within("run", "--", "touch", "made");
    assertThat(ended.exit()).isZero();
    assertThat(ended.err()).contains("0 of 0 tasks succeeded");
    assertThat(folder.resolve("made")).doesNotExist();
  }

  @Test
  void blankLinesAreLeftOutCarriageReturnsAreNoPartAndTheLastLineNeedsNoEnd() {
    Cli.Ended ended =
        cli()
            .input("one\r\n\n   \n\r\ntwo\rhalf\nthree")
            .within("run", "-k", "--", "printf", "[%s]\\n");
    assertThat(ended.out()).isEqualTo("[one]\n[two\rhalf]\n[three]\n");
  }

  @Test
  void aFirstLineThatIsNotUtf8IsWrongUsageAndNothingIsDone() throws IOException {
    byte[] bytes = "\n\nbad \u00e9\nmore\n".getBytes(StandardCharsets.ISO_8859_1);
    Cli.Ended ended = cli().input(bytes).within("run", "-P", "4", "--", "touch");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.errLines())
        .singleElement()
        .asString()
        .contains("standard input, line 3: it is not UTF-8 text");
    assertThat(folder.resolve("more")).doesNotExist();
    assertThat(cli().within("show", onlyRun()).out())
        .contains("Note: standard input, line 3: it is not UTF-8 text");
  }

  @Test
  void aLineThatIsNotUtf8EndsTheInputAndWhatBeganGoesOnToItsEnd() throws IOException {
    String script = "while [ $1 = a ] && [ ! -e b ]; do sleep 0.01; done; echo > $1; echo $1";
    byte[] bytes = "a\nb\nbad \u00e9\nc\n".getBytes(StandardCharsets.ISO_8859_1);
    Cli.Ended ended =
        cli().input(bytes).within("run", "-k", "-P", "3", "--", "sh", "-c", script, "sh");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.out()).isEqualTo("a\nb\n");
    assertThat(ended.errLines()).hasSize(2);
    assertThat(ended.errLines().getFirst()).contains("2 of 2 tasks succeeded");
    assertThat(ended.errLines().getLast())
        .contains("standard input, line 3: it is not UTF-8 text")
        .contains("--resume " + onlyRun() + " < INPUT");
    assertThat(cli().within("show", onlyRun()).out())
        .contains("interrupted, 2 of 2 tasks succeeded")
        .contains("Note: standard input, line 3: it is not UTF-8 text");

    Cli.Ended rest = cli().input("a\nb\ngood\nc\n").within("run", "-k", "--resume", onlyRun());
    assertThat(rest.exit()).as(rest.err()).isZero();
    assertThat(rest.out()).isEqualTo("good\nc\n");
    assertThat(rest.err()).contains("4 of 4 tasks succeeded");
  }

  @Test
  void aLineThatMakesNoTaskEndsTheInputWithItsNumber() {
    Cli.Ended ended = cli().input("fine\nwith\0nul\n").within("run", "--", "true");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("1 of 1 tasks succeeded", "standard input, line 2: ");
  }

  @Test
  void aLongListOfTasksIsWrittenDownInParts() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"), "tasks:\n" + "  - command: ['true']\n".repeat(501));
    cli().within("run", "--tasks", "tasks.yaml");
    Path journal = folder.resolve(".regatta/runs/" + onlyRun() + "/journal.jsonl");
    assertThat(JournalReader.read(journal).events())
        .filteredOn(Event.TasksListed.class::isInstance)
        .extracting(event -> ((Event.TasksListed) event).tasks().size())
        .containsExactly(500, 1);
    assertThat(cli().within("show", onlyRun()).out()).contains("501 of 501 tasks succeeded");
  }

  @Test
  void aTaskThatNeverBeganIsCountedAndListedWhereverOneAsks() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        """
        tasks:
          - { name: after, command: [echo, after], dependsOn: [broken] }
          - { name: broken, command: [sh, -c, 'exit 4'] }
          - { name: good, command: [echo, good] }
        """);
    Cli.Ended ended = cli().within("run", "--tasks", "tasks.yaml");
    assertThat(ended.err()).contains("1 of 3 tasks succeeded").contains(", 1 not tried;");
    assertThat(cli().within("runs").out()).contains(" 1 of 3 ");
    Cli.Ended shown = cli().within("show", onlyRun());
    assertThat(shown.out())
        .contains("1 of 3 tasks succeeded")
        .contains(" after — not started: it depends on broken")
        .contains("sh -c exit 4 — exit 4");
    assertThat(shown.outLines().stream().skip(2).map(line -> line.strip().split(" ")[0]))
        .as("in the order of the file")
        .containsExactly("after", "broken", "good");
    JsonNode after =
        Parsed.json(cli().within("show", "--json", onlyRun()).out()).path("tasks").path(0);
    assertThat(after.path("outcome").isNull()).isTrue();
    assertThat(after.path("attempts").asInt()).isZero();
    Cli.Ended again = cli().within("run", "--json", "--resume", onlyRun());
    JsonNode summary = Parsed.json(again.outLines().getLast());
    assertThat(summary.path("tasks").asInt()).isEqualTo(3);
    assertThat(summary.path("succeeded").asInt()).isEqualTo(1);
    assertThat(summary.path("outcomes").path("succeeded").asInt()).isEqualTo(1);
  }

  @Test
  void textInAnyLanguageArrivesAsItIs() {
    Cli.Ended ended = cli().input("grüße 漢字 🚣\n").within("run", "--", "echo");
    assertThat(ended.out()).isEqualTo("grüße 漢字 🚣\n");
  }

  @Test
  void aTaskThatPrintsBytesThatAreNoTextIsKeptByteForByte() throws IOException {
    Cli.Ended ended =
        cli().input("x\n").within("run", "--", "sh", "-c", "printf '\\000\\377\\200\\n\\r'; :");
    assertThat(ended.exit()).isZero();
    assertThat(
            Files.readAllBytes(folder.resolve(".regatta/runs/" + onlyRun() + "/attempts/1.1.out")))
        .containsExactly(0, 0xff, 0x80, '\n', '\r');
  }

  @Test
  void aReaderThatHasSeenEnoughEndsItQuietlyAndTheRestIsLeftForLater() throws IOException {
    Cli.Ended ended =
        cli()
            .shell("{ \"$@\"; echo $? > code; } | head -1")
            .input(numbers(300))
            .run("run", "-k", "-P", "2", "--", "sh", "-c", "echo $1 | tee -a log", "sh");
    assertThat(ended.out()).isEqualTo("1\n");
    assertThat(ended.err()).isEmpty();
    assertThat(folder.resolve("code")).hasContent("1");
    assertThat(cli().within("runs").out()).containsPattern(" interrupted +\\d+ of \\d+ ");
    assertThat(Files.readAllLines(folder.resolve("log"))).hasSizeLessThan(300);

    Cli.Ended rest = cli().input(numbers(300)).within("run", "--resume", onlyRun());

    assertThat(rest.exit()).as(rest.err()).isZero();
    assertThat(Files.readAllLines(folder.resolve("log")).stream().distinct()).hasSize(300);
  }

  @Test
  void aRunOfATasksFileThatWasStoppedEarlyIsListedWithAllItsTasks() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"), "tasks:\n" + "  - command: [echo, x]\n".repeat(200));
    cli().shell("\"$@\" | head -1").run("run", "-P", "1", "--tasks", "tasks.yaml");
    assertThat(cli().within("runs").out()).containsPattern(" interrupted +\\d+ of 200 ");
    assertThat(cli().within("run", "--resume", onlyRun()).exit()).isZero();
    assertThat(cli().within("runs").out()).contains(" 200 of 200 ");
  }

  @Test
  void aFullDiskBehindStandardOutputIsSaidAndFails() {
    Cli.Ended ended = cli().shell("\"$@\" >/dev/full").input(numbers(3)).run("run", "--", "echo");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err())
        .contains("standard output could not be written (No space left on device)")
        .contains("--resume");
    assertThat(ended.errLines()).hasSize(1);
  }

  @Test
  void aFullDiskBehindTheOutputOfAnyCommandFails() {
    for (String[] words : new String[][] {{"--help"}, {"--version"}, {"version"}, {"runs"}}) {
      Cli.Ended ended = cli().shell("\"$@\" >/dev/full").run(words);
      assertThat(ended.exit()).as(String.join(" ", words)).isEqualTo(1);
      assertThat(ended.err()).contains("standard output could not be written");
    }
  }

  @Test
  void aTasksFileIsCarriedOutInPlaceOfStandardInput() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - name: b\n    command: [echo, second]\n    dependsOn: [a]\n"
            + "  - name: a\n    command: [echo, first]\n");
    Cli.Ended ended = cli().within("run", "-P", "2", "--tasks", "tasks.yaml");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo("first\nsecond\n");
  }

  @Test
  void theExampleForARehearsalIsCarriedOutAtNoCost() {
    Path example = Path.of(System.getProperty("regatta.project"), "examples/run.yaml");
    Cli.Ended ended =
        cli()
            .onlyPath(Path.of("/usr/bin"))
            .within("run", "--rehearsal", "--tasks", example.toString());
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("both are done\n");
    assertThat(ended.err()).contains("3 of 3 tasks succeeded");
  }

  @Test
  void whatATaskIsGivenByTheLineIsNotReadByAShell() {
    Cli.Ended ended = cli().input("; touch hacked\n$(touch hacked)\n").within("run", "--", "echo");
    assertThat(ended.exit()).isZero();
    assertThat(folder.resolve("hacked")).doesNotExist();
  }
}
