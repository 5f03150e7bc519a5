package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.server.Peer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The kinds of runs over HTTP with what is special about them, and runs that don't want to end. */
@Timeout(300)
class ApiKindsTest {
  private static final String RUNS = "/api/v1/runs";

  @TempDir Path folder;
  private ServedApi served;

  private String started(Cli cli, String body) throws Exception {
    if (served == null) {
      served = ServedApi.of(cli, folder);
    }
    return served
        .api()
        .json(201, served.api().post(RUNS, body.replace("'", "\"")))
        .get("id")
        .asString();
  }

  private JsonNode report(String id) throws Exception {
    return served.api().json(200, served.api().get(RUNS + "/" + id + "/report"));
  }

  @AfterEach
  void stop() {
    if (served != null) {
      served.close();
    }
  }

  @Test
  void anAskOfSeveralModelsAndTemperaturesIsJudgedByAModelInARehearsal() throws Exception {
    String id =
        started(
            Cli.in(folder),
            """
            {'kind': 'ask', 'prompt': 'metal?', 'agent': 'rehearsal-agent', 'rehearsal': true,
             'models': ['iron', 'gold', 'tin'], 'temperatures': '0.2..1.2', 'pick': 'judge',
             'judgeModel': 'any', 'judgeTimeout': 30, 'rubric': 'The nobler metal.'}
            """);
    assertThat(served.awaitEnd(id)).isEqualTo("completed");
    JsonNode report = report(id);
    assertThat(report.get("label").asString()).isEqualTo("REHEARSAL");
    assertThat(report.get("instances").valueStream().map(each -> each.get("modelAsked").asString()))
        .containsExactly("iron", "gold", "tin");
    assertThat(report.at("/judge/rubric").asString()).isEqualTo("The nobler metal.");
    assertThat(report.at("/judge/verdicts")).hasSize(6);
    assertThat(
            served.api().json(200, served.api().get(RUNS + "/" + id)).get("rehearsal").asBoolean())
        .isTrue();
  }

  @Test
  void anAskIsJudgedByAnAgent() throws Exception {
    String id =
        started(
            Cli.in(folder),
            """
            {'kind': 'ask', 'prompt': 'which?', 'agent': 'rehearsal-agent', 'rehearsal': true,
             'instances': 2, 'pick': 'judge', 'judgeAgent': 'rehearsal-agent'}
            """);
    assertThat(served.awaitEnd(id)).isEqualTo("completed");
    assertThat(report(id).at("/judge/verdicts")).hasSize(2);
  }

  @Test
  void aJudgeAtAnAddressThatNobodyListensAtPicksNothingAndItsKeyIsNotSaid() throws Exception {
    String key = "sk-judge-this-is-nobodys-key";
    String id =
        started(
            Cli.in(folder).with("JUDGE_KEY", key),
            """
            {'kind': 'ask', 'prompt': 'which?', 'agent': 'rehearsal-agent', 'rehearsal': true,
             'instances': 2, 'pick': 'judge', 'judgeUrl': 'http://127.0.0.1:1',
             'judgeModel': 'm', 'judgeKeyVariable': 'JUDGE_KEY'}
            """);
    served.awaitEnd(id);
    JsonNode report = report(id);
    assertThat(report.get("picked").isNull()).isTrue();
    assertThat(report.toString())
        .contains("nobody listens at http://127.0.0.1:1/v1/chat/completions")
        .doesNotContain(key);
    assertThat(served.api().get(RUNS + "/" + id + "/journal").body()).doesNotContain(key);
  }

  @Test
  void aSuiteIsRehearsedWithTheRealAgentAndOnlyTheTasksThatWereAskedFor() throws Exception {
    Optional<Path> claude = InstalledClaude.folder();
    assumeTrue(claude.isPresent(), "the real claude CLI");
    String id =
        started(
            Cli.in(folder).path(claude.get()),
            """
            {'kind': 'stress', 'rehearsal': true, 'jobs': 2, 'only': ['agent', 'plain'],
             'timeouts': 'suite', 'suite': {'task_list_id': 'KINDS', 'tests': [
               {'id': 'agent', 'command': 'claude -p hello'},
               {'id': 'plain', 'command': 'echo plain'},
               {'id': 'other', 'command': 'exit 3'}]}}
            """);
    assertThat(served.awaitEnd(id)).isEqualTo("completed");
    JsonNode report = report(id);
    assertThat(report.get("label").asString()).isEqualTo("REHEARSAL");
    assertThat(report.toString()).contains("KINDS", "agent", "plain");
    JsonNode row = served.api().json(200, served.api().get(RUNS + "/" + id));
    assertThat(row.get("rehearsal").asBoolean()).isTrue();
    assertThat(row.get("succeeded").asInt()).isEqualTo(2);
  }

  @Test
  void aRunThatIsCanceledAgainKillsWhatWouldNotEnd() throws Exception {
    String id =
        started(
            Cli.in(folder),
            """
            {'kind': 'run', 'tasks': [{'command': ['sh', '-c',
              'trap : INT TERM; echo armed; while :; do sleep 0.1; done']}]}
            """);
    String output = RUNS + "/" + id + "/attempts/1.1/output";
    await().atMost(Peer.PATIENCE).until(() -> served.api().get(output).body().startsWith("armed"));
    served.api().json(202, served.api().post(RUNS + "/" + id + "/cancel", ""));
    String journal = RUNS + "/" + id + "/journal";
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> served.api().get(journal).body().contains("\"signal\":\"INT\""));
    served.api().json(202, served.api().post(RUNS + "/" + id + "/cancel", ""));
    assertThat(served.awaitEnd(id)).isEqualTo("interrupted");
    assertThat(
            served
                .api()
                .get(journal)
                .body()
                .lines()
                .filter(line -> line.contains("stop-sent"))
                .map(line -> line.replaceAll(".*\"signal\":\"([A-Z]+)\".*", "$1")))
        .as("without waiting for the grace after TERM")
        .containsExactly("INT", "KILL");
  }
}
