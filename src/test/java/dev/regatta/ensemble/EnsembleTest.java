package dev.regatta.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.agent.ClaudeAdapter;
import dev.regatta.agent.CommandAdapter;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.journal.Entry;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.process.Limits;
import dev.regatta.run.Cancellation;
import dev.regatta.run.RunOpening;
import dev.regatta.run.RunSettings;
import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The call that a program makes; the agent is a program that prints what the real CLI would. */
@Timeout(60)
class EnsembleTest {
  private static final Credential TOKEN =
      new Credential("TOKEN", new Secret("sk-ant-api03-ensemble-test"));

  private static final String AGENT =
      """
      #!/bin/sh
      model=none
      while [ $# -gt 0 ]; do [ "$1" = --model ] && model=$2; shift; done
      case "$model" in
        fails) exit 1 ;;
        hangs) sleep 300 ;;
      esac
      echo '{"type":"result","subtype":"success","is_error":false,"result":"'$model'","session_id":"s"}'
      """;

  @TempDir Path home;

  private RunOpening opening(Cancellation cancellation) {
    return new RunOpening(
        home,
        Ensemble.KIND,
        "test",
        RunClock.system(),
        new Redactor(List.of(TOKEN.value())),
        cancellation,
        Map.of("PATH", System.getenv("PATH")),
        Optional.empty(),
        false,
        Map.of(),
        Map.of());
  }

  private RunSettings settings(Limits limits) throws IOException {
    Path program = Files.writeString(home.resolve("claude"), AGENT);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new RunSettings(
        1,
        Map.of("claude", new ClaudeAdapter(program), "command", new CommandAdapter()),
        "claude",
        limits,
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
  }

  private static List<Instance> models(String... models) {
    return Instance.spread(
        models.length, List.of("claude"), List.of(models), Optional.empty(), List.of());
  }

  @Test
  void aProgramAsksAndGetsTheAnswerWithItsReason() throws Exception {
    Ensemble ensemble =
        Ensemble.ask(
            opening(new Cancellation()),
            EnsemblePlan.of(
                "which?", models("aa", "b", "aa", "fails"), new Criterion.MostDetailed()),
            settings(Limits.NONE),
            List.of(TOKEN));
    assertThat(ensemble.status()).isEqualTo("completed");
    assertThat(ensemble.picked().orElseThrow().text()).isEqualTo("aa");
    assertThat(ensemble.choice().orElseThrow().reason()).contains("has the longest answer");
    assertThat(ensemble.candidates())
        .extracting(Candidate::eligible)
        .containsExactly(true, true, true, false);
    assertThat(ensemble.statistics().failureRate()).isEqualTo(0.25);
    assertThat(ensemble.wallSeconds()).isGreaterThanOrEqualTo(0);
  }

  @Test
  void aTimeLimitEndsOneThatHangsAndTheOthersAreHeard() throws Exception {
    Limits limit =
        new Limits(Optional.of(Duration.ofSeconds(1)), Optional.empty(), Optional.empty());
    Ensemble ensemble =
        Ensemble.ask(
            opening(new Cancellation()),
            EnsemblePlan.of("which?", models("hangs", "b"), new Criterion.Shortest()),
            settings(limit),
            List.of(TOKEN));
    assertThat(ensemble.candidates().getFirst().outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(ensemble.picked().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void whatIsStoppedBeforeItBeginsSaysSo() throws Exception {
    Cancellation stopped = new Cancellation();
    stopped.request();
    Ensemble ensemble =
        Ensemble.ask(
            opening(stopped),
            EnsemblePlan.of("which?", models("a"), new Criterion.Fastest()),
            settings(Limits.NONE),
            List.of(TOKEN));
    assertThat(ensemble.status()).isEqualTo("interrupted");
    assertThat(ensemble.picked()).isEmpty();
    assertThat(ensemble.candidates().getFirst().reason()).isEqualTo("it never began");
  }

  /** A run can be killed after any line: what is derived then must still be right. */
  @Test
  void everyBeginningOfTheJournalCanBeRead() throws Exception {
    Ensemble whole =
        Ensemble.ask(
            opening(new Cancellation()),
            new EnsemblePlan(
                "which?",
                models("aa", "b"),
                Optional.of(new Criterion.MostChecks()),
                new Extractor.Whole(),
                List.of("grep -q aa"),
                Duration.ofSeconds(20),
                Optional.empty(),
                true,
                false),
            settings(Limits.NONE),
            List.of(TOKEN));
    assertThat(whole.picked().orElseThrow().text()).isEqualTo("aa");
    List<Entry> entries =
        JournalReader.read(home.resolve("runs").resolve(whole.run()).resolve("journal.jsonl"))
            .entries();
    for (int lines = 0; lines < entries.size(); lines++) {
      Ensemble lost = Ensemble.of(entries.subList(0, lines), false);
      assertThat(lost.status()).as("after %d lines", lines).isEqualTo("lost");
      Ensemble alive = Ensemble.of(entries.subList(0, lines), true);
      assertThat(alive.status()).isEqualTo("running");
      assertThat(alive.candidates()).noneMatch(each -> each.outcome() == Outcome.LOST);
      lost.choice()
          .map(Choice::picked)
          .ifPresent(picked -> assertThat(lost.candidates().get(picked - 1).eligible()).isTrue());
    }
    assertThat(Ensemble.of(entries, false)).isEqualTo(whole);
  }
}
