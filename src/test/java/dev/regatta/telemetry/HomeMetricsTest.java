package dev.regatta.telemetry;

import static dev.regatta.telemetry.Told.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.TestRuns;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is told of the runs of a folder. */
class HomeMetricsTest {
  private static final String[] CLAUDE = {"agent", "claude", "rehearsal", "false"};

  @TempDir Path home;
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private HomeMetrics metrics() {
    return new HomeMetrics(home, registry, InstantSource.system());
  }

  private PrometheusText scraped(HomeMetrics metrics) throws IOException {
    metrics.catchUp();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
    return PrometheusText.read(out.toString(StandardCharsets.UTF_8));
  }

  private Run run() {
    return TestRuns.open(home, new Cancellation());
  }

  @Test
  void anAttemptIsCountedByHowItEndedAndHowLongItTook() throws IOException {
    HomeMetrics metrics = metrics();
    try (Run run = run()) {
      run.record(Told.started("1.1", "claude", 0));
      PrometheusText early = scraped(metrics);
      assertThat(early.value("regatta_attempts_running", CLAUDE)).isEqualTo(1);
      assertThat(early.value("regatta_runs_running", "rehearsal", "false")).isEqualTo(1);
      run.record(Told.exchange("1.1", 200, SECOND, 3 * SECOND));
      run.record(
          Told.ended(
              "1.1", Outcome.SUCCEEDED, 2 * SECOND, 4 * SECOND, Told.claims(0.25, "m", null)));
      PrometheusText late = scraped(metrics);
      late.requireNotBelow(early);
      assertThat(late.samples("regatta_attempts_running")).isEmpty();
      assertThat(
              late.value(
                  "regatta_attempts_total",
                  "agent",
                  "claude",
                  "outcome",
                  "succeeded",
                  "rehearsal",
                  "false"))
          .isEqualTo(1);
      assertThat(late.value("regatta_cost_usd_total", CLAUDE)).isEqualTo(0.25);
      assertThat(late.value("regatta_attempt_duration_seconds_sum", CLAUDE)).isEqualTo(4);
      assertThat(late.value("regatta_attempt_first_output_seconds_sum", CLAUDE)).isEqualTo(2);
      assertThat(late.value("regatta_exchange_duration_seconds_sum", CLAUDE)).isEqualTo(2);
      assertThat(late.value("regatta_exchange_first_byte_seconds_sum", CLAUDE))
          .isCloseTo(0.1, org.assertj.core.data.Offset.offset(0.001));
      assertThat(late.value("regatta_exchange_first_token_seconds_count", CLAUDE)).isEqualTo(1);
      assertThat(
              late.value(
                  "regatta_exchanges_total",
                  "agent",
                  "claude",
                  "status",
                  "2xx",
                  "rehearsal",
                  "false"))
          .isEqualTo(1);
    }
    PrometheusText over = scraped(metrics);
    assertThat(over.value("regatta_runs_running", "rehearsal", "false")).isZero();
    assertThat(over.value("regatta_runs_ended_total", "status", "failed", "rehearsal", "false"))
        .isEqualTo(1);
  }

  @Test
  void tokensAreCountedByModelAndKindWithThoseOfSubAgents() throws IOException {
    HomeMetrics metrics = metrics();
    try (Run run = run()) {
      run.record(Told.started("1.1", "claude", 0));
      run.record(
          Told.ended(
              "1.1",
              Outcome.SUCCEEDED,
              1,
              2,
              Told.claims(
                  null,
                  "big",
                  Map.of(
                      "big", new Claims.Use(1L, 2L, 3L, 4L, null),
                      "small", new Claims.Use(5L, null, 0L, -7L, null)))));
      run.record(Told.started("2.1", "codex", 0));
      run.record(Told.ended("2.1", Outcome.AGENT_ERROR, 1, 2, Told.claims(null, null, null)));
    }
    PrometheusText text = scraped(metrics);
    assertThat(tokens(text, "claude", "big", "input")).isEqualTo(1);
    assertThat(tokens(text, "claude", "big", "output")).isEqualTo(2);
    assertThat(tokens(text, "claude", "big", "cache_read")).isEqualTo(3);
    assertThat(tokens(text, "claude", "big", "cache_creation")).isEqualTo(4);
    assertThat(tokens(text, "claude", "small", "input")).isEqualTo(5);
    assertThat(tokens(text, "codex", "unknown", "cache_creation")).isEqualTo(40);
    assertThat(text.total("regatta_tokens_total")).isEqualTo(115);
  }

