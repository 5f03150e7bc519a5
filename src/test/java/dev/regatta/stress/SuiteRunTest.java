package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.journal.Event;
import dev.regatta.process.MachineLoad;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.TestRuns;
import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import dev.regatta.server.CommandServer;
import dev.regatta.server.ServerLimits;
import dev.regatta.server.ServerSettings;
import dev.regatta.server.ServerTimes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Suites on a real server, over real connections: each way in which a task can end. */
@Timeout(120)
class SuiteRunTest {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  @TempDir Path folder;
  private final Cancellation cancellation = new Cancellation();
  private Optional<Set<String>> allowed = Optional.empty();
  private int jobs = 4;
  private Consumer<Event> watcher = event -> {};
  private Comparison comparison = Comparison.NONE;
  private Function<String, Map<String, String>> handed = attempt -> Map.of();

  private CommandServer server() {
    return CommandServer.start(
        new ServerSettings(
            "127.0.0.1",
            0,
            allowed,
            new ServerLimits(20, 50, 1 << 20, 4 << 20),
            new ServerTimes(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofMillis(300)),
            Map.of("PATH", System.getenv("PATH"), "LANG", "C.UTF-8"),
            folder,
            "1.2.3"),
        Optional.empty(),
        folder.resolve("server"));
  }

  private Suite suite(String yaml) {
    return Suites.read(folder, "suite.yaml", yaml).suite();
  }

  private SuiteOrder order(Suite suite, URI url) {
    List<TaskOrder> tasks =
        suite
            .tasks()
            .map(task -> {
              TaskCommand command = TaskCommand.of(task, Instant.EPOCH);
              Limits limits = Limits.of(task, suite.execution(), new MachineLoad(0));
              return new TaskOrder(
                  task, command, PlannedTask.of(task, command, limits, LimitSource.SUITE));
            })
            .toList();
    return new SuiteOrder(
        suite,
        "suite.yaml",
        tasks,
        Map.of(),
        jobs,
        Duration.ZERO,
        url.toString(),
        true,
        new Endpoint.Provider(),
        0.5,
        1,
        Optional.of(folder),
        folder.resolve("config"),
        List.of(),
        List.of());
  }

  private SuiteResult run(String yaml, URI url, Redactor redactor) throws InterruptedException {
    Suite suite = suite(yaml);
    try (Run run = TestRuns.open(folder, cancellation);
        RemoteCommands commands = RemoteCommands.connect(url, Optional.empty(), PATIENCE)) {
      run.watch(watcher);
      boolean whole =
          new SuiteRun(run, order(suite, url), commands, redactor, handed, comparison).carryOut();
      run.end(whole ? "completed" : "interrupted");
    }
    return SuiteReading.of(TestRuns.events(folder, Event.class), folder.resolve("runs/test"), false)
        .orElseThrow();
  }

  private SuiteResult run(String yaml) throws InterruptedException {
    try (CommandServer server = server()) {
      return run(yaml, server.baseUrl(), new Redactor(List.of()));
    }
  }

  private TaskResult only(String fields) throws InterruptedException {
    return run("tests:\n  - { id: a, " + fields + " }\n").task("a").orElseThrow();
  }

  private static String reason(TaskResult task) {
    return task.status().word() + ": " + task.status().reason();
  }

  @Test
  void aTaskThatHoldsPassesAndItsOutputIsKept() throws Exception {
    TaskResult task = only("command: 'echo hello; echo oops >&2', expected_patterns: [HELLO]");
    assertThat(reason(task)).isEqualTo("passed: exit 0, 1 of 1 patterns found, any needed");
    TryResult only = task.last().getFirst();
    assertThat(only.output().orElseThrow())
        .hasFileName("a.1.A_19700101_000000_001.out")
        .content()
        .contains("hello\n", "oops\n");
    assertThat(only.pid()).isPresent();
    assertThat(only.firstOutput().orElseThrow()).isLessThanOrEqualTo(only.duration());
    assertThat(only.judgement().sightings().getFirst().line()).hasValue(1);
    assertThat(only.outputBytes()).isEqualTo(11);
  }

