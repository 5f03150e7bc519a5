package dev.regatta.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.regatta.agent.ClaudeAdapter;
import dev.regatta.agent.CommandAdapter;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.process.Limits;
import dev.regatta.run.Cancellation;
import dev.regatta.run.RunOpening;
import dev.regatta.run.RunSettings;
import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges behind a real HTTP server that does what none should; the answers are a program's. */
@Timeout(60)
class JudgesTest {
  private static final Credential TOKEN =
      new Credential("TOKEN", new Secret("sk-ant-api03-judges-test"));
  private static final Secret KEY = new Secret("sk-of-the-judge-0123456789");
  private static final String AGENT =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do [ "$1" = --model ] && model=$2; shift; done
      echo '{"type":"result","subtype":"success","is_error":false,"result":"'$model'","session_id":"s"}'
      """;

  @TempDir Path home;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Queue<Map<String, List<String>>> heads = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private ExecutorService threads;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stopServer() {
    over.countDown();
    server.stop(0);
    threads.close();
  }

  private void serve(HttpHandler handler) {
    server.createContext(
        "/",
        exchange -> {
          heads.add(Map.copyOf(exchange.getRequestHeaders()));
          try (exchange) {
            handler.handle(exchange);
          }
        });
  }

  private static void say(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void answering(String body) {
    serve(exchange -> say(exchange, 200, body));
  }

  private Ensemble ask(int limitSeconds, String... models) throws Exception {
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return ask(
        List.of(),
        Duration.ofSeconds(20),
        Optional.of(
            new EnsemblePlan.Judging(
                Judge.Model.at(base, "m", Optional.of(KEY)),
                "rubric",
                Duration.ofSeconds(limitSeconds))),
        models);
  }

  private Ensemble ask(
      List<String> checks,
      Duration checkLimit,
      Optional<EnsemblePlan.Judging> judging,
      String... models)
      throws Exception {
    Path program = Files.writeString(home.resolve("claude"), AGENT);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    RunOpening opening =
        new RunOpening(
            home,
            Ensemble.KIND,
            "test",
            RunClock.system(),
            new Redactor(List.of(TOKEN.value(), KEY)),
            new Cancellation(),
            Map.of("PATH", System.getenv("PATH")),
            Optional.empty(),
            false,
            Map.of(),
            Map.of());
    RunSettings settings =
        new RunSettings(
            1,
            Map.of("claude", new ClaudeAdapter(program), "command", new CommandAdapter()),
            "claude",
            Limits.NONE,
            1,
            0,
            Permissions.LEAST,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            home,
            home.resolve("config"),
            new RunSettings.Stagger.By(Duration.ZERO));
    EnsemblePlan plan =
        new EnsemblePlan(
            "which?",
            Instance.spread(
                models.length, List.of("claude"), List.of(models), Optional.empty(), List.of()),
            Optional.of(judging.isPresent() ? new Criterion.Judged() : new Criterion.MostChecks()),
            new Extractor.Whole(),
            checks,
            checkLimit,
            judging,
            false,
            false);
    return Ensemble.ask(opening, plan, settings, List.of(TOKEN));
  }

  private static void assertNobodyPicked(Ensemble ensemble, String reason) {
    assertThat(ensemble.choice().orElseThrow().picked()).isNull();
    assertThat(ensemble.status()).isEqualTo("completed");
    assertThat(ensemble.judgements())
        .hasSize(2)
        .allMatch(each -> !each.valid())
        .allSatisfy(each -> assertThat(each.reason()).contains(reason).hasSizeLessThan(700));
  }

  @Test
  void aJudgeThatNeverAnswersIsGivenUpAtItsLimit() throws Exception {
    serve(exchange -> hold());
    assertNobodyPicked(ask(1, "a", "b"), "it did not answer within 1 s");
  }

  @Test
  void aJudgeThatStopsInTheMiddleIsGivenUpAtItsLimit() throws Exception {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      hold();
    });
    assertNobodyPicked(ask(1, "a", "b"), "it did not answer within 1 s");
  }

  private void hold() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 500})
  void anAnswerWithoutAnEndIsCutOff(int status) throws Exception {
    serve(exchange -> {
      exchange.sendResponseHeaders(status, 0);
      OutputStream body = exchange.getResponseBody();
      byte[] much = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
      while (over.getCount() > 0) {
        body.write(much); // fails once nobody reads
      }
    });
    assertNobodyPicked(ask(30, "a", "b"), "it answered with more than 4 MiB");
  }

  @Test
  void anAnswerThatIsNoneSaysSo() throws Exception {
    answering("<html>busy</html>");
    assertNobodyPicked(ask(20, "a", "b"), "its answer is no JSON");
  }

  @Test
  void anAnswerWithoutAMessageSaysSo() throws Exception {
    answering("{\"choices\":[{\"message\":{\"content\":[1]}}],\"winner\":\"A\"}");
    assertNobodyPicked(ask(20, "a", "b"), "its answer holds no message");
  }

  @Test
  void aLongErrorIsKeptAsOneShortLineWithoutWhatActsOnATerminal() throws Exception {
    String message = "\\u001b[31m" + KEY.reveal() + "\\n" + "no such model ".repeat(10_000);
    serve(exchange -> say(exchange, 404, "{\"error\":{\"message\":\"" + message + "\"}}"));
    Ensemble ensemble = ask(20, "a", "b");
    assertNobodyPicked(ensemble, "status 404: \\x1b[31m");
    Path journal = home.resolve("runs").resolve(ensemble.run()).resolve("journal.jsonl");
    assertThat(journal).content().doesNotContain(KEY.reveal(), "\u001b");
  }

  @Test
  void theModelsNameIsKeptShortAndForgedCountsAreNone() throws Exception {
    answering(
        "{\"model\":\""
            + "m".repeat(100_000)
            + "\",\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":1e99},"
            + "\"choices\":[{\"message\":{\"content\":\"WINNER: TIE\"}}]}");
    Ensemble ensemble = ask(20, "a", "b");
    assertThat(ensemble.judgements())
        .hasSize(2)
        .allSatisfy(each -> {
          assertThat(each.valid()).isTrue();
          assertThat(each.model()).hasSizeLessThan(300);
          assertThat(each.inputTokens()).isNull();
          assertThat(each.outputTokens()).isNull();
        });
    assertThat(ensemble.choice().orElseThrow().reason()).contains("2 are equal");
  }

  /** A redirection would hand the key to whoever it names. */
  @Test
  void aRedirectionIsNotFollowed() throws Exception {
    serve(exchange -> {
      exchange.getResponseHeaders().add("location", "/elsewhere");
      say(exchange, 307, "");
    });
    assertNobodyPicked(ask(20, "a", "b"), "status 307");
    assertThat(heads).hasSize(2);
  }

  /**
   * Servers of models that know no HTTP/2 were seen to drop the body of a request to change to it.
   */
  @Test
  void theJudgeIsAskedInBothOrdersWithItsKeyAndNotToChangeToAnotherProtocol() throws Exception {
    answering("{\"choices\":[{\"message\":{\"content\":\"WINNER: A\"}}]}");
    Ensemble ensemble = ask(20, "a", "b", "c");
    assertThat(new Tournament(ensemble.candidates(), ensemble.judgements()).agreement())
        .as("it always prefers the first")
        .contains(0.0);
    assertThat(heads)
        .hasSize(6)
        .allSatisfy(head -> {
          assertThat(head).doesNotContainKeys("Upgrade", "Http2-settings");
          assertThat(head.get("Authorization")).containsExactly("Bearer " + KEY.reveal());
        });
  }

  @Test
  void aCheckThatHangsIsStoppedAtItsLimitAndHasNotPassed() throws Exception {
    Ensemble ensemble =
        ask(
            List.of("grep -q good || exec sleep 300", "true"),
            Duration.ofSeconds(1),
            Optional.empty(),
            "bad",
            "good");
    assertThat(ensemble.choice().orElseThrow().picked()).isEqualTo(2);
    Candidate.Check hung = ensemble.candidates().getFirst().checks().getFirst();
    assertThat(hung.passed()).isFalse();
    assertThat(hung.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(hung.seconds()).isBetween(1.0, 30.0);
    assertThat(ensemble.candidates().getFirst().checks().getLast().passed()).isTrue();
  }
}