  private static double tokens(PrometheusText text, String agent, String model, String type) {
    return text.value(
        "regatta_tokens_total", "agent", agent, "model", model, "type", type, "rehearsal", "false");
  }

  @Test
  void tenThousandNamesOfModelsAreFewSeries() throws IOException {
    HomeMetrics metrics = metrics();
    try (Run run = run()) {
      for (int i = 0; i < 10_000; i++) {
        String model = i % 3 == 0 ? "evil\"\n{} " + i : "model-" + i;
        String agent = "agent-" + i;
        run.record(Told.started(i + ".1", agent, 0));
        run.record(
            Told.ended(i + ".1", Outcome.SUCCEEDED, 1, 2, Told.claims(Double.NaN, model, null)));
      }
    }
    PrometheusText text = scraped(metrics);
    assertThat(text.values("model")).hasSizeLessThanOrEqualTo(51).contains("other");
    assertThat(text.values("agent")).hasSizeLessThanOrEqualTo(21).contains("other");
    assertThat(text.total("regatta_attempts_total")).isEqualTo(10_000);
    assertThat(text.total("regatta_tokens_total")).isEqualTo(10_000 * 100);
    assertThat(text.total("regatta_cost_usd_total")).isZero();
  }

  @Test
  void whatWaitsAndHowCredentialsAreIsToldWhileTheRunGoesOn() throws IOException {
    HomeMetrics metrics = metrics();
    try (Run run = run()) {
      run.record(
          new Event.PlanRecorded(
              1,
              1,
              List.of(),
              List.of(),
              List.of("CLAUDE_CODE_TOKEN1", "CLAUDE_CODE_TOKEN2", "OPENAI_API_KEY", "MINE"),
              false,
              Map.of(),
              "claude",
              null,
              null));
      run.record(
          new Event.TasksListed(
              List.of(new Event.ListedTask("1.1", ""), new Event.ListedTask("2", ""))));
      run.record(new Event.TaskScheduled("1.1", null, "", 0));
      run.record(new Event.TaskScheduled("3", null, "", 0));
      assertThat(waiting(scraped(metrics))).isEqualTo(3);
      run.record(Told.started("1.1", "claude", 0));
      run.record(new Event.TaskNotTried("3", "no"));
      run.record(
          new Event.CredentialRested(
              "CLAUDE_CODE_TOKEN2", Instant.now().plusSeconds(600).toString(), "limit"));
      run.record(new Event.CredentialRested("OPENAI_API_KEY", null, "refused"));
      run.record(
          new Event.CredentialRested("MINE", Instant.now().minusSeconds(1).toString(), "limit"));
      PrometheusText text = scraped(metrics);
      assertThat(waiting(text)).isEqualTo(1);
      assertThat(text.samples("regatta_credentials"))
          .isEqualTo(
              Map.of(
                  Map.of("provider", "anthropic", "state", "ready"), 1.0,
                  Map.of("provider", "anthropic", "state", "resting"), 1.0,
                  Map.of("provider", "openai", "state", "refused"), 1.0,
                  Map.of("provider", "unknown", "state", "ready"), 1.0));
    }
    PrometheusText over = scraped(metrics);
    assertThat(waiting(over)).isZero();
    assertThat(over.samples("regatta_credentials")).isEmpty();
  }

  private static double waiting(PrometheusText text) {
    return text.value("regatta_tasks_waiting", "rehearsal", "false");
  }

  @Test
  void whatWasBeforeIsNotCountedAndARunThatWasOverIsNotOpened() throws IOException {
    Path journal = home.resolve("runs/test/journal.jsonl");
    try (Run run = run()) {
      run.record(Told.started("1.1", "claude", 0));
      run.record(Told.ended("1.1", Outcome.SUCCEEDED, 1, 2, Claims.NONE));
    }
    // An unreadable one would be counted as such if it were opened.
    Files.move(journal, home.resolve("kept"));
    Files.createDirectory(journal);
    Files.createFile(journal.resolve("so that it has a size"));
    HomeMetrics metrics = metrics();
    PrometheusText text = scraped(metrics);
    assertThat(text.total("regatta_attempts_total")).isZero();
    assertThat(text.total("regatta_journal_read_errors_total")).isZero();
  }

