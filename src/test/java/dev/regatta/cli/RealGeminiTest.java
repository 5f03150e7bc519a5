package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import dev.regatta.rehearsal.Served;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The program and the real {@code gemini} CLI; only the model is missing. */
@Timeout(600)
class RealGeminiTest {
  private static final String KEY = "AIzaSyPlanted-by-a-test-";

  private static Optional<Path> gemini;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    gemini = new InstalledCli("gemini", "@google/gemini-cli", "0.61.0").folder();
  }

  @Test
  void everyCallOfAProofIsSeenAsTheServerSawItAndNoDescendantHoldsAKey() throws Exception {
    try (RehearsalServer server = RehearsalServer.start(Script.standard(), 0, 7);
        Descendants descendants = new Descendants(KEY)) {
      Cli.Ended proved =
          cli()
              .with("GEMINI_API_KEY", KEY + "one")
              .with("GEMINI_API_KEY1", KEY + "two")
              .with("GEMINI_API_KEY2", KEY + "three")
              .run(
                  "prove",
                  "--agent",
                  "gemini",
                  "--base-url",
                  server.baseUrl().toString(),
                  "--out",
                  "out",
                  "--json");
      assertThat(proved.out()).as(proved.err()).startsWith("{");
      JsonNode report = Parsed.json(proved.out());
      assertThat(descendants.looked()).as("processes of attempts").hasSizeGreaterThanOrEqualTo(6);
      assertThat(descendants.holders()).isEmpty();
      assertSeenAsServed(exchanges(), server.served());
      assertThat(attempts(report).map(it -> it.path("outcome").asString()))
          .as(proved.out())
          .hasSize(6)
          .containsOnly("succeeded");
      assertThat(attempts(report).map(it -> it.at("/evidence/level").asString()))
          .as(proved.out())
          .containsOnly("witnessed-and-challenged");
      assertThat(report.at("/verdict/calls").asString()).isEqualTo("rehearsal");
    }
    assertNothingHolds(folder, KEY);
    assertThat(Cli.in(folder).within("verify", "out/evidence.zip").out())
        .endsWith("intact, signer unknown\n");
  }

  /** The CLI asks a smaller model first which one is to answer: those calls count too. */
  private static void assertSeenAsServed(List<Exchange> seen, List<Served> served) {
    Map<String, Served> byId = new HashMap<>();
    served.forEach(each -> byId.put(each.requestId(), each));
    assertThat(seen).hasSameSizeAs(served).hasSizeGreaterThanOrEqualTo(12);
    assertThat(seen)
        .extracting(each -> each.answered().requestId())
        .containsExactlyInAnyOrderElementsOf(byId.keySet());
    for (Exchange each : seen) {
      Served other = byId.get(each.answered().requestId());
      assertThat(each.credential()).isEqualTo(other.credentialFingerprint());
      assertThat(each.asked().model()).isEqualTo(other.model());
      assertThat(each.answered().message().model()).isEqualTo(other.model() + "-rehearsal");
    }
  }

  @Test
  void aRunAnswersAndIsARehearsal() throws Exception {
    script("rules: [{latency: 0, reply: Oslo}]");

    Cli.Ended ran = ran("--rehearsal", "--script", "script.yaml", "--model", "gemini-2.5-pro");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("\"answer\":\"Oslo\"");
    assertThat(finished()).hasSize(1).allMatch(Event.AttemptEnded::rehearsal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {fail: 401}           | 1 | unauthorized | the credential was refused (401)
          {fail: 403}           | 1 | unauthorized | the credential was refused (403)
          {fail: 400}           | 1 | api-error    | the API refused the request (400)
          {times: 1, breakStream: true, reply: a long reply}, {latency: 0} | 0 | api-error | the API call failed
          """)
  void eachFaultBecomesItsOutcome(String rule, int exit, String outcome, String reason)
      throws Exception {
    script("rules: [" + rule + "]");

    Cli.Ended ran = ran("--rehearsal", "--script", "script.yaml", "--model", "gemini-2.5-pro");

    assertThat(ran.exit()).as(ran.err()).isEqualTo(exit);
    assertThat(finished().getFirst().outcome().word()).isEqualTo(outcome);
    assertThat(finished().getFirst().reason()).startsWith(reason);
  }

  @Test
  void aLimitThatItRepeatsForMinutesIsEndedFromOutside() throws Exception {
    script("rules: [{fail: 429, retryAfter: 7}]");

    Cli.Ended ran =
        ran(
            "--rehearsal",
            "--script",
            "script.yaml",
            "--model",
            "gemini-2.5-pro",
            "--timeout",
            "20");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(finished().getFirst().outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(finished().getFirst().reason()).endsWith("; it was repeating calls");
  }

  @Test
  void aStoppedRunLeavesNothingOfItsToolsBehind() throws Exception {
    String command = "sleep 86399";
    script(
        "rules: [{latency: 0, tool: {name: run_shell_command, input: {command: '"
            + command
            + "'}}, reply: done}]");
    Files.writeString(folder.resolve("tasks.yaml"), "tasks:\n  - prompt: sleep\n");
    try (Cli.Running running =
        cli()
            .start(
                "run",
                "--agent",
                "gemini",
                "--rehearsal",
                "--script",
                "script.yaml",
                "--tasks",
                "tasks.yaml",
                "--tool",
                "Bash")) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> sleeping(command) || !running.alive());
      assertThat(sleeping(command)).as(running.err()).isTrue();
      running.signal("INT");
      assertThat(running.await().exit()).isEqualTo(130);
    }
    assertThat(sleeping(command)).isFalse();
    assertThat(finished().getFirst().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aProjectsSettingsCannotSendTheKeyElsewhere() throws Exception {
    script("rules: [{latency: 0, reply: Oslo}]");
    Path settings = Files.createDirectories(folder.resolve(".gemini"));
    Files.writeString(
        settings.resolve("settings.json"),
        "{\"mcpServers\":{\"x\":{\"command\":\"touch\",\"args\":[\""
            + folder.resolve("touched")
            + "\"]}},\"security\":{\"auth\":{\"selectedType\":\"oauth-personal\"}}}");
    for (Path file : List.of(folder.resolve(".env"), settings.resolve(".env"))) {
      Files.writeString(file, "GEMINI_SYSTEM_MD=/nowhere\nHTTPS_PROXY=http://127.0.0.1:9\n");
    }

    Cli.Ended ran = ran("--rehearsal", "--script", "script.yaml", "--model", "gemini-2.5-pro");

    assertThat(ran.exit()).as(ran.err() + ran.out()).isZero();
    assertThat(folder.resolve("touched")).doesNotExist();
  }

  @Test
  void aToolThatTheCliDoesNotHaveIsWrongUsage() throws Exception {
    Cli.Ended ran = ran("--rehearsal", "--tool", "Task");

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("the agent gemini has no tool 'Task'");
    assertThat(folder.resolve(".regatta")).doesNotExist();
  }

  private Cli.Ended ran(String... options) throws IOException {
    Files.writeString(folder.resolve("tasks.yaml"), "tasks:\n  - prompt: say hello\n");
    List<String> words =
        Stream.concat(
                Stream.of("run", "--agent", "gemini", "--tasks", "tasks.yaml", "--json"),
                Stream.of(options))
            .toList();
    return cli().run(words.toArray(String[]::new));
  }

  private Cli cli() {
    assumeTrue(gemini.isPresent(), "the real gemini CLI could not be installed with npm");
    return Cli.in(folder).path(gemini.get());
  }

  private void script(String yaml) throws IOException {
    Files.writeString(folder.resolve("script.yaml"), yaml);
  }

  private static Stream<JsonNode> attempts(JsonNode report) {
    return report.path("phases").values().stream()
        .flatMap(phase -> phase.path("attempts").values().stream());
  }

  private List<Exchange> exchanges() {
    return JournalReader.read(folder.resolve("out/journal.jsonl")).events().stream()
        .filter(Event.ExchangeSeen.class::isInstance)
        .map(event -> ((Event.ExchangeSeen) event).exchange())
        .toList();
  }

  private List<Event.AttemptEnded> finished() throws IOException {
    try (Stream<Path> below = Files.walk(folder.resolve(".regatta/runs"))) {
      Path journal = below.filter(path -> path.endsWith("journal.jsonl")).findFirst().orElseThrow();
      return JournalReader.read(journal).events().stream()
          .filter(Event.AttemptEnded.class::isInstance)
          .map(Event.AttemptEnded.class::cast)
          .toList();
    }
  }

  private static boolean sleeping(String command) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").endsWith(command));
  }

  private static void assertNothingHolds(Path place, String token) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(token);
      }
    }
  }
}
