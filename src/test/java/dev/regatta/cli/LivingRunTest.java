package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A run that is looked at from another process while it goes on. */
@Timeout(180)
class LivingRunTest {
  /** Answers soon, but in the parallel phase only when it is let go. */
  private static final String HELD =
      """
      sleep 0.5
      case "$REGATTA_ATTEMPT" in
        *r1-parallel*) while [ ! -e let-go ]; do sleep 0.1; done ;;
      esac
      """
          + FakeClaude.ANSWERS;

  @TempDir Path folder;

  @Test
  void whatRunsIsCalledRunningInTextAndJsonAndNeverLost() throws IOException {
    Cli cli =
        Cli.in(folder)
            .onlyPath(FakeClaude.in(folder, HELD))
            .with("CLAUDE_CODE_TOKEN1", "sk-ant-api03-living-1")
            .with("CLAUDE_CODE_TOKEN2", "sk-ant-api03-living-2");
    try (Cli.Running proving =
        cli.start("prove", "--no-witness", "--prompt", "hi", "-P", "2", "--out", "out")) {
      await().atMost(Duration.ofSeconds(90)).until(() -> parallelAttempts() == 2);

      JsonNode report = Parsed.json(cli.within("show", "out", "--json").out());
      assertThat(report.at("/run/status").asString()).isEqualTo("running");
      assertThat(outcomes(report.at("/phases/0"))).containsExactly("succeeded", "succeeded");
      assertThat(outcomes(report.at("/phases/1"))).containsExactly("running", "running");
      assertThat(report.at("/phases/1/attempts/0/exitSeconds").isNull()).isTrue();
      assertThat(report.at("/phases/1/attempts/0/durationSeconds").isNull()).isTrue();
      assertThat(report.at("/verdict/parallel").asString()).isEqualTo("inconclusive");
      assertThat(report.at("/verdict/parallelReason").asString()).isEqualTo("the run goes on");
      assertThat(report.at("/verdict/calls").asString()).isEqualTo("unverified");
      assertThat(report.path("criteria"))
          .allMatch(criterion -> criterion.path("status").asString().equals("UNKNOWN"))
          .allMatch(criterion -> criterion.path("detail").asString().endsWith("the run goes on"));

      String text = cli.within("show", "out").out();
      assertThat(text)
          .containsPattern("Task A: .*Completed at missing, .*, running: it has not ended\n")
          .containsPattern("Task B: .*Completed at missing, .*, running: it has not ended\n")
          .contains("UNKNOWN every attempt succeeded: still running: r1-parallel-1; r1-parallel-2;")
          .contains("PARALLEL: inconclusive (the run goes on)\n")
          .contains("CALLS: unverified (the run goes on)\n")
          .doesNotContain("lost", "FAILED");

      Files.createFile(folder.resolve("let-go"));
      proving.await();
    }
    assertThat(outcomes(Parsed.json(cli.within("show", "out", "--json").out()).at("/phases/1")))
        .containsExactly("succeeded", "succeeded");
  }

  @Test
  void ofAPlainRunToo() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        """
        tasks:
        - command: ["true"]
        - command: [sh, -c, "while [ ! -e let-go ]; do sleep 0.1; done"]
        """);
    Cli cli = Cli.in(folder);
    try (Cli.Running running = cli.start("run", "-P", "1", "--tasks", "tasks.yaml")) {
      await().atMost(Duration.ofSeconds(90)).until(() -> starts() == 2);
      String run = journal().orElseThrow().getParent().getFileName().toString();

      JsonNode report = Parsed.json(cli.within("show", run, "--json").out());
      assertThat(report.path("status").asString()).isEqualTo("running");
      assertThat(report.at("/tasks/0/outcome").asString()).isEqualTo("succeeded");
      assertThat(report.at("/tasks/1/outcome").isNull()).isTrue();
      assertThat(report.at("/tasks/1/reason").asString()).isEqualTo("it has not ended");
      assertThat(cli.within("show", run).out())
          .contains(": running, 1 of 2 tasks succeeded")
          .containsPattern("2 +running ")
          .doesNotContain("lost");

      Files.createFile(folder.resolve("let-go"));
      running.await();
    }
  }

  private long starts() throws IOException {
    return journal().stream()
        .flatMap(file -> JournalReader.read(file).events().stream())
        .filter(Event.AttemptStarted.class::isInstance)
        .count();
  }

  private Optional<Path> journal() throws IOException {
    Path runs = folder.resolve(".regatta/runs");
    if (!Files.isDirectory(runs)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.map(run -> run.resolve("journal.jsonl")).filter(Files::exists).findFirst();
    }
  }

  private long parallelAttempts() {
    Path journal = folder.resolve("out/journal.jsonl");
    return Files.exists(journal)
        ? JournalReader.read(journal).events().stream()
            .filter(event ->
                event instanceof Event.AttemptStarted started
                    && "r1-parallel".equals(started.phase()))
            .count()
        : 0;
  }

  private static List<String> outcomes(JsonNode phase) {
    return phase.path("attempts").values().stream()
        .map(attempt -> attempt.path("outcome").asString())
        .toList();
  }
}