  @Test
  void anExitCodeASignalAndAMissingMarkerAreToldApart() throws Exception {
    SuiteResult result =
        run(
            """
            tests:
              - { id: code, command: 'exit 3' }
              - { id: signal, command: 'kill -9 $$' }
              - { id: missing, command: 'no-such-program-here' }
              - { id: marker, command: 'true ${MARKER}', verification: { marker: M7 } }
              - { id: must, command: 'exit 4', verification: { expect_non_zero_exit: true } }
              - { id: cat, command: 'cat', verification: { expect_non_zero_exit: true } }
            """);
    assertThat(result.tasks())
        .extracting(SuiteRunTest::reason)
        .containsExactly(
            "failed: exit 3",
            "failed: ended by signal 9",
            "failed: exit 127 (the program was not found)",
            "failed: the marker M7 did not come back",
            "passed: failed as it must: exit 4",
            "failed: expected non-zero, got 0");
    assertThat(result.ratio()).isEqualTo(new SuccessRatio(1, 5));
    assertThat(result.ended()).isTrue();
  }

  @Test
  void whatTakesTooLongIsStoppedAndSaysSo() throws Exception {
    TaskResult task = only("command: 'echo a; exec sleep 60', timeout: 0.4");
    assertThat(reason(task)).isEqualTo("failed: timed out after 0.4 s");
    assertThat(task.duration()).isLessThan(Duration.ofSeconds(20));
    assertThat(task.last().getFirst().ending())
        .isEqualTo(new Ending.TimedOut(Duration.ofMillis(400)));
    assertThat(ProcessHandle.of(task.last().getFirst().pid().orElseThrow())).isEmpty();
  }

  @Test
  void aStallAfterOutputIsToldApartFromASlowStart() throws Exception {
    SuiteResult result =
        run(
            """
            tests:
              - { id: stalled, command: 'echo a; exec sleep 60', timeout: 50, stall_timeout: 0.4 }
              - { id: slow, command: 'exec sleep 60', timeout: 50, stall_timeout: 0.4 }
            """);
    assertThat(result.tasks())
        .extracting(SuiteRunTest::reason)
        .containsExactly(
            "failed: stalled: no more output for 0.4 s",
            "failed: no output at all in the first 0.4 s: a slow start, or it never began");
  }

  @Test
  void whatFailsIsTriedAgainUntilItPasses() throws Exception {
    List<Event> delays = new CopyOnWriteArrayList<>();
    watcher =
        event -> {
          if (event instanceof Event.TryDelayed) {
            delays.add(event);
          }
        };
    SuiteResult result =
        run(
            """
            max_retries: 2
            execution_config: { retry_delays: [0.01, 0.02] }
            tests:
              - { id: a, command: 'test -e made || { touch made; exit 5; }' }
              - { id: b, command: 'exit 6' }
              - { id: c, command: 'true' }
            """);
    assertThat(result.tasks())
        .extracting(SuiteRunTest::reason)
        .containsExactly(
            "passed: exit 0, no patterns (try 2 of 3)",
            "failed: exit 6 (try 3 of 3)",
            "passed: exit 0, no patterns");
    assertThat(result.tasks()).extracting(TaskResult::tried).containsExactly(2, 3, 1);
    assertThat(delays)
        .filteredOn(event -> ((Event.TryDelayed) event).task().equals("b"))
        .extracting(event -> ((Event.TryDelayed) event).seconds())
        .containsExactly(0.01, 0.02);
  }

  @Test
  void aCommandThatTheServerRefusesIsNotTriedAgain() throws Exception {
    allowed = Optional.of(Set.of("echo"));
    SuiteResult result = run("max_retries: 3\ntests:\n  - { id: a, command: 'rm -rf x' }\n");
    assertThat(reason(result.tasks().getFirst()))
        .isEqualTo("failed: the server did not start it: Command 'rm' is not allowed");
    assertThat(result.tasks().getFirst().tried()).isEqualTo(1);
  }

  @Test
  void aConnectionThatBreaksIsOpenedAgainAndNothingIsMissed() throws Exception {
    try (CommandServer server = server();
        BreakableWay way = BreakableWay.to(server.baseUrl())) {
      Path go = folder.resolve("go");
      watcher =
          event -> {
            if (event instanceof Event.AttemptStarted) {
              Thread.ofVirtual().start(() -> cutWhileItRuns(way, go));
            }
          };
      SuiteResult result =
          run(
              """
              tests:
                - id: a
                  command: 'seq 1000; while [ ! -e go ]; do sleep 0.02; done; seq 1001 2000'
                  timeout: 60
              """,
              way.url(),
              new Redactor(List.of()));
      assertThat(reason(result.tasks().getFirst())).isEqualTo("passed: exit 0, no patterns");
      List<String> lines =
          Files.readAllLines(result.tasks().getFirst().last().getFirst().output().orElseThrow());
      assertThat(lines).hasSize(2000).startsWith("1").endsWith("2000");
      assertThat(result.warnings()).isEmpty();
    }
  }

