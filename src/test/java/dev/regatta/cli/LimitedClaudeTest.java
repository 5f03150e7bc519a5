package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real CLI, whose first request is refused for a limit. */
@Timeout(300)
class LimitedClaudeTest {
  private static final String REFUSED_ONCE =
      """
      rules:
        - match: 'hello'
          times: 1
          fail: 429
          retryAfter: 300
        - match: 'hello'
          latency: 0
          reply: hello to you
      """;

  private static Optional<Path> claude;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    claude = InstalledClaude.folder();
  }

  private Cli.Ended run(String option) throws IOException {
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    Path script = Files.writeString(folder.resolve("script.yaml"), REFUSED_ONCE);
    return Cli.in(folder)
        .path(claude.get())
        .with("CLAUDE_CODE_TOKEN1", "sk-ant-api03-one")
        .with("CLAUDE_CODE_TOKEN2", "sk-ant-api03-two")
        .input("hello\n")
        .within(
            "run",
            "--rehearsal",
            "--agent",
            "claude",
            "-P",
            "1",
            "--script",
            script.toString(),
            option);
  }

  @Test
  void withFailoverItNoticesNothing() throws IOException {
    Cli.Ended ended = run("--failover");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("hello to you");
    assertThat(events(Event.AttemptStarted.class)).hasSize(1);
    assertThat(events(Event.ApiRetried.class)).isEmpty();
    assertThat(events(Event.AskedAgain.class))
        .singleElement()
        .satisfies(again -> {
          assertThat(again.refused()).isEqualTo("CLAUDE_CODE_TOKEN1");
          assertThat(again.credential()).isEqualTo("CLAUDE_CODE_TOKEN2");
        });
    assertThat(events(Event.ExchangeSeen.class))
        .extracting(seen -> status(seen.exchange()))
        .filteredOn(status -> status == 429)
        .hasSize(1);
  }

  @Test
  void withoutItTheTaskGoesOnWithAnotherAndTheFirstRestsAsTheHeaderSays() throws IOException {
    Cli.Ended ended = run("--witness");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(events(Event.AttemptStarted.class))
        .extracting(Event.AttemptStarted::credential)
        .containsExactly("CLAUDE_CODE_TOKEN1", "CLAUDE_CODE_TOKEN2");
    assertThat(events(Event.CredentialRested.class))
        .as("the CLI itself says no time with an API key")
        .singleElement()
        .satisfies(rested ->
            assertThat(Instant.parse(rested.until())).isAfter(Instant.now().plusSeconds(120)));
  }

  private static int status(Exchange exchange) {
    return exchange.answered() == null ? 0 : exchange.answered().status();
  }

  private <E extends Event> List<E> events(Class<E> type) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(".regatta/runs"))) {
      Path run = runs.findFirst().orElseThrow();
      return JournalReader.read(run.resolve("journal.jsonl")).events().stream()
          .filter(type::isInstance)
          .map(type::cast)
          .toList();
    }
  }
}
