package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program and the real CLI, both processes of their own; only the model is missing. */
@Timeout(600)
class RealClaudeTest {
  private static final String TOKEN = "sk-ant-api03-planted-";

  private static Optional<Path> claude;

  @TempDir Path folder;

  private record Ended(int exit, String out, String err) {}

  @BeforeAll
  static void install() throws Exception {
    claude = InstalledClaude.folder();
  }

  @Test
  void theDemoRunsSixRealProcessesAndIsConfirmedAsARehearsal() throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("slow.yaml"), ProofEndToEndTest.SLOW);
    Map<String, String> own = Map.of("ANTHROPIC_API_KEY", TOKEN + "own");
    Ended demo = regatta(own, "demo", "--script", "slow.yaml", "--out", "out");

    assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
    assertThat(demo.out()).contains("PARALLEL: confirmed (").contains("CALLS: rehearsal (");
    Path out = folder.resolve("out");
    List<Event.AttemptStarted> started =
        JournalReader.read(out.resolve("journal.jsonl")).events().stream()
            .filter(Event.AttemptStarted.class::isInstance)
            .map(Event.AttemptStarted.class::cast)
            .toList();
    assertThat(started).hasSize(6).allMatch(attempt -> attempt.agent().equals("claude"));
    assertThat(started).extracting(Event.AttemptStarted::pid).doesNotHaveDuplicates();
    Proof proof = proof(out);
    List<Proof.Attempt> attempts =
        proof.phases().stream().flatMap(phase -> phase.attempts().stream()).toList();
    assertThat(attempts).hasSize(6).allMatch(attempt -> attempt.outcome() == Outcome.SUCCEEDED);
    assertThat(attempts).extracting(Proof.Attempt::sessionId).doesNotContainNull();
    assertThat(attempts).extracting(Proof.Attempt::sessionId).doesNotHaveDuplicates();
    assertThat(attempts).allMatch(attempt -> attempt.missing().isEmpty());
    assertThat(proof.agentVersion()).isEqualTo(InstalledClaude.VERSION);
    for (String report : List.of("report.txt", "report.json", "report.html")) {
      assertThat(out.resolve(report)).isNotEmptyFile();
    }
    assertThat(home).as("the user's own home is not touched").isEmptyDirectory();
    assertNothingHolds(folder, TOKEN);
  }

  @Test
  void sentToAnotherServerItsCallsAreUnverified() throws Exception {
    Files.createDirectories(folder.resolve("home"));
    try (TestOwnedProvider provider = new TestOwnedProvider()) {
      Ended proved =
          regatta(
              Map.of(
                  "CLAUDE_CODE_TOKEN", TOKEN + "one",
                  "CLAUDE_CODE_TOKEN1", TOKEN + "two",
                  "CLAUDE_CODE_TOKEN2", TOKEN + "three"),
              "prove",
              "--base-url",
              provider.address(),
              "--out",
              "out");

      assertThat(proved.out())
          .as(proved.err())
          .contains("CALLS: unverified (the agents were not sent to the provider's own address)")
          .doesNotContain("REHEARSAL");
      Proof proof = proof(folder.resolve("out"));
      assertThat(proof.verdict().calls()).isEqualTo(Verdict.Calls.UNVERIFIED);
      assertThat(proof.phases().stream().flatMap(phase -> phase.attempts().stream()))
          .hasSize(6)
          .allMatch(attempt -> attempt.outcome() == Outcome.SUCCEEDED);
      assertThat(provider.credentials())
          .contains(TOKEN + "one", TOKEN + "two", TOKEN + "three")
          .hasSizeGreaterThanOrEqualTo(12);
    }
    assertNothingHolds(folder.resolve("out"), TOKEN + "one");
    assertNothingHolds(folder.resolve(".regatta"), TOKEN + "one");
  }

  @Test
  void settingsOfTheProjectCannotSendATokenElsewhere() throws Exception {
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("tasks.yaml"), "tasks:\n  - prompt: say hello\n");
    Path settings = Files.createDirectories(folder.resolve(".claude"));
    try (TestOwnedProvider provider = new TestOwnedProvider();
        TestOwnedProvider trap = new TestOwnedProvider()) {
      Files.writeString(
          settings.resolve("settings.json"),
          "{\"env\":{\"ANTHROPIC_BASE_URL\":\"" + trap.address() + "\"}}");
      Ended ran =
          regatta(
              Map.of("CLAUDE_CODE_TOKEN", TOKEN + "one"),
              "run",
              "--agent",
              "claude",
              "--tasks",
              "tasks.yaml",
              "--base-url",
              provider.address());
      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(provider.credentials()).contains(TOKEN + "one");
      assertThat(trap.credentials()).isEmpty();
    }
  }

  /** The whole program in a process of its own, with the real CLI first on its PATH. */
  private Ended regatta(Map<String, String> variables, String... words)
      throws IOException, InterruptedException {
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", claude.get() + ":" + System.getenv("PATH"));
    builder.environment().put("HOME", folder.resolve("home").toString());
    builder.environment().putAll(variables);
    Path out = folder.resolve("stdout.txt");
    Path err = folder.resolve("stderr.txt");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(240, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroy();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static Proof proof(Path out) {
    return ProofDerivation.of(JournalReader.read(out.resolve("journal.jsonl")).entries());
  }

  private static void assertNothingHolds(Path place, String token) throws IOException {
    try (var files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(token);
      }
    }
  }
}
