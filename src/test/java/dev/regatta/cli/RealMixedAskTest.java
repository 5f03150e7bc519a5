package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The real CLIs of two providers in one question; only the models are missing. */
@Timeout(600)
class RealMixedAskTest {
  @TempDir Path folder;

  @Test
  void agentsOfTwoProvidersAnswerTheSameQuestionEachWithItsOwnKey() throws Exception {
    Optional<Path> codex = new InstalledCli("codex", "@openai/codex", "0.169.0").folder();
    Optional<Path> gemini = new InstalledCli("gemini", "@google/gemini-cli", "0.61.0").folder();
    assumeTrue(codex.isPresent() && gemini.isPresent(), "a CLI could not be installed with npm");
    Files.writeString(
        folder.resolve("script.yaml"),
        """
        rules:
          - match: '17 \\* 23'
            latency: 0
            reply: 'The answer is 391.'
        """);
    Cli.Ended asked =
        Cli.in(folder)
            .with("PATH", codex.get() + ":" + gemini.get() + ":" + System.getenv("PATH"))
            .run(
                "ask",
                "What is 17 * 23?",
                "-n",
                "4",
                "--agents",
                "codex,gemini",
                "--rehearsal",
                "--script",
                "script.yaml",
                "--extract",
                "number",
                "--check",
                "grep -q 391",
                "--json");
    assertThat(asked.exit()).as(asked.err() + asked.out()).isZero();
    JsonNode json = Parsed.json(asked.out());
    assertThat(json.path("label").asString()).isEqualTo("REHEARSAL");
    assertThat(json.at("/summary/successful_instances").asInt()).isEqualTo(4);
    assertThat(json.at("/picked/answer").asString()).isEqualTo("The answer is 391.");
    assertThat(json.at("/choices/0/reason").asString()).startsWith("4 of 4 answers agree");
    List<JsonNode> instances = List.copyOf(json.path("instances").values());
    assertThat(instances)
        .extracting(instance -> instance.path("agent").asString())
        .containsExactly("codex", "gemini", "codex", "gemini");
    assertThat(instances)
        .extracting(instance -> instance.path("fingerprint").asString())
        .doesNotHaveDuplicates();
    assertThat(instances)
        .allSatisfy(instance -> {
          assertThat(instance.path("credential").asString()).startsWith("REHEARSAL_");
          assertThat(instance.path("inputTokens").asLong()).isPositive();
          assertThat(instance.path("outputTokens").asLong()).isPositive();
          assertThat(instance.at("/checks/0/passed").asBoolean()).isTrue();
        });
    assertThat(json.at("/summary/model_statistics").values())
        .hasSize(2)
        .allSatisfy(model -> assertThat(model.path("successful").asInt()).isEqualTo(2));
  }
}
