package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class InterruptTest {
  @TempDir Path folder;

  @BeforeAll
  static void bePatient() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  @AfterEach
  void leaveNothingBehind() {
    Marked.processes(home())
        .keySet()
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  private Path home() {
    return folder.resolve(".regatta");
  }

  private Cli cli(String agent) {
    return Cli.in(folder)
        .onlyPath(FakeClaude.in(folder, agent))
        .with("CLAUDE_CODE_TOKEN1", "sk-ant-api03-interrupt-1")
        .with("CLAUDE_CODE_TOKEN2", "sk-ant-api03-interrupt-2")
        .with("CLAUDE_CODE_TOKEN3", "sk-ant-api03-interrupt-3");
  }

  private Path run() {
    return home().resolve("runs").resolve(Marked.runs(home()).getFirst());
  }

  private List<Event> events() {
    return JournalReader.read(run().resolve("journal.jsonl")).events();
  }

  private void awaitAttempts(int count) {
    await().until(() -> Marked.attempts(home()).size() == count);
  }

  private void assertStoppedAndReported(Cli.Ended ended) {
    assertThat(ended.exit()).as(ended.err()).isEqualTo(130);
    assertThat(Marked.processes(home())).as("processes of the run").isEmpty();
    assertThat(run().resolve("report.txt")).exists();
    assertThat(run().resolve("report.html")).exists();
    assertThat(
            Parsed.json(read(run().resolve("report.json"))).path("run").path("status").asString())
        .isEqualTo("interrupted");
    assertThat(ended.err()).contains("stopping what runs").doesNotContain("Exception");
    assertThat(Cli.in(folder).within("runs").out()).contains("interrupted");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void inTheSequentialPhaseItStopsTheChildAndReportsWhatThereIs() {
    try (Cli.Running running = cli("sleep 1000").start("prove", "--prompt", "hi", "-P", "3")) {
      awaitAttempts(1);
      running.signal("INT");
      assertStoppedAndReported(running.await());
    }
  }

  @Test
  void inTheParallelPhaseItStopsAllChildren() {
    try (Cli.Running running =
        cli("sleep 1000")
            .start("prove", "--prompt", "hi", "-P", "3", "--order", "parallel-first")) {
      awaitAttempts(3);
      running.signal("INT");
      assertStoppedAndReported(running.await());
    }
    assertThat(events().stream().filter(Event.AttemptEnded.class::isInstance)).hasSize(3);
  }

  @Test
  void aTermStopsItInTheSameWay() {
    try (Cli.Running running = cli("sleep 1000").start("prove", "--prompt", "hi", "-P", "3")) {
      awaitAttempts(1);
      running.signal("TERM");
      assertStoppedAndReported(running.await());
    }
  }

  @Test
  void whatLeftItsSessionIsStoppedToo() {
    String agent = "setsid sleep 1000 &\nsleep 1000";
    try (Cli.Running running = cli(agent).start("prove", "--prompt", "hi", "-P", "3")) {
      await().until(() -> Marked.processes(home()).size() >= 3);
      running.signal("INT");
      assertStoppedAndReported(running.await());
    }
  }

  @Test
  void aSecondCtrlCKillsWhatWillNotStop() {
    String agent = "trap '' INT TERM\nwhile :; do sleep 1000; done";
    try (Cli.Running running = cli(agent).start("prove", "--prompt", "hi", "-P", "3")) {
      awaitAttempts(1);
      running.signal("INT");
      await().until(() -> running.err().contains("stopping what runs"));
      running.signal("INT");
      assertStoppedAndReported(running.await());
    }
    List<String> signals =
        events().stream()
            .filter(Event.StopSent.class::isInstance)
            .map(event -> ((Event.StopSent) event).signal())
            .toList();
    assertThat(signals)
        .as("without waiting for the grace after TERM")
        .containsExactly("INT", "KILL");
  }

  @Test
  void aRunThatWaitsForALineOfStandardInputEndsAtOnce() throws IOException {
    try (Cli.Running running = Cli.in(folder).start("run", "--", "echo")) {
      running.feed("one\ntw".getBytes(StandardCharsets.UTF_8));
      await().until(() -> running.out().equals("one\n"));
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).isEqualTo(130);
      assertThat(ended.out()).isEqualTo("one\n");
      assertThat(ended.err()).contains("1 of 1 tasks succeeded").contains("--resume");
    }
    Cli.Ended resumed = Cli.in(folder).within("run", "--resume", run().getFileName().toString());
    assertThat(resumed.err())
        .contains("1 of 1 tasks are done")
        .contains("not been read to the end");
  }

  private Cli.Ended resumedWith(String input) {
    return Cli.in(folder)
        .input(input)
        .within("run", "-k", "--resume", run().getFileName().toString());
  }

  private void assertGoneOnWithOnlyWhenItsInputIsGivenAgain() {
    Cli.Ended without = resumedWith("");
    assertThat(without.exit()).as(without.err()).isEqualTo(1);
    assertThat(without.errLines().getLast()).contains("not read to its end", "< INPUT");
    assertThat(Cli.in(folder).within("runs").out()).contains("interrupted");

    Cli.Ended other = resumedWith("1\nzwei\n3\n");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err()).contains("standard input, line 2").contains("same input");
    Cli.Ended shorter = resumedWith("1\n");
    assertThat(shorter.exit()).isEqualTo(2);
    assertThat(shorter.err()).contains("ends after line 1");

    Cli.Ended with = resumedWith("1\n2\n3\n4\n5\n");
    assertThat(with.exit()).as(with.err()).isZero();
    assertThat(with.out()).isEqualTo("3\n4\n5\n");
    assertThat(Cli.in(folder).within("runs").out()).contains("completed").contains("5 of 5");
    assertThat(resumedWith("").exit()).as("all is known and done now").isZero();
  }

  private static final String WAITS = "[ -e go ] || sleep 1000; echo $1";

  @Test
  void whatWasNotReadOfStandardInputIsMissingUntilItIsGivenAgain() throws IOException {
    try (Cli.Running running =
        Cli.in(folder).start("run", "-P", "2", "--", "sh", "-c", WAITS, "sh")) {
      running.feed("1\n2\n3\n4\n5\n".getBytes(StandardCharsets.UTF_8));
      running.endOfInput();
      awaitAttempts(2);
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).isEqualTo(130);
      assertThat(ended.errLines().getLast()).contains("not read to its end", "--resume");
    }
    Files.createFile(folder.resolve("go"));
    assertThat(resumedWith("").out()).isEqualTo("1\n2\n");
    assertGoneOnWithOnlyWhenItsInputIsGivenAgain();
  }

  @Test
  void theSameHoldsAfterAKill() throws IOException {
    try (Cli.Running running =
        Cli.in(folder).start("run", "-P", "2", "--", "sh", "-c", WAITS, "sh")) {
      running.feed("1\n2\n3\n4\n5\n".getBytes(StandardCharsets.UTF_8));
      running.endOfInput();
      awaitAttempts(2);
      running.signal("KILL");
      running.await();
    }
    Files.createFile(folder.resolve("go"));
    assertThat(resumedWith("").out()).isEqualTo("1\n2\n");
    assertGoneOnWithOnlyWhenItsInputIsGivenAgain();
  }

  @Test
  void ofATasksFileAllTasksAreLeftThoughTheRunNeverCameToThem() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        """
        tasks:
          - command: [sh, -c, '[ -e go ] || sleep 1000; echo one']
          - command: [echo, two]
          - command: [echo, three]
        """);
    try (Cli.Running running = Cli.in(folder).start("run", "-P", "1", "--tasks", "tasks.yaml")) {
      awaitAttempts(1);
      running.signal("INT");
      assertThat(running.await().err())
          .doesNotContain("standard input")
          .contains("0 of 3 tasks succeeded", ", 2 not tried, then it was interrupted");
    }
    assertCountedEverywhere("interrupted", "0 of 3");
    Files.createFile(folder.resolve("go"));
    Cli.Ended resumed = resumedWith("");
    assertThat(resumed.exit()).as(resumed.err()).isZero();
    assertThat(resumed.out()).isEqualTo("one\ntwo\nthree\n");
  }

  private void assertCountedEverywhere(String status, String count) {
    assertThat(Cli.in(folder).within("runs").out()).containsPattern(status + " +" + count + " ");
    Cli.Ended shown = Cli.in(folder).within("show", run().getFileName().toString());
    assertThat(shown.out()).contains(status + ", " + count + " tasks succeeded");
  }

  @Test
  void ofATasksFileAllTasksAreCountedAfterAKill() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - command: ['true']\n" + "  - command: [sleep, '1000']\n".repeat(4));
    try (Cli.Running running = Cli.in(folder).start("run", "-P", "2", "--tasks", "tasks.yaml")) {
      awaitAttempts(2);
      await()
          .until(
              () -> events().stream().filter(Event.AttemptStarted.class::isInstance).count() == 3);
      running.signal("KILL");
      running.await();
    }
    assertCountedEverywhere("lost", "1 of 5");
  }

  @Test
  void aRunThatGoesOnIsNotGoneOnWithAndNothingElseIsSaid() {
    try (Cli.Running running = Cli.in(folder).start("run", "--", "sleep")) {
      running.feed("1000\n".getBytes(StandardCharsets.UTF_8));
      awaitAttempts(1);
      Cli.Ended other = Cli.in(folder).run("run", "--resume", run().getFileName().toString());
      assertThat(other.exit()).isEqualTo(1);
      assertThat(other.errLines())
          .singleElement()
          .asString()
          .contains("is going on in another process");
    }
  }

  @Test
  void aRunOfCommandsStopsThemAndCanBeGoneOnWith() throws IOException {
    String script = "if [ $1 != 1 ] && [ ! -e go ]; then sleep 1000; fi; echo $1";
    try (Cli.Running running =
        Cli.in(folder).start("run", "-P", "3", "--", "sh", "-c", script, "sh")) {
      running.feed("1\n2\n3\n4\n".getBytes(StandardCharsets.UTF_8));
      running.endOfInput();
      await().until(() -> running.out().equals("1\n"));
      awaitAttempts(3);
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).isEqualTo(130);
      assertThat(Marked.processes(home())).isEmpty();
    }
    Files.createFile(folder.resolve("go"));
    Cli.Ended resumed =
        Cli.in(folder).within("run", "-k", "--resume", run().getFileName().toString());
    assertThat(resumed.exit()).as(resumed.err()).isZero();
    assertThat(resumed.out()).isEqualTo("2\n3\n4\n");
    assertThat(resumed.err()).contains("4 of 4 tasks succeeded");
    assertCountedEverywhere("completed", "4 of 4");
  }

  /** Must be true, line 8: no process is left after the next command, and the journal is read. */
  @Test
  void afterAKillTheNextCommandStopsWhatIsLeftAndSaysSo() {
    Cli cli = cli("setsid sleep 1000 &\nsleep 1000");
    try (Cli.Running running =
        cli.start("prove", "--prompt", "hi", "-P", "3", "--order", "parallel-first")) {
      awaitAttempts(3);
      await().until(() -> Marked.processes(home()).size() >= 9);
      running.signal("KILL");
      assertThat(running.await().exit()).isEqualTo(137);
    }
    String run = run().getFileName().toString();
    assertThat(Marked.processes(home())).as("they outlive the kill").hasSizeGreaterThan(2);

    Cli.Ended next = Cli.in(folder).run("runs");

    assertThat(Marked.processes(home())).as("processes of the run").isEmpty();
    assertThat(next.exit()).isZero();
    assertThat(next.err()).containsPattern("run " + run + " was killed; stopped \\d+ processes");
    assertThat(next.out()).containsPattern(run + ".* lost +0 of 6 ").doesNotContain("running");
    Cli.Ended shown = Cli.in(folder).within("show", run);
    assertThat(shown.exit()).isZero();
    assertThat(shown.out()).contains("Parallel Execution Test:").contains("lost");
    assertThat(shown.err()).as("said once").isEmpty();
    assertThat(events().getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void aProofThatWasKilledIsListedWithWhatWasPlannedAndWhatSucceeded() {
    Cli cli = cli("case $REGATTA_ATTEMPT in *parallel*) sleep 1000 ;; esac\n" + FakeClaude.ANSWERS);
    try (Cli.Running running = cli.start("prove", "--prompt", "hi", "-P", "3")) {
      awaitAttempts(3);
      running.signal("KILL");
      running.await();
    }
    assertThat(Cli.in(folder).within("runs").out()).containsPattern(" lost +3 of 6 ");
  }

  @Test
  void aRunThatWasKilledIsListedWithTheTasksThatHadComeIn() {
    Cli cli = Cli.in(folder);
    String script = "[ $1 = 1 ] || sleep 1000";
    try (Cli.Running running = cli.start("run", "-P", "1", "--", "sh", "-c", script, "sh")) {
      running.feed("1\n2\n".getBytes(StandardCharsets.UTF_8));
      awaitAttempts(1);
      await().until(() -> events().stream().anyMatch(Event.AttemptEnded.class::isInstance));
      // The index is written beside the work.
      JsonNode live =
          await()
              .until(
                  () -> Parsed.json(Cli.in(folder).within("runs", "--json").out()).path(0),
                  JsonNode::isObject);
      assertThat(live.path("status").asString()).isEqualTo("running");
      assertThat(live.path("tasks").isNull()).as("not known while it runs").isTrue();
      assertThat(Cli.in(folder).within("runs").out()).containsPattern(" running +- ");
      running.signal("KILL");
      running.await();
    }
    assertThat(Cli.in(folder).within("runs").out()).containsPattern(" lost +1 of 2 ");
  }

  @Test
  void helpAndVersionDoNotClearUp() {
    try (Cli.Running running = cli("sleep 1000").start("prove", "--prompt", "hi", "-P", "3")) {
      awaitAttempts(1);
      running.signal("KILL");
      running.await();
    }
    assertThat(Cli.in(folder).within("--version").err()).isEmpty();
    assertThat(Cli.in(folder).within("runs", "--help").err()).isEmpty();
    assertThat(Marked.processes(home())).isNotEmpty();
  }
}
