package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.Api;
import dev.regatta.server.Peer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs over HTTP: a real server, and runs that are processes of their own. */
@Timeout(300)
class ApiTest {
  private static final String RUNS = "/api/v1/runs";
  private static final String KEY = "sk-ant-api03-this-is-nobodys-key";

  @TempDir Path folder;
  private ServedApi served;
  private Cli.Running running;
  private Api api;

  private void serve(String... more) throws Exception {
    served = ServedApi.of(Cli.in(folder).with("CLAUDE_CODE_TOKEN", KEY), folder, more);
    running = served.running();
    api = served.api();
  }

  @AfterEach
  void stop() {
    if (served != null) {
      served.close();
    }
  }

  private String started(String body) throws Exception {
    HttpResponse<String> answer = api.post(RUNS, body);
    String id = api.json(201, answer).get("id").asString();
    assertThat(answer.headers().firstValue("Location")).hasValue(RUNS + "/" + id);
    return id;
  }

  private String awaitEnd(String id) throws Exception {
    return served.awaitEnd(id);
  }

  @Test
  void aRunIsStartedFollowedAndReadToItsEnd() throws Exception {
    serve();
    String id =
        started(
            """
            {"kind": "run", "parallel": 2, "tasks": [
              {"name": "fine", "command": ["echo", "all is well"]},
              {"name": "ill", "command": ["sh", "-c", "echo no >&2; exit 3"]},
              {"name": "page", "command": ["printf", "<script>alert(1)</script>\\u001b[2J"]}]}
            """);
    List<String> events;
    try (Stream<String> lines = api.follow(RUNS + "/" + id + "/journal").body()) {
      events = lines.toList();
    }
    List<String> ids = events.stream().filter(line -> line.startsWith("id: ")).toList();
    assertThat(ids.getFirst()).isEqualTo("id: 1");
    assertThat(ids.getLast()).isEqualTo("id: " + ids.size());
    assertThat(events).contains("event: end");
    assertThat(events.stream().filter(line -> line.startsWith("data: ")).toList())
        .satisfies(data -> {
          assertThat(data.getFirst()).contains("run-started");
          assertThat(data.get(data.size() - 2)).contains("run-ended");
        });
    List<String> rest;
    try (Stream<String> lines =
        api.follow(RUNS + "/" + id + "/journal", "Last-Event-ID", "" + (ids.size() - 1)).body()) {
      rest = lines.filter(line -> line.startsWith("id: ")).toList();
    }
    assertThat(rest).containsExactly("id: " + ids.size());
    assertThat(
            api.follow(RUNS + "/" + id + "/journal", "Last-Event-ID", "" + ids.size()).statusCode())
        .isEqualTo(204);
    String plain = api.get(RUNS + "/" + id + "/journal").body();
    assertThat(plain)
        .isEqualTo(Files.readString(folder.resolve(".regatta/runs/" + id + "/journal.jsonl")));
    assertThat(api.get(RUNS + "/" + id + "/journal?from=" + ids.size()).body().lines())
        .containsExactly(plain.lines().toList().getLast());

    assertThat(awaitEnd(id)).isEqualTo("completed");
    JsonNode attempts = api.json(200, api.get(RUNS + "/" + id + "/attempts")).get("attempts");
    assertThat(attempts.valueStream().map(each -> each.get("task").asString()))
        .containsExactlyInAnyOrder("fine", "ill", "page");
    assertThat(api.json(200, api.get(RUNS + "/" + id + "/attempts/ill.1")).get("exitCode").asInt())
        .isEqualTo(3);
    assertThat(api.json(200, api.get(RUNS + "/" + id + "/report")).get("run").asString())
        .isEqualTo(id);
    assertThat(api.json(200, api.get(RUNS + "?limit=1")).at("/runs/0/id").asString()).isEqualTo(id);

    String output = RUNS + "/" + id + "/attempts/";
    assertThat(api.get(output + "fine.1/output").body()).isEqualTo("all is well\n");
    assertThat(api.get(output + "ill.1/output?stream=stderr").body()).isEqualTo("no\n");
    assertThat(api.get(output + "ill.1/output").body()).isEmpty();
    HttpResponse<String> hostile = api.get(output + "page.1/output");
    assertThat(hostile.body()).isEqualTo("<script>alert(1)</script>\u001b[2J");
    assertThat(hostile.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(hostile.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    HttpResponse<String> part = api.get(output + "fine.1/output", "Range", "bytes=4-5");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("is");
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 4-5/12");
    assertThat(api.get(output + "fine.1/output", "Range", "bytes=-5").body()).isEqualTo("well\n");
    HttpResponse<String> beyond = api.get(output + "fine.1/output", "Range", "bytes=12-");
    assertThat(api.json(416, beyond).get("detail").asString())
        .isEqualTo("there are 12 bytes, and none of them is in that range");
    assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */12");
    api.json(400, api.get(output + "fine.1/output?stream=other"));
    api.json(409, api.post(RUNS + "/" + id + "/cancel", ""));
  }

  @Test
  void agentsOfARehearsalGetTheirPromptsAndTheirClaimsAreShown() throws Exception {
    serve();
    String id =
        started(
            """
            {"kind": "run", "agent": "rehearsal-agent", "rehearsal": true,
             "tasks": ["Say hello."]}
            """);
    assertThat(awaitEnd(id)).isEqualTo("completed");
    JsonNode attempt = api.json(200, api.get(RUNS + "/" + id + "/attempts/1.1"));
    assertThat(attempt.at("/claims/answer").asString()).isNotEmpty();
    assertThat(api.json(200, api.get(RUNS + "/" + id)).get("rehearsal").asBoolean()).isTrue();
  }

  @Test
  void anAskIsStartedAndItsReportSaysWhatWasPicked() throws Exception {
    serve();
    String id =
        started(
            """
            {"kind": "ask", "prompt": "--help 'me' to \\"count\\"", "instances": 2,
             "agents": ["rehearsal-agent"], "rehearsal": true, "pick": "all",
             "checks": ["test -n \\"$(cat)\\" && echo 'a  b' > seen"], "extract": "last-line",
             "rubric": "/etc/hostname"}
            """);
    assertThat(awaitEnd(id)).isEqualTo("completed");
    JsonNode report = api.json(200, api.get(RUNS + "/" + id + "/report"));
    assertThat(report.get("schema").asString()).isEqualTo("regatta.ask/1");
    assertThat(report.get("prompt").asString()).isEqualTo("--help 'me' to \"count\"");
    assertThat(report.get("instances")).hasSize(2);
    assertThat(report.at("/choices/0/picked").isNumber()).as("%s", report).isTrue();
    assertThat(report.at("/judge/rubric").asString()).isEqualTo("/etc/hostname");
    assertThat(api.json(200, api.get(RUNS + "/" + id)).get("kind").asString()).isEqualTo("ask");
    assertThat(api.get(RUNS + "/" + id + "/journal").body()).contains("run-ended");
    await().atMost(Peer.PATIENCE).until(() -> inputs().isEmpty());
  }

  /** What is left of what was written for runs. */
  private List<String> inputs() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(".regatta/server"))) {
      return files
          .map(Path::toString)
          .filter(name -> name.matches(".*/run-[0-9]+\\.(json|prompt|rubric)"))
          .toList();
    }
  }

  private static String suite(String... commands) {
    return Stream.of(commands)
        .map(command ->
            "{'id': 't_%d', 'command_template': '%s', 'verification': {}}"
                .formatted(Math.abs(command.hashCode()), command))
        .collect(Collectors.joining(", ", "{'task_list_id': 'SMALL', 'tests': [", "]}"))
        .replace("'", "\"");
  }

  @Test
  void aStressSuiteIsStartedAsJsonOrByItsFileAndCanceled() throws Exception {
    serve();
    String id = started("{\"kind\":\"stress\",\"jobs\":2,\"suite\":" + suite("echo x") + "}");
    assertThat(awaitEnd(id)).isEqualTo("completed");
    JsonNode report = api.json(200, api.get(RUNS + "/" + id + "/report"));
    assertThat(report.toString()).contains("SMALL");
    assertThat(api.json(200, api.get(RUNS + "/" + id)).get("kind").asString()).isEqualTo("stress");
    Files.writeString(folder.resolve("suite.json"), suite("sleep 60"));
    String long60 = started("{\"kind\":\"stress\",\"suite\":\"suite.json\"}");
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> api.get(RUNS + "/" + long60 + "/journal").body().contains("attempt-started"));
    api.json(202, api.post(RUNS + "/" + long60 + "/cancel", ""));
    assertThat(awaitEnd(long60)).isEqualTo("interrupted");
    for (String other : List.of("/etc/hostname", "../x.json", "none.json")) {
      refused("{'kind':'stress','suite':'" + other + "'}", 422, "within the server's folder");
    }
    refused("{'kind':'stress','suite':{'categories':7}}", 422, "suite:1:");
    refused("{'kind':'stress','suite':'x','prompt':'y'}", 422, "prompt is no field of the kind");
    refused("{'kind':'ask','prompt':'y','jobs':2}", 422, "jobs is no field of the kind ask");
    refused("{'kind':'ask'}", 422, "needs the field 'prompt'");
    refused("{'kind':'stress'}", 422, "needs the field 'suite'");
  }

  @Test
  void aSuiteWithoutANameIsCalledAsTheRequestOrItsFileIs() throws Exception {
    serve();
    String unnamed = suite("echo x").replace("\"task_list_id\": \"SMALL\", ", "");
    assertThat(unnamed).doesNotContain("SMALL");
    Files.writeString(folder.resolve("mine.json"), unnamed);
    Map<String, String> called =
        Map.of(
            "\"suite\":" + unnamed,
            "suite",
            "\"name\":\"nightly\",\"suite\":" + unnamed,
            "nightly",
            "\"name\":\"other\",\"suite\":" + suite("echo x"),
            "SMALL",
            "\"suite\":\"mine.json\"",
            "mine.json");
    for (Map.Entry<String, String> each : called.entrySet()) {
      String id = started("{\"kind\":\"stress\"," + each.getKey() + "}");
      assertThat(awaitEnd(id)).isEqualTo("completed");
      JsonNode report = api.json(200, api.get(RUNS + "/" + id + "/report"));
      assertThat(report.at("/run/suite").asString()).as(each.getKey()).isEqualTo(each.getValue());
    }
  }

  @Test
  void whatASuiteIsComparedByIsPassedOn() throws Exception {
    serve();
    String compared =
        suite("echo x")
            .replace(
                "\"verification\"",
                "\"concurrent_instances\": 2, \"evaluation_criteria\": [\"BEST_CODE_QUALITY\","
                    + " \"CONSENSUS\"], \"verification\"");
    refused("{'kind':'stress','suite':" + compared + "}", 422, "needs checks: add --check");
    String id =
        started("{\"kind\":\"stress\",\"checks\":[\"grep -q x\"],\"suite\":" + compared + "}");
    assertThat(awaitEnd(id)).isEqualTo("completed");
    assertThat(api.json(200, api.get(RUNS + "/" + id + "/report")).toString())
        .contains("1 of 1 checks", "2 of 2 answers agree");
  }

  @Test
  void withAListChecksAndSuitesStartOnlyWhatIsOnIt() throws Exception {
    serve("--allow-command", "echo", "--allow-command", "rehearsal-agent");
    String ask = "{'kind':'ask','prompt':'x','rehearsal':true,";
    refused(ask + "'agent':'claude'}", 403, "agent: 'claude' is not allowed");
    refused("{'kind':'ask','prompt':'x'}", 403, "agent: 'claude' is not allowed");
    refused(ask + "'agents':['rehearsal-agent','codex']}", 403, "agents: 'codex'");
    String agent = ask + "'agent':'rehearsal-agent',";
    refused(agent + "'judgeAgent':'gemini'}", 403, "judgeAgent: 'gemini'");
    refused(agent + "'judgeKeyVariable':'HOME'}", 403, "judgeKeyVariable");
    refused(agent + "'checks':['ls']}", 403, "checks: Command 'ls' is not allowed");
    refused(agent + "'checks':['echo x; ls']}", 403, "checks: Command 'echo'");
    refused("{'kind':'stress','suite':" + suite("echo x; ls") + "}", 403, "is not allowed");
    refused("{'kind':'stress','suite':" + suite("echo x", "ls") + "}", 403, "Command 'ls'");
    refused("{'kind':'stress','suite':'suite.json'}", 403, "is sent as JSON");
    String allowed = "{'kind':'stress','suite':" + suite("echo x") + ",";
    refused(allowed + "'checks':['ls']}", 403, "checks: Command 'ls' is not allowed");
    refused(allowed + "'judgeAgent':'gemini'}", 403, "judgeAgent: 'gemini'");
    refused(allowed + "'judgeKeyVariable':'HOME'}", 403, "judgeKeyVariable");
    assertThat(inputs()).isEmpty();
    String fine = started("{\"kind\":\"stress\",\"suite\":" + suite("echo x") + "}");
    assertThat(awaitEnd(fine)).isEqualTo("completed");
  }

  @Test
  void aRunIsCanceledAlsoOneThatWasStartedElsewhere() throws Exception {
    serve();
    String own = started("{\"kind\":\"run\",\"tasks\":[{\"command\":[\"sleep\",\"60\"]}]}");
    assertThat(api.json(200, api.get(RUNS)).at("/runs/0/id").asString())
        .as("it is listed from the first moment")
        .isEqualTo(own);
    try (Cli.Running other = Cli.in(folder).start("run", "-P", "1", "--", "sleep")) {
      other.feed("60\n".getBytes(StandardCharsets.UTF_8));
      other.endOfInput();
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> api.json(200, api.get(RUNS)).get("runs").size() == 2);
      String foreign =
          api.json(200, api.get(RUNS))
              .get("runs")
              .valueStream()
              .map(each -> each.get("id").asString())
              .filter(each -> !each.equals(own))
              .findFirst()
              .orElseThrow();
      JsonNode asked = api.json(202, api.post(RUNS + "/" + foreign + "/cancel", ""));
      assertThat(asked.get("pid").asLong()).isEqualTo(other.pid());
      assertThat(other.await().exit()).isEqualTo(130);
      assertThat(awaitEnd(foreign)).isEqualTo("interrupted");
    }
    assertThat(api.json(200, api.get(RUNS + "/" + own)).get("status").asString())
        .isEqualTo("running");
    api.json(202, api.post(RUNS + "/" + own + "/cancel", ""));
    assertThat(awaitEnd(own)).isEqualTo("interrupted");
  }

  @Test
  void whenTheServerStopsItAsksItsRunsToStopAndSaysSo() throws Exception {
    serve();
    String id = started("{\"kind\":\"run\",\"tasks\":[{\"command\":[\"sleep\",\"60\"]}]}");
    running.signal("INT");
    Cli.Ended ended = running.await();
    assertThat(ended.out()).contains("1 run was asked to stop; regatta runs lists");
    assertThat(Cli.in(folder).within("runs").out()).contains(id).contains("interrupted");
    assertThat(Cli.below(folder.resolve(".regatta/server"))).containsExactly("token");
  }

  @Test
  void aRunThatHangsHoldsUpTheServersEndOnlyUntilTheSecondInterrupt() throws Exception {
    serve();
    String id = started("{\"kind\":\"run\",\"tasks\":[{\"command\":[\"sleep\",\"60\"]}]}");
    List<String> claim = Files.readAllLines(folder.resolve(".regatta/live/" + id));
    String pid = claim.get(2).split(" ")[0];
    signal("STOP", pid);
    try {
      running.signal("INT");
      await().atMost(Peer.PATIENCE).until(() -> running.err().contains("once more stops it"));
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).isEqualTo(130);
      assertThat(ended.err())
          .contains("1 run has not stopped and goes on without the server")
          .contains("kill -9 " + pid);
      assertThat(ended.out())
          .contains("1 run was asked to stop", "Stopped; no command was running");
    } finally {
      signal("CONT", pid);
    }
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> Cli.in(folder).within("runs").out().contains("interrupted"));
  }

  private static void signal(String name, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  @Test
  void aRunOutlivesAKillOfTheServer() throws Exception {
    serve();
    String id =
        started(
            """
            {"kind": "run", "tasks": [
              {"command": ["sh", "-c", "while [ ! -e go ]; do sleep 0.05; done; echo went on"]}]}
            """);
    running.signal("KILL");
    running.await();
    Files.createFile(folder.resolve("go"));
    Path output = folder.resolve(".regatta/runs/" + id + "/attempts/1.1.out");
    await().atMost(Peer.PATIENCE).until(() -> Files.exists(output));
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> Cli.in(folder).within("runs").out().contains("completed"));
    assertThat(Files.readString(output)).isEqualTo("went on\n");
  }

  @Test
  void whatCanNotBeStartedIsSaid() throws Exception {
    serve();
    refused("{'kind':'run'}", 422, "needs the field");
    refused("{'kind':'rum','tasks':['x']}", 422, "kind must be run");
    refused("{'kind':'run','tasks':[]}", 422, "tasks must be a list of tasks");
    refused("{'kind':'run','tasks':['x'],'paralel':2}", 422, "paralel is no field here; there is");
    refused("{'kind':'run','tasks':['x'],'parallel':0}", 422, "parallel must be");
    refused("{'kind':'run','tasks':['x'],'tokens':['sk-ant-x']}", 422, "never a token");
    refused("{'kind':'run','tasks':['x'],'model':'--debug'}", 422, "model must be");
    refused("{'kind':'run','tasks':[{'command':['a'],'env':{}}]}", 422, "tasks[0].env");
    refused(
        "{'kind':'run','tasks':['x'],'tokens':['NONE_SET'],'agent':'rehearsal-agent'}",
        422,
        "the run did not begin: regatta: ");
    refused("[]", 422, "an object that says which run");
    refused("{", 400, "the body is not JSON");
  }

  private void refused(String body, int status, String words) throws Exception {
    assertThat(api.json(status, api.post(RUNS, body.replace("'", "\""))).get("detail").asString())
        .contains(words)
        .doesNotContain(folder + "/.regatta/server");
  }

  @Test
  void noIdLeadsOutOfTheFolderOrToWhatIsNotThere() throws Exception {
    serve();
    Files.createDirectories(folder.resolve(".regatta/runs/bad id"));
    for (String id :
        List.of("none", "..", "%2e%2e", "%2e%2e%2fserver", "bad%20id", "20261121-101500-3fa9")) {
      assertThat(api.get(RUNS + "/" + id + "/report").statusCode()).as(id).isIn(400, 404);
    }
    String id = started("{\"kind\":\"run\",\"tasks\":[{\"command\":[\"true\"]}]}");
    awaitEnd(id);
    for (String attempt : List.of("none", "%2e%2e%2f%2e%2e%2ftoken", "..", "1.2")) {
      assertThat(api.get(RUNS + "/" + id + "/attempts/" + attempt + "/output").statusCode())
          .as(attempt)
          .isIn(400, 404);
    }
    Files.delete(folder.resolve(".regatta/runs/" + id + "/journal.jsonl"));
    api.json(410, api.get(RUNS + "/" + id + "/report"));
    api.json(410, api.get(RUNS + "/" + id + "/journal"));
  }

  @Test
  void withAListARunStartsOnlyWhatIsOnIt() throws Exception {
    serve("--allow-command", "echo");
    String fine = started("{\"kind\":\"run\",\"tasks\":[{\"command\":[\"echo\",\"x\"]}]}");
    assertThat(awaitEnd(fine)).isEqualTo("completed");
    assertThat(
            api.json(403, api.post(RUNS, "{\"kind\":\"run\",\"tasks\":[{\"command\":[\"ls\"]}]}"))
                .get("detail")
                .asString())
        .isEqualTo("task 1: 'ls' is not allowed on this server");
    assertThat(
            api.json(
                    403,
                    api.post(RUNS, "{\"kind\":\"run\",\"agent\":\"claude\",\"tasks\":[\"x\"]}"))
                .get("detail")
                .asString())
        .contains("'claude' is not allowed");
  }

  @Test
  void credentialsAreShownByNameAndStateAndNeverByValue() throws Exception {
    serve();
    HttpResponse<String> answer = api.get("/api/v1/credentials");
    JsonNode shown = api.json(200, answer).at("/credentials/0");
    assertThat(shown.get("name").asString()).isEqualTo("CLAUDE_CODE_TOKEN");
    assertThat(shown.get("state").asString()).isEqualTo("ready");
    assertThat(answer.body()).doesNotContain(KEY);
  }

  @Test
  void withoutTheTokenNothingIsSaid() throws Exception {
    serve();
    try (Api stranger =
        new Api(running.out().replaceAll("(?s).*(http://127[0-9.:]+).*", "$1"), "")) {
      assertThat(stranger.document().get("status").asInt()).isEqualTo(401);
    }
  }
}
