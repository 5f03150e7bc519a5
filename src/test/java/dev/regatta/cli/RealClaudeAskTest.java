package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Five real CLIs at once, whose answers a script plants so that each criterion has a best one of
 * its own. The prompts differ by what is said of the temperature; the costs by the models.
 */
@Timeout(600)
class RealClaudeAskTest {
  /** Long enough that it isn't the start of five programs on a small machine that is measured. */
  private static final String SCRIPT =
      """
      rules:
        - match: '(?s)compare two answers.*<<<ANSWER A [0-9a-f]+\\s+platinum'
          latency: 0
          reply: "The nobler one.\\nWINNER: A"
        - match: '(?s)compare two answers.*<<<ANSWER B [0-9a-f]+\\s+platinum'
          latency: 0
          reply: "The nobler one.\\nWINNER: B"
        - match: 'compare two answers'
          latency: 0
          reply: 'WINNER: A'
        - match: 'answer: 0\\.2 on'
          latency: 8
          reply: 'The answer is: 42!'
        - match: 'answer: 0\\.4 on'
          latency: 5
          reply: 'gold gold gold, at great length, and checked by a linter'
        - match: 'answer: 0\\.6 on'
          latency: 12
          reply: 'the answer is 42'
        - match: 'answer: 0\\.8 on'
          latency: 11
          reply: 'platinum, and a very long story of how it came to be found in the rivers of the west'
        - match: 'answer: 1 on'
          latency: 12
          reply: 'tin'
      """;

  private static Optional<Path> claude;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    claude = InstalledClaude.folder();
  }

  @BeforeEach
  void makeScript() throws IOException {
    assumeTrue(claude.isPresent(), "there is no claude CLI");
    Files.writeString(folder.resolve("script.yaml"), SCRIPT);
  }

  private Cli.Ended ask(String pick) {
    return Cli.in(folder)
        .onlyPath(claude.orElseThrow())
        .with("PATH", claude.orElseThrow() + ":" + System.getenv("PATH"))
        .run(
            "ask",
            "Which metal?",
            "-n",
            "5",
            "--rehearsal",
            "--script",
            "script.yaml",
            "--agent",
            "claude",
            "--temperatures",
            "0.2..1",
            "--models",
            "claude-opus-4-6,claude-opus-4-6,claude-opus-4-6,claude-opus-4-6,claude-haiku-4-5",
            "--check",
            "grep -q linter",
            "--check",
            "grep -q g",
            "--judge-model",
            "any",
            "--pick",
            pick,
            "--json");
  }

  private static int picked(JsonNode json, String criterion) {
    for (JsonNode choice : json.path("choices").values()) {
      if (choice.path("criterion").asString().equals(criterion)) {
        return choice.path("picked").asInt(-1);
      }
    }
    return -1;
  }

  @Test
  void eachCriterionPicksItsPlantedBestAndNobodyWaitsForAnother() {
    Cli.Ended ended = ask("LLM_JUDGE");
    assertThat(ended.exit()).as(ended.err() + ended.out()).isZero();
    JsonNode judged = Parsed.json(ended.out());
    assertThat(judged.at("/run/rehearsal").asBoolean()).isTrue();
    assertThat(judged.at("/summary/successful_instances").asInt()).isEqualTo(5);
    assertThat(picked(judged, "judge")).isEqualTo(4);
    assertThat(judged.at("/picked/answer").asString()).startsWith("platinum");
    assertThat(judged.at("/judge/agreement").asDouble())
        .as("4 of 10 pairs hold platinum")
        .isEqualTo(0.4);

    String id = judged.at("/run/id").asString();
    List<JsonNode> instances = List.copyOf(judged.path("instances").values());
    assertThat(instances)
        .extracting(instance -> instance.path("sessionId").asString())
        .doesNotHaveDuplicates()
        .hasSize(5);
    assertThat(instances)
        .allSatisfy(instance -> {
          assertThat(instance.path("costUsd").asDouble()).isPositive();
          assertThat(instance.path("credential").asString()).startsWith("REHEARSAL_TOKEN_");
          assertThat(instance.path("modelAnswered").asString())
              .isEqualTo(instance.path("modelAsked").asString());
        });
    double ratio = judged.at("/run/wallRatio").asDouble();
    System.out.printf(
        Locale.ROOT,
        "ask -n 5 with the real CLI, run %s: wall %.2f s, slowest %.2f s, ratio %.3f%n",
        id,
        judged.at("/run/wallSeconds").asDouble(),
        judged.at("/run/slowestSeconds").asDouble(),
        ratio);
    assertThat(ratio).as("wall time against the slowest instance").isBetween(1.0, 1.15);

    Cli.Ended all = ask("all");
    assertThat(all.exit()).as(all.err()).isZero();
    JsonNode json = Parsed.json(all.out());
    assertThat(picked(json, "fastest")).isEqualTo(2);
    assertThat(picked(json, "most-detailed")).isEqualTo(4);
    assertThat(picked(json, "shortest")).isEqualTo(5);
    assertThat(picked(json, "cheapest")).isEqualTo(5);
    assertThat(picked(json, "consensus")).isEqualTo(1);
    assertThat(picked(json, "highest-model-temp")).isEqualTo(5);
    assertThat(picked(json, "passes-most-checks")).isEqualTo(2);
    assertThat(json.at("/summary/model_statistics/claude-haiku-4-5/count").asInt()).isEqualTo(1);
    assertThat(json.at("/summary/model_statistics/claude-opus-4-6/count").asInt()).isEqualTo(4);
  }
}
