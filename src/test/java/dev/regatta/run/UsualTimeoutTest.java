package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.CommandAdapter;
import dev.regatta.agent.GeminiAdapter;
import dev.regatta.process.Limits;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UsualTimeoutTest {
  private static final Path HOME = Path.of("/home");
  private final Adapter gemini = new GeminiAdapter(Path.of("/bin/gemini"));

  @Test
  void anAgentThatDoesNotEndByItselfHasALimitWhereNoneIsGiven() {
    Task task = TestRuns.shell("a", "true");
    RunSettings without = TestRuns.settings(HOME, 1, 0, Limits.NONE);
    RunSettings with = TestRuns.settings(HOME, 1, 0, TestRuns.timeout(Duration.ofHours(2)));

    assertThat(without.limitsOf(task, gemini).whole()).contains(Duration.ofMinutes(30));
    assertThat(without.limitsOf(task, new CommandAdapter()).whole()).isEmpty();
    assertThat(with.limitsOf(task, gemini).whole()).contains(Duration.ofHours(2));
  }
}
