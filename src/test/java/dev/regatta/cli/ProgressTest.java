package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Event;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
}
