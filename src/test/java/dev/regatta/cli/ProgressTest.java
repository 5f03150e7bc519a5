package dev.regatta.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.Event;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  @ParameterizedTest
  @CsvSource({"1, 1 task", "2, 2 tasks"})
  void aPhaseIsSaidWithItsTasksOneOrMany(int count, String said) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> tasks = Collections.nCopies(count, "t");
    try (Progress progress =
        new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), false, false)) {
      progress.accept(
          new Event.PlanRecorded(
              count, 1, List.of(), tasks, List.of(), false, Map.of(), "command", null, null));
      progress.accept(new Event.PhaseStarted("r1-parallel", 1, "parallel", 0));
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("regatta: r1-parallel, " + said + System.lineSeparator());
  }

  @Test
  void aPauseIsSaidEvenWhereNothingElseIs() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (Progress progress =
        new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), false, true)) {
      progress.accept(new Event.RunPaused("2020-01-01T00:00:00Z", "KEY is refused", 0));
      progress.accept(new Event.RunWentOn(0));
    }
    assertThat(err.toString(StandardCharsets.UTF_8).lines().toList())
        .satisfiesExactly(
            paused ->
                assertThat(paused)
                    .startsWith("regatta: paused until ")
                    .endsWith(" (in 0 s): KEY is refused; it goes on by itself"),
            on -> assertThat(on).isEqualTo("regatta: the run goes on"));
  }

  @Test
  void theProgressLineShowsAPause() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (Progress progress =
        new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), true, true)) {
      progress.accept(new Event.RunPaused("2020-01-01T00:00:00Z", "KEY is refused", 0));
      await()
          .atMost(60, SECONDS)
          .until(() -> err.toString(StandardCharsets.UTF_8).contains("0 running, paused until 20"));
    }
  }
}
