package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-22T01:02:03Z");

  @TempDir Path folder;

  private TaskCommand command(String fields) {
    return TaskCommand.of(Suites.task(folder, fields), NOW);
  }

  @Test
  void aTaskWithoutATemplateIsAskedOfClaudeWithItsMarker() {
    TaskCommand command =
        command(
            "natural_language_request: 'What is \"a\" for $5?', metatags: '[x]',"
                + " verification: { marker: 'M_${TIMESTAMP}' }");
    assertThat(command.line())
        .isEqualTo(
            "claude -p \"[marker:M_20261122_010203_001] [x] What is \\\"a\\\" for \\$5?\""
                + " --dangerously-skip-permissions --allowedTools none");
    assertThat(command.marker()).isEqualTo("M_20261122_010203_001");
    assertThat(command.markerInPrompt()).isTrue();
  }

  @Test
  void aMarkerThatTheTemplateDoesNotHoldOnlyNamesTheOutput() {
    TaskCommand command = command("command: cat, verification: { marker: 'M_${TIMESTAMP}' }");
    assertThat(command.line()).isEqualTo("cat");
    assertThat(command.markerInPrompt()).isFalse();
  }

  @Test
  void aTaskWithoutAMarkerIsMarkedByItsId() {
    assertThat(command("command: 'echo ${TIMESTAMP}'"))
        .isEqualTo(new TaskCommand("echo '20261122_010203_001'", "A_20261122_010203_001", false));
  }

  @Test
  void noTwoTasksHaveTheSameMarker() {
    assertThat(Suites.example().suite().tasks().map(task -> TaskCommand.of(task, NOW).marker()))
        .doesNotHaveDuplicates();
    assertThat(
            Suites.read(
                    folder,
                    "suite.yaml",
                    """
                    tests:
                      - { id: a, command: x, verification: { marker: 'M_${TIMESTAMP}' } }
                      - { id: b, command: x, verification: { marker: 'M_${TIMESTAMP}' } }
                    """)
                .suite()
                .tasks()
                .map(task -> TaskCommand.of(task, NOW).marker()))
        .containsExactly("M_20261122_010203_001", "M_20261122_010203_002");
  }
}
