package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ProveCommandTest {
  private static final List<String> REPORTS = List.of("report.txt", "report.json", "report.html");

  @TempDir Path folder;

  private Cli cli(Path programs) {
    return Cli.in(folder)
        .onlyPath(programs)
        .with("CLAUDE_CODE_TOKEN", "sk-ant-oat01-prove-0")
        .with("CLAUDE_CODE_TOKEN1", "sk-ant-api03-prove-1")
        .with("CLAUDE_CODE_TOKEN2", "sk-ant-api03-prove-2");
  }

  private Cli quick() {
    return cli(FakeClaude.answering(folder, "0"));
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(node -> node.path(field).asString())
        .toList();
  }

  private static JsonNode report(Cli.Ended ended) {
    return Parsed.json(ended.out());
  }

  @Test
  void threeTasksAtOnceAreConfirmedAndTheReportsAreWritten() {
    Cli.Ended ended =
        cli(FakeClaude.answering(folder, "1.5"))
            .within("prove", "--prompt", "hi", "--parallel", "3", "--out", "proof");
    assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out())
        .contains("Sequential Execution Test:", "Parallel Execution Test:")
        .contains("Performance Comparison:", "Verification:", "PARALLEL: confirmed")
        .contains("proof/report.html");
    assertThat(Cli.below(folder.resolve("proof"))).containsAll(REPORTS).contains("journal.jsonl");
    assertThat(ended.err()).contains("sequential").contains("parallel");
  }

  @Test
  void tasksThatAreSecretlySerializedAreRefutedAndTheExitCodeIsOne() {
    Path programs =
        FakeClaude.in(
            folder,
            "exec 9>"
                + folder.resolve("one-at-a-time")
                + "\nflock 9\nsleep 0.5\n"
                + FakeClaude.ANSWERS);
    Cli.Ended ended = cli(programs).within("prove", "--prompt", "hi", "-P", "3", "--json");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(report(ended).path("verdict").path("parallel").asString()).isEqualTo("refuted");
  }

  @Test
  void severalPromptsAreSeveralTasks() throws IOException {
    Path programs =
        FakeClaude.in(
            folder, "echo \"$2\" >> " + folder.resolve("asked") + "\n" + FakeClaude.ANSWERS);
    Cli.Ended ended =
        cli(programs)
            .within("prove", "--prompt", "first", "--prompt", "second, with a comma", "--json");
    assertThat(report(ended).path("phases").get(0).path("attempts").size()).isEqualTo(2);
    assertThat(Files.readAllLines(folder.resolve("asked")))
        .containsExactlyInAnyOrder(
            "first", "second, with a comma", "first", "second, with a comma");
  }

  @Test
  void aTasksFileGivesTheTasks() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - prompt: one\n  - prompt: two\n  - prompt: three\n  - prompt: four\n");
    Cli.Ended ended = quick().within("prove", "--tasks", "tasks.yaml", "--json");
    assertThat(report(ended).path("phases").get(0).path("attempts").size()).isEqualTo(4);
  }

  @Test
  void theExampleOfATasksFileForAProofIsTaken() {
    Path example = Path.of(System.getProperty("regatta.project"), "examples/proof.yaml");
    Cli.Ended ended =
        quick().within("prove", "--rehearsal", "--tasks", example.toString(), "--json");
    assertThat(texts(report(ended).path("phases").get(1).path("attempts"), "outcome"))
        .as(ended.err())
        .containsExactly("succeeded", "succeeded", "succeeded");
  }

  @Test
  void plainCommandsCanBeProvedWithoutACredential() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - command: [sleep, '1']\n  - command: [sleep, '1']\n");
    Cli.Ended ended =
        Cli.in(folder).within("prove", "--agent", "command", "--tasks", "tasks.yaml", "--json");
    assertThat(report(ended).path("phases")).hasSize(2);
    assertThat(texts(report(ended).path("phases").get(1).path("attempts"), "outcome"))
        .containsOnly("succeeded");
  }

  @Test
  void givenTasksWorkWhereTheCommandWasStartedOrInTheirOwnFolder() throws IOException {
    Files.createDirectory(folder.resolve("own"));
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - command: [sh, -c, 'pwd >> here']\n"
            + "  - command: [sh, -c, 'pwd >> here']\n    folder: own\n");
    Cli.Ended ended =
        Cli.in(folder).within("prove", "--agent", "command", "--tasks", "tasks.yaml", "--json");
    assertThat(ended.err()).isEmpty();
    assertThat(Files.readAllLines(folder.resolve("here"))).hasSize(2);
    assertThat(Files.readAllLines(folder.resolve("own/here"))).hasSize(2);
  }

  @Test
  void aTaskThatMustWaitForAnotherIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - name: A\n    command: ['true']\n"
            + "  - name: B\n    command: ['true']\n    dependsOn: [A]\n");
    Cli.Ended ended = Cli.in(folder).within("prove", "--agent", "command", "--tasks", "tasks.yaml");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err())
        .contains("tasks.yaml: task B: dependsOn: a proof runs its tasks all at once")
        .contains("wait for A");
    assertThat(folder.resolve(".regatta")).doesNotExist();
  }

  @Test
  void tasksThatMayChangeTheSameFilesAreRefused() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - name: A\n    command: ['true']\n    files: [src/]\n"
            + "  - name: B\n    command: ['true']\n    files: [src/Main.java]\n");
    Cli.Ended two = Cli.in(folder).within("prove", "--agent", "command", "--tasks", "tasks.yaml");
    assertThat(two.exit()).isEqualTo(2);
    assertThat(two.err()).contains("tasks.yaml: task B: files:", "task A may change the same ones");
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - name: A\n    command: ['true']\n    files: [src/]\n");
    Cli.Ended repeated =
        Cli.in(folder).within("prove", "--agent", "command", "--tasks", "tasks.yaml", "-P", "2");
    assertThat(repeated.exit()).isEqualTo(2);
    assertThat(repeated.err()).contains("task A: files:", "beside itself");
  }

  @Test
  void roundsAreInterleavedUnlessAnOrderIsAskedFor() {
    Cli.Ended interleaved =
        quick().within("prove", "--prompt", "hi", "-P", "2", "--rounds", "2", "--json");
    assertThat(texts(report(interleaved).path("phases"), "mode"))
        .containsExactly("sequential", "parallel", "parallel", "sequential");
    Cli.Ended asked =
        quick()
            .within(
                "prove",
                "--prompt",
                "hi",
                "-P",
                "2",
                "--rounds",
                "2",
                "--order",
                "parallel-first",
                "--json");
    assertThat(texts(report(asked).path("phases"), "mode"))
        .containsExactly("parallel", "sequential", "parallel", "sequential");
  }

  @Test
  void eachTaskHasACredentialOfItsOwn() {
    Cli.Ended ended = quick().within("prove", "--prompt", "hi", "-P", "3", "--json");
    JsonNode attempts = report(ended).path("phases").get(1).path("attempts");
    assertThat(
            StreamSupport.stream(attempts.spliterator(), false)
                .map(attempt -> attempt.path("credential").path("name").asString()))
        .containsExactly("CLAUDE_CODE_TOKEN", "CLAUDE_CODE_TOKEN1", "CLAUDE_CODE_TOKEN2");
    assertThat(ended.err()).doesNotContain("fewer credentials");
  }

  @Test
  void onlyTheNamedTokensAreUsed() {
    Cli.Ended ended =
        quick()
            .with("WORK", "sk-ant-api03-work-1")
            .within(
                "prove",
                "--token",
                "WORK",
                "--token",
                "CLAUDE_CODE_TOKEN2",
                "--prompt",
                "hi",
                "-P",
                "2",
                "--json");
    JsonNode attempts = report(ended).path("phases").get(0).path("attempts");
    assertThat(
            StreamSupport.stream(attempts.spliterator(), false)
                .map(attempt -> attempt.path("credential").path("name").asString()))
        .containsExactly("WORK", "CLAUDE_CODE_TOKEN2");
  }

  @Test
  void fewerCredentialsThanTasksIsSaidBeforeTheRunAndInTheReport() {
    Cli.Ended ended =
        quick().within("prove", "--token", "CLAUDE_CODE_TOKEN1", "--prompt", "hi", "-P", "3");
    assertThat(ended.errLines().getFirst())
        .contains("fewer credentials (1) than tasks at once (3)");
    assertThat(ended.out()).contains("used by several attempts at once");
  }

  @Test
  void withJsonOnlyTheReportIsOnStandardOutput() {
    Cli.Ended ended = quick().within("prove", "--prompt", "hi", "-P", "2", "--json");
    assertThat(report(ended).path("schema").isMissingNode()).isFalse();
    assertThat(report(ended).path("run").path("rehearsal").asBoolean(true)).isFalse();
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void theSameFolderHoldsTheNewProofAndWhatWasNotOurs() throws IOException {
    quick().within("prove", "--prompt", "hi", "-P", "3", "--out", "proof");
    Path proof = folder.resolve("proof");
    Files.writeString(proof.resolve("mine.txt"), "mine");
    assertThat(Cli.below(proof)).anyMatch(name -> name.contains("parallel-3"));

    Cli.Ended second =
        quick().within("prove", "--prompt", "hi", "-P", "2", "--out", "proof", "--json");

    assertThat(Cli.below(proof))
        .contains("mine.txt")
        .containsAll(REPORTS)
        .noneMatch(name -> name.contains("parallel-3"));
    assertThat(Files.readString(proof.resolve("report.json")))
        .contains(report(second).path("run").path("id").asString());
    assertThat(proof.resolve(".regatta.lock")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"config/database.yml", "work/thesis.txt", "report.html", "journal.jsonl"})
  void aFolderWithFilesOfOurNamesThatAreNotOursIsRefusedEachTime(String name) throws IOException {
    Path mine = folder.resolve(name);
    Files.createDirectories(mine.getParent());
    Files.writeString(mine, "mine");
    for (int time = 1; time <= 2; time++) {
      Cli.Ended refused = quick().within("prove", "--prompt", "hi", "-P", "2", "--out", ".");
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("--out").contains(name).contains("name another folder");
      assertThat(mine).hasContent("mine");
    }
  }

  @Test
  void whatARunThatWasKilledLeftInTheFolderCountsForNobodyElse() throws IOException {
    Files.writeString(
        folder.resolve("slow.yaml"),
        "tasks:\n  - command: [sh, -c, 'echo left behind; touch wrote; sleep 600']\n");
    Files.writeString(folder.resolve("idle.yaml"), "tasks:\n  - command: ['true']\n");
    try (Cli.Running killed =
        Cli.in(folder)
            .start(
                "prove", "--agent", "command", "--tasks", "slow.yaml", "-P1", "--out", "proof")) {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("wrote")));
      killed.signal("KILL");
      killed.await();
    }
    Cli.Ended second =
        Cli.in(folder)
            .within(
                "prove",
                "--agent",
                "command",
                "--tasks",
                "idle.yaml",
                "-P1",
                "--out",
                "proof",
                "--json",
                "--home",
                "another");
    assertThat(texts(report(second).path("phases").get(0).path("attempts"), "outcome"))
        .as(second.err())
        .containsExactly("succeeded");
    assertThat(folder.resolve("proof/attempts/r1-sequential-1.out")).doesNotExist();
    Cli.in(folder).within("runs"); // stops what the first one left
  }

  @Test
  void aSecondProofInAFolderThatIsInUseIsRefused() throws IOException {
    Path programs =
        FakeClaude.in(
            folder,
            "while [ ! -e "
                + folder.resolve("go")
                + " ]; do sleep 0.05; done\n"
                + FakeClaude.ANSWERS);
    try (Cli.Running first =
        cli(programs).start("prove", "--prompt", "hi", "-P", "2", "--out", "proof")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !Marked.attempts(folder.resolve(".regatta")).isEmpty());
      Cli.Ended second =
          cli(programs)
              .within("prove", "--prompt", "hi", "-P", "2", "--out", "proof", "--home", "other");
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.err()).contains("another run is writing into").contains("proof");
      Files.createFile(folder.resolve("go"));
      first.await();
    }
    assertThat(Cli.below(folder.resolve("proof"))).containsAll(REPORTS);
    assertThat(Cli.in(folder).within("show", "proof").exit()).isZero();
  }

  @Test
  void withoutClaudeARehearsalHasItsOwnAgentAndSaysThatItIsOneFirstAndLast() throws IOException {
    Files.writeString(
        folder.resolve("script.yaml"), "rules:\n  - reply: hello\n    latency: 0.3\n");
    Path none = Files.createDirectory(folder.resolve("none"));
    Cli.Ended ended =
        Cli.in(folder)
            .onlyPath(none)
            .run("prove", "--rehearsal", "--script", "script.yaml", "--prompt", "hi", "-P", "2");
    assertThat(ended.outLines().getFirst()).as(ended.err()).contains("REHEARSAL");
    assertThat(ended.outLines().getLast()).contains("REHEARSAL");
    assertThat(ended.out()).contains("CALLS: rehearsal");
    JsonNode report =
        Parsed.json(
            Cli.in(folder)
                .onlyPath(none)
                .within("show", Marked.runs(folder.resolve(".regatta")).getFirst(), "--json")
                .out());
    assertThat(report.path("run").path("rehearsal").asBoolean()).isTrue();
    assertThat(
            report
                .path("phases")
                .get(0)
                .path("attempts")
                .get(0)
                .path("credential")
                .path("name")
                .asString())
        .isEqualTo("REHEARSAL_TOKEN_1");
    assertThat(report.toString()).contains("rehearsal-agent");
  }

  @Test
  void withClaudeOnThePathThatIsTheAgentOfARehearsalToo() {
    Cli.Ended ended =
        Cli.in(folder)
            .onlyPath(FakeClaude.answering(folder, "0"))
            .within("prove", "--rehearsal", "--prompt", "hi", "-P", "2", "--json");
    assertThat(report(ended).toString()).contains("\"claude\"");
  }

  @Test
  void aRehearsalUsesTheNamedCredentialsWhenTheyAreSet() {
    Cli.Ended ended = quick().within("prove", "--rehearsal", "--prompt", "hi", "-P", "2", "--json");
    assertThat(
            report(ended)
                .path("phases")
                .get(0)
                .path("attempts")
                .get(0)
                .path("credential")
                .path("name")
                .asString())
        .isEqualTo("CLAUDE_CODE_TOKEN");
  }

  @Test
  void anAgentThatFailsIsInTheReportAndTheOthersTooAndTheExitCodeIsOne() {
    Path programs =
        FakeClaude.in(
            folder, "[ \"$2\" = bad ] && { echo broken >&2; exit 3; }\n" + FakeClaude.ANSWERS);
    Cli.Ended ended =
        cli(programs).within("prove", "--prompt", "good", "--prompt", "bad", "--json");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(texts(report(ended).path("phases").get(0).path("attempts"), "outcome"))
        .containsExactly("succeeded", "output-invalid");
  }

  @Test
  void whenStandardOutputIsFullTheReportsAreThereAllTheSame() {
    Cli.Ended ended =
        quick()
            .shell("\"$@\" >/dev/full")
            .run("prove", "--prompt", "hi", "-P", "2", "--out", "proof");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("standard output could not be written");
    assertThat(Cli.below(folder.resolve("proof"))).containsAll(REPORTS);
    assertThat(Cli.in(folder).within("runs").out()).contains("completed");
  }
}
