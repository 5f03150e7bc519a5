package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.CommandServer;
import dev.regatta.server.ServerLimits;
import dev.regatta.server.ServerSettings;
import dev.regatta.server.ServerTimes;
import dev.regatta.server.ServerToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code regatta stress FILE} as people call it, with suites of plain commands. */
class StressRunTest {
  @TempDir Path folder;

  @BeforeEach
  void suite() throws IOException {
    write(
        "suite.yaml",
        """
        task_list_id: SMALL
        tests:
          - { id: a, command: 'echo "$SERVICE_TOKEN"; pwd', expected_patterns: ['/'] }
          - { id: b, command: 'exit 3' }
          - { id: c, command: 'echo c' }
        """);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Cli.Ended stress(String... words) {
    return Cli.in(folder).within(words);
  }

  @Test
  void everyTaskThatPassedIsZeroAndOneThatDidNotIsOne() {
    Cli.Ended failed = stress("stress", "suite.yaml");
    assertThat(failed.exit()).as(failed.err()).isEqualTo(1);
    assertThat(failed.out()).contains("exit 3", "2:1").contains("machine.load", "port");
    Cli.Ended passed = stress("stress", "suite.yaml", "--skip", "b", "--pause", "0.01");
    assertThat(passed.exit()).as(passed.err()).isZero();
    assertThat(passed.out()).contains("2:0").contains("left out with --skip");
    assertThat(stress("runs").out()).contains("stress", "SMALL", "2 of 3", "2 of 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --skip b                      | true
          --only a                      | true
          --category tests              | false
          --only a --only b --only c    | false
          """)
  void aRunOfAPartIsMarkedInTheHistoryAlsoWhenItIsShownAgain(String words, boolean partial) {
    Cli.Ended ended = stress(("stress suite.yaml --json " + words).split(" "));
    JsonNode report = JsonMapper.shared().readTree(ended.out());
    assertThat(report.at("/totals/partial").asBoolean()).isEqualTo(partial);
    assertThat(report.at("/history/0/partial").asBoolean()).isEqualTo(partial);
    Cli.Ended shown = stress("show", report.at("/run/id").asString());
    assertThat(shown.out().contains("Partial: ")).isEqualTo(partial);
    Cli.Ended history = stress("stress", "history", "SMALL");
    assertThat(history.out().contains("Partial runs:   1")).isEqualTo(partial);
    assertThat(history.out().contains("Total runs:     0")).isEqualTo(partial);
  }

  @Test
  void itsJsonIsOneObjectAndPrerequisitesAreElsewhere() {
    Cli.Ended ended = stress("stress", "suite.yaml", "--json", "--only", "c");
    assertThat(ended.exit()).as(ended.err()).isZero();
    JsonNode whole = JsonMapper.shared().readTree(ended.out());
    assertThat(whole.path("run").path("suite").asString("")).isEqualTo("SMALL");
    assertThat(whole.path("totals").path("successRatio").asString("")).isEqualTo("1:0");
  }

  @Test
  void outGetsTheReportTooAndNothingOfSomebodyElsesIsWrittenOver() throws IOException {
    Cli.Ended ended = stress("stress", "suite.yaml", "--only", "c", "--out", "reports");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(folder.resolve("reports/report.txt")).content().contains("1:0");
    Files.createDirectory(folder.resolve("mine"));
    write("mine/report.txt", "mine");
    Cli.Ended refused = stress("stress", "suite.yaml", "--only", "c", "--out", "mine");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("report.txt");
    assertThat(folder.resolve("mine/report.txt")).hasContent("mine");
  }

  @Test
  void reportsAreTheOwnersAloneAndNothingElseIsPutBesideThem() throws IOException {
    Cli.Ended ended = stress("stress", "suite.yaml", "--only", "c", "--out", "reports");
    assertThat(ended.exit()).as(ended.err()).isZero();
    List<String> names = new ArrayList<>(SuiteReports.NAMES);
    names.add("manifest.txt");
    Path run;
    try (Stream<Path> runs = Files.list(folder.resolve(".regatta/runs"))) {
      run = runs.findFirst().orElseThrow();
    }
    for (String name : names) {
      for (Path place : List.of(folder.resolve("reports"), run)) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve(name))))
            .as("%s", place.resolve(name))
            .isEqualTo("rw-------");
      }
    }
    try (Stream<Path> made = Files.list(folder.resolve("reports"))) {
      assertThat(made.map(it -> it.getFileName().toString()).toList())
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void anOutThatCannotBeUsedIsSaidBeforeWhatIsMissingIsLookedFor() throws IOException {
    Files.createDirectory(folder.resolve("mine"));
    write("mine/junit.xml", "mine");
    for (String out : List.of("mine", "suite.yaml/below", "suite.yaml")) {
      Cli.Ended refused = stress("stress", "suite.yaml", "--out", out);
      assertThat(refused.exit()).as(out).isEqualTo(2);
      assertThat(refused.err()).contains("--out");
      assertThat(refused.out()).as(out).isEmpty();
    }
    assertThat(folder.resolve("mine/junit.xml")).hasContent("mine");
    assertThat(folder.resolve(".regatta/runs")).doesNotExist();
  }

  @Test
  void whereStandardErrorIsNoTerminalEachTryThatEndsIsALine() {
    assertThat(stress("stress", "suite.yaml").err())
        .contains("regatta: a.1 passed: exit 0")
        .contains("regatta: b.1 failed: exit 3")
        .contains("regatta: c.1 passed: exit 0");
    assertThat(stress("stress", "suite.yaml", "--json").err()).doesNotContain("passed: exit 0");
  }

  @Test
  void theFileOfVariablesIsNamedAsItWasGivenWhereATaskIsToBeRunAgain() throws IOException {
    write("my vars.env", "OTHER=1\n");
    assertThat(stress("stress", "suite.yaml", "--env-file", "my vars.env").out())
        .contains("  By itself: regatta stress ./suite.yaml --env-file 'my vars.env' --only b\n")
        .contains("  Variables: the command had those of my vars.env too (--env-file)\n");
    try (Stream<Path> runs = Files.list(folder.resolve(".regatta/runs"))) {
      assertThat(runs.findFirst().orElseThrow().resolve("report.html"))
          .content()
          .contains("It had the variables of my vars.env too (--env-file).");
    }
    assertThat(stress("stress", "suite.yaml").out()).doesNotContain("Variables: ");
  }

  @Test
  void variablesOfAFileReachTheCommandsAndTheirSecretsNothingElse() throws IOException {
    write(".env", "# mine\nexport SERVICE_TOKEN='hunter2-hunter2' \nOTHER=1\n");
    Cli.Ended ended = stress("stress", "suite.yaml", "--only", "a", "--env-file", ".env");
    assertThat(ended.exit()).as(ended.err()).isZero();
    for (String name : Cli.below(folder.resolve(".regatta/runs"))) {
      Path file = folder.resolve(".regatta/runs").resolve(name);
      if (Files.isRegularFile(file)) {
        assertThat(Files.readString(file)).as(name).doesNotContain("hunter2-hunter2");
      }
    }
    write(".env", "hunter2-hunter2\n");
    Cli.Ended wrong = stress("stress", "suite.yaml", "--env-file", ".env");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains(".env:1: is no line NAME=value").doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --rehearsal --server http://127.0.0.1:1 | --server and --rehearsal exclude each other
          --env-file x --server http://127.0.0.1:1 | --server and --env-file exclude each other
          --server-token-file x                   | --server-token-file is for --server
          --script x.yaml                         | --script is for rehearsals
          --server nowhere                        | --server must be an address such as
          --jobs 0                                | --jobs must be a whole number
          --pause -1                              | --pause must be seconds
          --out suite.yaml                        | --out must name a folder
          --env-file nowhere                      | --env-file nowhere: there is no such file
          --server http://127.0.0.1:1 --server-token-file nowhere | nowhere can't be read
          """)
  void wrongUseIsSaidBeforeAnythingRuns(String words, String message) {
    Cli.Ended ended = stress(("stress suite.yaml " + words).split(" "));
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains(message);
    assertThat(folder.resolve(".regatta/runs"))
        .satisfiesAnyOf(
            it -> assertThat(it).doesNotExist(), it -> assertThat(it).isEmptyDirectory());
  }

  @Test
  void anAgentThatIsNotThereOrHasNoCredentialStopsItBeforeAnyTask() throws IOException {
    write("agents.yaml", "tests:\n  - { id: a, command: 'claude -p hello' }\n");
    Path empty = Files.createDirectories(folder.resolve("bin"));
    Cli.Ended ended = Cli.in(folder).onlyPath(empty).within("stress", "agents.yaml");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.out())
        .contains("FAIL  tool.claude", "claude is not on the PATH", "npm install")
        .contains("FAIL  credential.claude", "set ANTHROPIC_API_KEY");
    assertThat(ended.err())
        .contains("no task was started", "tool.claude, credential.claude")
        .doesNotContain("Exception");
  }

  private CommandServer server(Path servers) {
    return CommandServer.start(
        new ServerSettings(
            "127.0.0.1",
            0,
            Optional.empty(),
            ServerLimits.USUAL,
            ServerTimes.USUAL,
            Map.of("PATH", System.getenv("PATH")),
            folder,
            "1.2.3"),
        Optional.of(ServerToken.in(servers)),
        servers);
  }

  @Test
  void anotherServerIsUsedWithTheUsualTokenOrAGivenOne() {
    Path usual = folder.resolve(".regatta/server");
    try (CommandServer server = server(usual)) {
      String url = server.baseUrl().toString();
      Cli.Ended ended = stress("stress", "suite.yaml", "--server", url, "--skip", "b");
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(ended.out())
          .contains("2:0", "not known: the server has an environment of its own");
      Cli.Ended refused =
          stress("stress", "suite.yaml", "--server", url, "--home", "other", "--skip", "b");
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.err()).contains("wants a token (401)");
      Cli.Ended given =
          stress(
              "stress",
              "suite.yaml",
              "--server",
              url,
              "--home",
              "other",
              "--skip",
              "b",
              "--server-token-file",
              usual.resolve("token").toString());
      assertThat(given.exit()).as(given.err()).isZero();
    }
  }

