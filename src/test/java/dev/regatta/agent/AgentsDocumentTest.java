package dev.regatta.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentsDocumentTest {
  private final String page = Files.readString(Path.of("docs/agents.md"));

  AgentsDocumentTest() throws IOException {}

  @Test
  void everyOutcomeStandsInTheTable() {
    for (Outcome outcome : Outcome.values()) {
      assertThat(page).contains("\n| `" + outcome.word() + "` |");
    }
  }

  @Test
  void everyAdapterAndEveryAllowedVariableStandsThere() {
    List<Adapter> adapters =
        List.of(
            new CommandAdapter(),
            new ClaudeAdapter(Path.of("claude")),
            new CodexAdapter(Path.of("codex")),
            new GeminiAdapter(Path.of("gemini")),
            new RehearsalAgentAdapter(Path.of("java"), List.of()));
    for (Adapter adapter : adapters) {
      assertThat(page).contains("\n| `" + adapter.name() + "` |");
    }
    for (String variable : Environments.ALLOWED) {
      assertThat(page).contains("`" + variable + "`");
    }
  }
}
