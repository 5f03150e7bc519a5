package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code regatta run --spawn}: agents that start agents, with the built-in one and the real CLI.
 */
@Timeout(600)
class SpawnTest {
  private static final String TOKEN = "sk-ant-api03-planted-";

  private static final String SCRIPT =
      """
      rules:
        - match: 'split it'
          latency: 0.1
          tool:
            name: mcp__regatta__spawn_agents
            input:
              tasks:
                - {prompt: 'part one', name: first}
                - {prompt: 'part two'}
                - {prompt: 'part three'}
          reply: 'all three are done'
        - match: 'part (\\w+)'
          latency: 0.5
          tool: {name: mcp__regatta__post_note, input: {text: 'found ${1}'}}
          reply: 'did ${1}'
        - match: 'what did they find'
          latency: 0.1
          tool: {name: mcp__regatta__read_notes, input: {}}
          reply: 'that'
      """;

  private static final String TASKS =
      """
      tasks:
        - {name: boss, prompt: split it}
        - {name: reader, prompt: what did they find, dependsOn: [boss]}
      """;

  @TempDir Path folder;

  private Cli cli() throws IOException {
    Files.writeString(folder.resolve("script.yaml"), SCRIPT);
    Files.writeString(folder.resolve("tasks.yaml"), TASKS);
    return Cli.in(folder);
  }

  @Test
  void theBuiltInAgentStartsThreeOthersInOneSlot() throws Exception {
    Cli.Ended ran =
        cli()
            .run(
                "run",
                "--spawn",
                "--rehearsal",
                "--agent",
                "rehearsal-agent",
                "--script",
                "script.yaml",
                "--tasks",
                "tasks.yaml",
                "--parallel",
                "1");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertATreeOfThree("rehearsal-agent");
  }

  @Test
  void theRealCliStartsThreeOthersAndNoneOfThemHoldsACredential() throws Exception {
    Optional<Path> claude = InstalledClaude.folder();
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    Cli cli = cli().path(claude.get());
    try (RehearsalServer server =
            RehearsalServer.start(Script.read(folder.resolve("script.yaml")), 0, 7);
        Descendants descendants = new Descendants(TOKEN)) {
      Cli.Ended ran =
          cli.with("CLAUDE_CODE_TOKEN", TOKEN + "one")
              .with("CLAUDE_CODE_TOKEN1", TOKEN + "two")
              .run(
                  "run",
                  "--spawn",
                  "--agent",
                  "claude",
                  "--base-url",
                  server.baseUrl().toString(),
                  "--tasks",
                  "tasks.yaml",
                  "--parallel",
                  "3");
      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(descendants.looked()).as("processes of attempts").hasSizeGreaterThanOrEqualTo(5);
      assertThat(descendants.holders()).isEmpty();
      assertThat(server.served()).as("no credential but the two").hasSizeGreaterThanOrEqualTo(10);
    }
    assertATreeOfThree("claude");
    assertThat(events(Event.AttemptStarted.class))
        .allMatch(each -> each.givenFingerprint().equals(each.placeholderFingerprint()));
  }

  private void assertATreeOfThree(String agent) throws IOException {
    List<Event.AttemptStarted> started = events(Event.AttemptStarted.class);
    assertThat(started).hasSize(5).allMatch(each -> each.agent().equals(agent));
    assertThat(started).filteredOn(each -> "boss.1".equals(each.parent())).hasSize(3);
    assertThat(started).filteredOn(each -> each.parent() == null).hasSize(2);
    List<Event.AttemptEnded> ended = events(Event.AttemptEnded.class);
    assertThat(ended).hasSize(5).allMatch(each -> each.outcome() == Outcome.SUCCEEDED);
    assertThat(ended).extracting(each -> each.claims().sessionId()).doesNotContainNull();
    assertThat(ended).extracting(each -> each.claims().sessionId()).doesNotHaveDuplicates();
    assertThat(ended)
        .filteredOn(each -> each.attempt().equals("boss.1"))
        .extracting(each -> each.claims().result())
        .containsExactly("all three are done");
    assertThat(events(Event.NotePosted.class))
        .extracting(Event.NotePosted::text)
        .containsExactlyInAnyOrder("found one", "found two", "found three");
    assertThat(events(Event.ChildrenAsked.class).getFirst().tasks())
        .containsExactly("boss.1~1", "boss.1~2", "boss.1~3");
    assertThat(events(Event.ChildrenAnswered.class)).hasSize(1);
    assertThat(toolResult("boss.1"))
        .contains("did one", "did two", "did three", "\"name\":\"first\"", "succeeded");
    assertThat(toolResult("reader.1")).contains("found one", "found two", "found three");
    assertNoFileHoldsAToken();
  }

  private void assertNoFileHoldsAToken() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContainPattern("regatta-agent-[A-Za-z0-9_-]{43}");
      }
    }
  }

  /** What the model is told that the tool said. */
  private String toolResult(String attempt) throws IOException {
    for (String line : Files.readAllLines(run().resolve("attempts/" + attempt + ".out"))) {
      JsonNode content = JsonMapper.shared().readTree(line).at("/message/content/0");
      if (content.path("type").asString("").equals("tool_result")) {
        JsonNode text = content.path("content");
        return text.isString() ? text.asString() : text.path(0).path("text").asString();
      }
    }
    throw new AssertionError(attempt + " used no tool");
  }

  private Path run() throws IOException {
    try (var runs = Files.list(folder.resolve(".regatta/runs"))) {
      return runs.findFirst().orElseThrow();
    }
  }

  private <E extends Event> List<E> events(Class<E> type) throws IOException {
    return JournalReader.read(run().resolve("journal.jsonl")).events().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  @Test
  void aPlainCommandReachesTheToolsThroughTheBridge() throws Exception {
    cli();
    Files.writeString(
        folder.resolve("messages"),
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"sh","version":"1"}}}
        {"jsonrpc":"2.0","method":"notifications/initialized"}
        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"spawn_agents","arguments":{"tasks":[{"prompt":"part one"}]}}}
        """);
    String bridge =
        String.join(" ", Cli.program("mcp").stream().map(word -> "'" + word + "'").toList());
    Cli.Ended ran =
        Cli.in(folder)
            .input("one\n")
            .run(
                "run",
                "--spawn",
                "--rehearsal",
                "--script",
                "script.yaml",
                "--",
                "sh",
                "-c",
                bridge + " < messages");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("did one");
    assertThat(events(Event.AttemptStarted.class))
        .extracting(Event.AttemptStarted::parent)
        .containsExactly(null, "1.1");
  }

  @Test
  void withoutARunThereIsNothingToSpeakFor() {
    Cli.Ended ended = Cli.in(folder).within("mcp");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err())
        .isEqualTo(
            "regatta: there is no run to speak for: REGATTA_MCP_URL and REGATTA_AGENT_TOKEN are set"
                + " in what regatta run --spawn starts\n");
  }

  @Test
  void boundsForWhatMayNotBeStartedAreRefused() {
    assertUsage(
        "--max-depth bounds what agents start: add --spawn",
        "run",
        "--max-depth",
        "2",
        "--",
        "true");
    assertUsage(
        "--max-cost must be US dollars", "run", "--spawn", "--max-cost", "-1", "--", "true");
    assertUsage(
        "--max-depth must be a whole number from 1 to 10",
        "run",
        "--spawn",
        "--max-depth",
        "11",
        "--",
        "true");
  }

  private void assertUsage(String message, String... words) {
    Cli.Ended ended = Cli.in(folder).within(words);
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains(message);
  }
}