  private static void cutWhileItRuns(BreakableWay way, Path go) {
    try {
      way.cut();
      Files.createFile(go);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aServerThatGoesAwayForGoodIsSaidOfWhatRanAndOfWhatNeverBegan() throws Exception {
    jobs = 1;
    try (CommandServer server = server();
        BreakableWay way = BreakableWay.to(server.baseUrl())) {
      watcher =
          event -> {
            if (event instanceof Event.AttemptStarted) {
              Thread.ofVirtual().start(way::close);
            }
          };
      SuiteResult result =
          run(
              """
              tests:
                - { id: a, command: 'exec sleep 60' }
                - { id: b, command: 'true' }
              """,
              way.url(),
              new Redactor(List.of()));
      assertThat(reason(result.tasks().get(0)))
          .startsWith("failed: its end is not known: ws://127.0.0.1:")
          .contains("and then", "can't be reached");
      assertThat(reason(result.tasks().get(1)))
          .startsWith("not tried: ws://127.0.0.1:")
          .contains("can't be reached");
    }
  }

  @Test
  void interruptedItStopsWhatRunsAndSaysWhatWasNotTried() throws Exception {
    jobs = 1;
    watcher =
        event -> {
          if (event instanceof Event.AttemptStarted started && started.task().equals("b")) {
            Thread.ofVirtual().start(cancellation::request);
          }
        };
    SuiteResult result =
        run(
            """
            tests:
              - { id: a, command: 'true' }
              - { id: b, command: 'exec sleep 60' }
              - { id: c, command: 'true' }
            """);
    assertThat(result.interrupted()).isTrue();
    assertThat(result.tasks())
        .extracting(SuiteRunTest::reason)
        .containsExactly(
            "passed: exit 0, no patterns", "not tried: interrupted", "not tried: interrupted");
    assertThat(result.ratio()).isEqualTo(new SuccessRatio(1, 0));
  }

  @Test
  void askedAgainItWaitsForNothing() throws Exception {
    watcher =
        event -> {
          if (event instanceof Event.AttemptStarted) {
            Thread.ofVirtual()
                .start(() -> {
                  cancellation.request();
                  cancellation.request();
                });
          }
        };
    long start = System.nanoTime();
    SuiteResult result = run("tests:\n  - { id: a, command: \"trap '' TERM; sleep 60\" }\n");
    assertThat(reason(result.tasks().getFirst())).isEqualTo("not tried: interrupted");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void eachTryOfATaskIsHandedVariablesOfItsOwn() throws Exception {
    handed = attempt -> Map.of("OF", "for-" + attempt);
    TaskResult task =
        run("""
        max_retries: 1
        execution_config: { retry_delays: [0] }
        tests:
          - { id: a, command: 'echo got $OF; exit 3' }
        """)
            .task("a")
            .orElseThrow();
    assertThat(task.tries())
        .extracting(each -> Files.readString(each.output().orElseThrow()))
        .containsExactly("got for-a.1\n", "got for-a.2\n");
  }

  @Test
  void noMoreRunAtOnceThanThereArePlaces() throws Exception {
    jobs = 2;
    SuiteResult result =
        run(
            """
            tests:
              - { id: a, command: &c 'mkdir -p at; touch at/$$; ls at | wc -l; sleep 0.1; rm at/$$' }
              - { id: b, command: 'mkdir -p at; touch at/$$; ls at | wc -l; sleep 0.1; rm at/$$' }
              - { id: c, command: 'mkdir -p at; touch at/$$; ls at | wc -l; sleep 0.1; rm at/$$' }
              - { id: d, command: 'mkdir -p at; touch at/$$; ls at | wc -l; sleep 0.1; rm at/$$' }
            """
                .replace("&c ", ""));
    for (TaskResult task : result.tasks()) {
      assertThat(Integer.parseInt(Files.readString(task.last().getFirst().output().get()).strip()))
          .isBetween(1, 2);
    }
  }

  @Test
  void instancesRunAtOnceAndTheBestIsFoundByEachCriterion() throws Exception {
    TaskResult task =
        only(
            "command: 'mkdir one 2>/dev/null && { sleep 0.5; seq 100; } || echo 1',"
                + " concurrent_instances: 3, temperature_range: [0.2, 1.0],"
                + " evaluation_criteria: [FASTEST, MOST_DETAILED, HIGHEST_MODEL_TEMP, LLM_JUDGE]");
    assertThat(reason(task)).isEqualTo("passed: 3 of 3 instances passed");
    assertThat(task.instances())
        .extracting(it -> it.temperature().orElseThrow())
        .containsExactly(0.2, 0.6, 1.0);
    int slow =
        task.instances().stream()
            .filter(it -> it.last().orElseThrow().outputBytes() > 100)
            .findFirst()
            .orElseThrow()
            .number();
    assertThat(task.best()).extracting(Best::criterion).hasSize(4);
    assertThat(task.best().get(0).instance().orElseThrow()).isNotEqualTo(slow);
    assertThat(task.best().get(1).instance()).hasValue(slow);
    assertThat(task.best().get(2).instance()).hasValue(3);
    assertThat(task.best().get(3).instance()).isEmpty();
    assertThat(task.last())
        .extracting(TryResult::attempt)
        .containsExactly("a@1.1", "a@2.1", "a@3.1");
  }

  @Test
  void anInstanceThatFailsFailsTheTaskAndIsNamed() throws Exception {
    TaskResult task =
        only(
            "command: 'mkdir one 2>/dev/null || exit 9', concurrent_instances: 2,"
                + " evaluation_criteria: [FASTEST]");
    assertThat(task.status()).isInstanceOf(TaskStatus.Failed.class);
    assertThat(task.status().reason())
        .startsWith("1 of 2 instances passed; instance ")
        .endsWith("exit 9");
    assertThat(task.best().getFirst().instance()).isPresent();
  }

  @Test
  void aFileThatMustBeThereIsLookedFor() throws Exception {
    String files = "verification: { files: [{ path: f, contains: [x] }] }";
    assertThat(reason(only("command: 'echo x > f', " + files)))
        .isEqualTo("passed: exit 0, no patterns");
  }

  @Test
  void secretsAreInNothingThatIsKept() throws Exception {
    Redactor redactor = new Redactor(List.of(new Secret("hunter2-hunter2")));
    try (CommandServer server = server()) {
      SuiteResult result =
          run(
              "tests:\n  - { id: a, command: 'echo hunter2-; echo hunter2-hunter2' }\n",
              server.baseUrl(),
              redactor);
      assertThat(result.tasks().getFirst().last().getFirst().output().orElseThrow())
          .content()
          .doesNotContain("hunter2-hunter2")
          .contains("hunter2-\n");
    }
  }

  @Test
  void aServerThatIsNotThereOrIsNoneIsSaid() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + port);
    assertThatThrownBy(() -> RemoteCommands.connect(nobody, Optional.empty(), PATIENCE))
        .isInstanceOf(ServerUnreachable.class)
        .hasMessageContaining(
            "can't be reached: nobody listens there (connection refused); start the server");
    try (CommandServer server = server()) {
      URI elsewhere = URI.create(server.baseUrl() + "/health");
      assertThatThrownBy(() -> RemoteCommands.connect(elsewhere, Optional.empty(), PATIENCE))
          .hasMessageContaining("is no command server: it answers with ");
    }
    assertThatThrownBy(() -> RemoteCommands.address(URI.create("ftp://x")))
        .hasMessageContaining("must be an address such as");
  }

  @Test
  void whoeverAcceptsConnectionsAndSaysNothingIsNotWaitedForWithoutEnd() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HttpClient client = HttpClient.newHttpClient(); // closing it would wait for that server
      URI address = URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/ws");
      assertThatThrownBy(() ->
              Link.open(
                  client,
                  address,
                  Optional.empty(),
                  Duration.ofMillis(200),
                  (method, params) -> {},
                  why -> {}))
          .isInstanceOf(ServerUnreachable.class)
          .hasMessage(address + " does not answer within 0.2 s; is it a command server?");
    }
  }

  @Test
  void whatIsReadWhileItGoesOnAndAfterAKillSaysSo() throws Exception {
    run("tests:\n  - { id: a, command: 'true' }\n  - { id: b, command: 'true' }\n");
    List<Event> events = TestRuns.events(folder, Event.class);
    List<Event> cut =
        events.stream()
            .filter(event -> !(event instanceof Event.TryJudged it && it.attempt().equals("b.1")))
            .filter(event -> !(event instanceof Event.RunEnded))
            .toList();
    for (boolean alive : new boolean[] {true, false}) {
      SuiteResult result = SuiteReading.of(cut, folder, alive).orElseThrow();
      assertThat(result.ended()).isFalse();
      assertThat(reason(result.task("b").orElseThrow()))
          .isEqualTo(alive ? "not tried: not yet" : "not tried: the run was killed");
    }
    assertThat(SuiteReading.of(events.subList(0, 1), folder, true)).isEmpty();
  }
}
