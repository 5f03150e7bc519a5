package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Event;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down of the tools that an agent uses. */
class ToolCallsTest {
  @TempDir Path home;

  @Test
  void eachCallIsWrittenDownOnceWithWhenItWasAnsweredAndHow() {
    try (Run run = TestRuns.open(home, new Cancellation())) {
      ToolCalls calls = new ToolCalls(run, "1.1");
      calls.called("a", "Bash", 1);
      calls.called("a", "Bash", 2);
      calls.called("b", "Read\u001b[31m", 3);
      calls.answered("b", true, 4);
      calls.answered("a", false, 5);
      calls.answered("a", false, 6);
      calls.answered("never called", false, 7);
      calls.called("c", "Bash", 8);
      calls.end();
      calls.end();
    }
    assertThat(TestRuns.events(home, Event.ToolUsed.class))
        .containsExactly(
            new Event.ToolUsed("1.1", "b", Visible.line("Read\u001b[31m", 200), 3, 4L, true),
            new Event.ToolUsed("1.1", "a", "Bash", 1, 5L, false),
            new Event.ToolUsed("1.1", "c", "Bash", 8, null, null));
  }

  @Test
  void anAgentThatPrintsCallsWithoutEndFillsNoJournal() {
    try (Run run = TestRuns.open(home, new Cancellation())) {
      ToolCalls calls = new ToolCalls(run, "1.1");
      for (int i = 0; i < 5_000; i++) {
        calls.called("x".repeat(10_000) + i, "y".repeat(10_000), i);
        calls.called("call-" + i, "Bash", i);
        calls.answered("call-" + i, false, i);
      }
      calls.end();
    }
    assertThat(TestRuns.events(home, Event.ToolUsed.class))
        .hasSizeLessThanOrEqualTo(1_000)
        .allSatisfy(used -> assertThat(used.tool().length()).isLessThanOrEqualTo(201));
  }
}
