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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A proof that is looked at from another process while it runs. */
@Timeout(180)
class LivingProofTest {
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
    try (Cli.Running proving = cli.start("prove", "--prompt", "hi", "-P", "2", "--out", "out")) {
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