  @Test
  void whoeverHoldsThePortOfAServerThatIsNoneIsNamed() throws IOException {
    try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              held.accept()
                  .getOutputStream()
                  .write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes());
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      Cli.Ended ended =
          stress("stress", "suite.yaml", "--server", "http://127.0.0.1:" + held.getLocalPort());
      assertThat(ended.exit()).isEqualTo(3);
      assertThat(ended.err())
          .contains("is no command server: it answers with 404")
          .contains("; process " + ProcessHandle.current().pid() + " (java) listens there");
    }
  }

  @Test
  void aServerOfTheOlderProtocolGetsAConnectionForEachCommand() throws Exception {
    Optional<PythonClients> python = PythonClients.find();
    Assumptions.assumeTrue(python.isPresent(), "no websockets package for Python");
    Path script = folder.resolve("old_server.py");
    try (var source = StressRunTest.class.getResourceAsStream("old_server.py")) {
      Files.copy(source, script);
    }
    write(
        "old.yaml",
        """
        tests:
          - { id: good, command: 'echo hello', expected_patterns: [hello] }
          - { id: code, command: 'exit 3' }
          - { id: slow, command: 'echo a; exec sleep 60', timeout: 0.6 }
          - { id: still, command: 'echo a; exec sleep 60', timeout: 60, stall_timeout: 0.6 }
        """);
    Path port = folder.resolve("port");
    Process server =
        python.get().calls(script.toString(), "100").redirectOutput(port.toFile()).start();
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(port) && Files.readString(port).endsWith("\n"));
      Cli.Ended ended =
          stress(
              "stress",
              "old.yaml",
              "--server",
              "ws://127.0.0.1:" + Files.readString(port).strip() + "/");
      assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
      assertThat(ended.out())
          .contains("exit 0, 1 of 1 patterns found", "exit 3", "1:3")
          .contains("timed out after", "stalled: no more output for", "knows no commands by ids");
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  @Test
  void ctrlCStopsItAndWhatIsKnownIsReported() throws Exception {
    write(
        "long.yaml",
        """
        tests:
          - { id: a, command: 'echo a' }
          - { id: b, command: 'touch began; exec sleep 100' }
          - { id: c, command: 'echo c' }
        """);
    try (Cli.Running running = Cli.in(folder).start("stress", "long.yaml", "--jobs", "1")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.exists(folder.resolve("began")) || !running.alive());
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).as(ended.err()).isEqualTo(130);
      assertThat(ended.out()).contains("1:0").contains("not tried").contains("interrupted");
    }
    assertThat(stress("runs").out()).contains("interrupted", "1 of 3");
  }
}
