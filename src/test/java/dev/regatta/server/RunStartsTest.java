package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many runs are started, and what becomes of those that don't do what they should: processes
 * that stand in for the program, which as itself is started in ApiTest.
 */
@Timeout(120)
class RunStartsTest {
  private static final String RUNS = "/api/v1/runs";
  private static final String REQUEST = "{\"kind\":\"run\",\"tasks\":[{\"command\":[\"true\"]}]}";

  /** Is a run for all who look, as the program is. */
  private static final String BEGIN =
      """
      mkdir -p live
      printf '%s\\n\\n%s %s\\n' "$PWD/runs/fake" $$ "$(cut -d' ' -f22 /proc/$$/stat)" > fake
      mv fake live/fake
      """;

  private static final String UNTIL_GO =
      "echo $$ > pid; mv pid began; while [ ! -e go ]; do sleep 0.02; done\n";

  @TempDir Path folder;

  private CommandServer open(ServerLimits limits, Duration patience, String script)
      throws IOException {
    Path program = Files.writeString(folder.resolve("program"), script);
    ServerTimes times =
        new ServerTimes(
            Served.TIMES.ping(),
            Served.TIMES.heartbeat(),
            Served.TIMES.grace(),
            patience,
            Served.TIMES.idle());
    return Served.withRuns(
        folder,
        limits,
        times,
        () -> List.of(Served.row(folder, "fake")),
        List.of("sh", program.toString()));
  }

  private CommandServer open(String script) throws IOException {
    return open(Served.LIMITS, Duration.ofSeconds(60), script);
  }

  private static Api api(CommandServer server) throws IOException, InterruptedException {
    return new Api(server.baseUrl().toString(), "");
  }

  private long pid() throws IOException {
    await().atMost(Peer.PATIENCE).until(() -> Files.exists(folder.resolve("began")));
    return Long.parseLong(Files.readString(folder.resolve("began")).strip());
  }

  /** What is left of runs in the server's folder. */
  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("server"))) {
      return files.filter(each -> each.getFileName().toString().startsWith("run-")).toList();
    }
  }

  @Test
  void noMoreRunsGoOnThanTheLimitAndOneThatEndsMakesRoom() throws Exception {
    ServerLimits limits = new ServerLimits(5, 300, 1 << 20, 4 << 20, 10, 1_000, 1_000, 1);
    try (CommandServer server =
            open(limits, Duration.ofSeconds(60), UNTIL_GO + "echo not today >&2; exit 3");
        Api api = api(server);
        ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<HttpResponse<String>> post = () -> api.post(RUNS, REQUEST);
      Future<HttpResponse<String>> first = other.submit(post);
      pid();
      List<Path> before = files();
      HttpResponse<String> second = post.call();
      assertThat(api.json(503, second).get("detail").asString())
          .isEqualTo(
              "1 run that this server started goes on, and it starts no more at a time; try again"
                  + " when one has ended, or cancel one");
      assertThat(files()).as("of what was refused nothing is left").isEqualTo(before);
      Files.createFile(folder.resolve("go"));
      assertThat(api.json(422, first.get()).get("detail").asString())
          .isEqualTo("the run did not begin: not today");
      assertThat(api.json(422, post.call()).get("detail").asString()).contains("not today");
    }
  }

  @Test
  void oneThatSaysNothingIsToldByItsExitCode() throws Exception {
    try (CommandServer server = open("exit 3");
        Api api = api(server)) {
      assertThat(api.json(422, api.post(RUNS, REQUEST)).get("detail").asString())
          .isEqualTo("the run did not begin: it ended with exit code 3 and said nothing");
    }
    try (CommandServer server = open("kill -9 $$");
        Api api = api(server)) {
      assertThat(api.json(422, api.post(RUNS, REQUEST)).get("detail").asString())
          .isEqualTo("the run did not begin: it was ended by a signal and said nothing");
    }
  }

  @Test
  void oneThatDoesNotBeginInTimeIsStopped() throws Exception {
    try (CommandServer server = open(Served.LIMITS, Duration.ofSeconds(2), UNTIL_GO);
        Api api = api(server)) {
      assertThat(api.json(504, api.post(RUNS, REQUEST)).get("detail").asString())
          .isEqualTo("the run did not begin within 2 seconds, and was stopped");
      long pid = pid();
      await().atMost(Peer.PATIENCE).until(() -> !Served.alive(pid));
      await().atMost(Peer.PATIENCE).until(() -> files().isEmpty());
    }
  }

  @Test
  void whatWasWrittenForARunGoesWhenItIsOver() throws Exception {
    try (CommandServer server = open(BEGIN + UNTIL_GO);
        Api api = api(server)) {
      assertThat(api.json(201, api.post(RUNS, REQUEST)).get("id").asString()).isEqualTo("fake");
      assertThat(files()).isNotEmpty();
      Files.createFile(folder.resolve("go"));
      await().atMost(Peer.PATIENCE).until(() -> files().isEmpty());
    }
  }

  @Test
  void aRunThatHangsHoldsUpNobodyWhoIsInAHurry() throws Exception {
    try (CommandServer server = open("trap '' INT\n" + BEGIN + UNTIL_GO);
        Api api = api(server)) {
      api.json(201, api.post(RUNS, REQUEST));
      long pid = pid();
      CommandServer.Left left = server.stop(() -> true);
      assertThat(left.runs()).isEqualTo(1);
      assertThat(left.stillRunning()).containsExactly(pid);
      assertThat(Served.alive(pid)).as("a run is not killed: it may still come to itself").isTrue();
    } finally {
      Files.createFile(folder.resolve("go"));
    }
  }

  @Test
  void aRunThatHangsIsNotWaitedForWithoutEndAlsoWhenNobodyIsInAHurry() throws Exception {
    try (CommandServer server =
            open(Served.LIMITS, Duration.ofSeconds(3), "trap '' INT\n" + BEGIN + UNTIL_GO);
        Api api = api(server)) {
      api.json(201, api.post(RUNS, REQUEST));
      assertThat(server.stop(() -> false).stillRunning()).containsExactly(pid());
    } finally {
      Files.createFile(folder.resolve("go"));
    }
  }

  @Test
  void aRunThatHeedsTheSignalIsWaitedFor() throws Exception {
    try (CommandServer server = open(BEGIN + UNTIL_GO);
        Api api = api(server)) {
      api.json(201, api.post(RUNS, REQUEST));
      long pid = pid();
      CommandServer.Left left = server.stop(() -> false);
      assertThat(left.runs()).isEqualTo(1);
      assertThat(left.stillRunning()).isEmpty();
      assertThat(Served.alive(pid)).isFalse();
    }
  }
}