  @Test
  void ofARunThatLivesOnlyWhatFollowsIsCounted() throws Exception {
    try (Run run = run()) {
      run.record(Told.started("1.1", "claude", 0));
      run.record(Told.ended("1.1", Outcome.SUCCEEDED, 1, 2, Claims.NONE));
      run.record(Told.started("2.1", "claude", 0));
      // Lines have whole milliseconds: what is to count must be of a later one.
      Instant after = Instant.now().plusMillis(2);
      while (Instant.now().isBefore(after)) {
        Thread.onSpinWait();
      }
      HomeMetrics metrics = metrics();
      assertThat(scraped(metrics).total("regatta_attempts_running")).isEqualTo(1);
      run.record(Told.ended("2.1", Outcome.STALLED, 1, 3 * SECOND, Claims.NONE));
      PrometheusText text = scraped(metrics);
      assertThat(text.total("regatta_attempts_total")).isEqualTo(1);
      assertThat(text.value("regatta_attempt_duration_seconds_sum", CLAUDE)).isEqualTo(3);
    }
  }

  @Test
  void aJournalThatCannotBeReadIsCountedAndTheOthersAreRead() throws IOException {
    HomeMetrics metrics = metrics();
    Path journal = home.resolve("runs/another/journal.jsonl");
    Files.createDirectories(journal);
    Files.createFile(journal.resolve("so that it has a size"));
    try (Run run = run()) {
      run.record(Told.started("1.1", "claude", 0));
      PrometheusText text = scraped(metrics);
      assertThat(text.total("regatta_journal_read_errors_total")).isEqualTo(1);
      assertThat(text.total("regatta_attempts_running")).isEqualTo(1);
    }
  }

  @Test
  void ofARunWhoseFolderWasDeletedNothingIsKept() throws IOException {
    HomeMetrics metrics = metrics();
    try (Run run = run()) {
      run.record(Told.started("1.1", "claude", 0));
      scraped(metrics);
      assertThat(metrics.kept()).isEqualTo(1);
    }
    scraped(metrics);
    assertThat(metrics.kept()).as("it may be gone on with").isEqualTo(1);
    try (Stream<Path> files = Files.walk(home.resolve("runs/test"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    scraped(metrics);
    assertThat(metrics.kept()).isZero();
  }

  @Test
  void countersOnlyGrowWhileAJournalIsWrittenAndLinesAreHalfThere() throws IOException {
    Path made = home.resolve("made");
    HomeMetrics metrics = metrics();
    try (Run run = TestRuns.open(made, new Cancellation())) {
      for (int i = 0; i < 50; i++) {
        run.record(Told.started(i + ".1", "claude", i));
        run.record(Told.exchange(i + ".1", i % 2 == 0 ? 200 : 529, i, i + SECOND));
        run.record(
            Told.ended(
                i + ".1", Outcome.SUCCEEDED, i + 5, i + SECOND, Told.claims(0.5, "m", null)));
      }
    }
    byte[] whole = Files.readAllBytes(made.resolve("runs/test/journal.jsonl"));
    Path journal = home.resolve("runs/growing/journal.jsonl");
    Files.createDirectories(journal.getParent());
    PrometheusText before = scraped(metrics);
    for (int at = 0; at < whole.length; at += 997) {
      Files.write(
          journal,
          java.util.Arrays.copyOfRange(whole, at, Math.min(whole.length, at + 997)),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      PrometheusText now = scraped(metrics);
      now.requireNotBelow(before);
      before = now;
    }
    assertThat(before.total("regatta_attempts_total")).isEqualTo(50);
    assertThat(before.total("regatta_exchanges_total")).isEqualTo(50);
    assertThat(before.values("status")).containsExactlyInAnyOrder("2xx", "5xx", "failed");
    assertThat(before.total("regatta_cost_usd_total")).isEqualTo(25);
    assertThat(Set.copyOf(before.types().values())).contains("counter", "histogram");
  }
}
