package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.Event;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.TestRuns;
import dev.regatta.telemetry.PrometheusText;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is answered at /metrics. */
class MetricsTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("regatta.project", "."), "docs/telemetry.md");

  @TempDir Path folder;

  private static HttpResponse<String> get(CommandServer server, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.baseUrl().resolve("/metrics"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static PrometheusText scraped(CommandServer server) throws Exception {
    HttpResponse<String> answer = get(server);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    return PrometheusText.read(answer.body());
  }

  @Test
  void itNeedsTheToken() throws Exception {
    try (CommandServer server = Served.guarded(folder)) {
      String token = Files.readString(folder.resolve("server/token")).strip();
      assertThat(get(server).statusCode()).isEqualTo(401);
      assertThat(get(server, "Authorization", "Bearer " + token).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aJournalThatIsBeyondAllReasonIsLoggedOnceAndTheRunsAreLookedAtAllTheSame() throws Exception {
    Path journal = folder.resolve("runs/strange/journal.jsonl");
    Files.createDirectories(journal.getParent());
    Files.createDirectories(folder.resolve("live"));
    Files.createFile(folder.resolve("live/strange"));
    try (CommandServer server =
        Served.withRuns(folder, Served.LIMITS, Served.TIMES, List::of, List.of())) {
      String ended = "{\"type\":\"attempt-ended\",\"attempt\":\"1.1\"";
      Files.writeString(journal, line(1, ended + "}"));
      await().atMost(Peer.PATIENCE).until(() -> failures(folder) == 1);
      Files.writeString(
          journal, line(2, ended + ",\"outcome\":\"succeeded\"}"), StandardOpenOption.APPEND);
      await().atMost(Peer.PATIENCE).until(() -> failures(folder) == 2);
      assertThat(scraped(server).value("regatta_runs_running", "rehearsal", "false")).isEqualTo(1);
    }
  }

  private static String line(int number, String event) {
    return "{\"seq\":%d,\"at\":\"%s\",\"nanos\":1,\"event\":%s,\"hash\":\"%s\"}\n"
        .formatted(number, Instant.now().plusSeconds(60), event, "0".repeat(64));
  }

  private static long failures(Path folder) throws IOException {
    return Served.log(folder)
        .lines()
        .filter(line -> line.contains("looking at the runs failed"))
        .count();
  }

  @Test
  void whoAsksForOpenMetricsGetsThat() throws Exception {
    try (CommandServer server = Served.open(folder)) {
      HttpResponse<String> answer =
          get(server, "Accept", "application/openmetrics-text; version=1.0.0");
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/openmetrics-text");
      assertThat(answer.body()).endsWith("# EOF\n");
    }
  }

  @Test
  void executionsMessagesAndErrorsAreCounted() throws Exception {
    try (CommandServer server = Served.open(folder);
        Peer peer = Peer.of(server)) {
      PrometheusText before = scraped(server);
      assertThat(before.value("regatta_server_connections")).isEqualTo(1);
      peer.execute("echo hello", "one");
      peer.notice("process.completed", "one");
      peer.execute("exec sleep 60", "two");
      peer.notice("process.started", "two");
      peer.error("execute", "{\"command\":\"\"}");
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> scraped(server).total("regatta_server_executions_ended_total") == 1);
      PrometheusText during = scraped(server);
      during.requireNotBelow(before);
      assertThat(during.value("regatta_server_executions_running")).isEqualTo(1);
      assertThat(during.value("regatta_server_executions_started_total")).isEqualTo(2);
      assertThat(during.value("regatta_server_executions_ended_total", "reason", "exited"))
          .isEqualTo(1);
      assertThat(during.value("regatta_server_output_bytes_total")).isEqualTo(6);
      assertThat(during.value("regatta_server_dropped_bytes_total")).isZero();
      assertThat(during.value("regatta_server_messages_total")).isEqualTo(3);
      assertThat(during.value("regatta_server_errors_total", "code", "-32001")).isEqualTo(1);
      peer.result("control", "{\"type\":\"CANCEL\",\"id\":\"two\"}");
      peer.notice("process.completed", "two");
      await()
          .atMost(Peer.PATIENCE)
          .until(() ->
              scraped(server).value("regatta_server_executions_ended_total", "reason", "canceled")
                  == 1);
      scraped(server).requireNotBelow(during);
    }
  }

  @Test
  void runsOfTheSameFolderAreCountedWhoeverCarriesThemOut() throws Exception {
    try (CommandServer server = Served.open(folder)) {
      try (Run run = TestRuns.open(folder, new Cancellation())) {
        run.record(new Event.TaskScheduled("1", null, "", 0));
        PrometheusText text = scraped(server);
        assertThat(text.value("regatta_runs_running", "rehearsal", "false")).isEqualTo(1);
        assertThat(text.value("regatta_tasks_waiting", "rehearsal", "false")).isEqualTo(1);
      }
      assertThat(scraped(server).total("regatta_runs_ended_total")).isEqualTo(1);
    }
  }

  @Test
  void thePageNamesEachMetricAndNoOther() throws Exception {
    Set<String> named =
        Pattern.compile("(?m)^\\| `(regatta_\\w+)`")
            .matcher(Files.readString(DOCUMENT))
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    try (CommandServer server = Served.open(folder)) {
      assertThat(named).isEqualTo(new TreeSet<>(server.metrics().names()));
    }
  }
}
