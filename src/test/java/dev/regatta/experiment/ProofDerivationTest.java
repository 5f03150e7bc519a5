package dev.regatta.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.report.TextReport;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ProofDerivationTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  @Test
  void aWholeRunIsDerivedFromItsLinesAlone() {
    Proof proof = Recorded.plain().proof();
    assertThat(proof.run()).isEqualTo("test");
    assertThat(proof.status()).isEqualTo("completed");
    assertThat(proof.startedAt()).isEqualTo(Recorded.START);
    assertThat(proof.endedAt()).isEqualTo(Recorded.START.plusSeconds(30));
    assertThat(proof.wallSeconds()).isEqualTo(30.0);
    assertThat(proof.parallel()).isEqualTo(3);
    assertThat(proof.rounds()).isEqualTo(1);
    assertThat(proof.limits()).containsEntry("timeout", 600.0);
    assertThat(proof.phases())
        .extracting(Proof.Phase::mode)
        .containsExactly("sequential", "parallel");
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.CONFIRMED);
    assertThat(proof.verdict().calls()).isEqualTo(Verdict.Calls.CONSISTENT);
    assertThat(proof.notes()).isEmpty();
  }

  @Test
  void aKillAtTheVeryEndLeavesBothPhasesAndTheReasonSaysThatOnlyTheEndWasNotSeen() {
    List<Entry> lines = Recorded.plain().entries();
    assertThat(lines.getLast().event()).isInstanceOf(Event.RunEnded.class);
    Proof proof = ProofDerivation.of(lines.subList(0, lines.size() - 1));
    assertThat(proof.comparison()).isNotNull();
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.INCONCLUSIVE);
    assertThat(proof.verdict().parallelReason())
        .isEqualTo("each phase ended, but nobody saw the end of the run");
    assertThat(ProofDerivation.of(lines.subList(0, lines.size() - 2)).verdict().parallelReason())
        .isEqualTo("the run did not get to its end, and a phase did not end");
  }

  @Test
  void theAgentsOwnVersionStandsInWhereThePlanHasNone() {
    assertThat(Recorded.plain().proof().agentVersion()).isEqualTo("2.1.197");
    assertThat(Recorded.of(3, 3, "sequential", "parallel").proof().agentVersion()).isNull();
  }

  @Test
  void costAndTokensAreSummedPerCredentialAndMissingOnesStayMissing() {
    Proof proof = Recorded.plain().proof();
    assertThat(proof.credentials()).hasSize(3);
    Proof.CredentialUse use = proof.credentials().getFirst();
    assertThat(use.name()).isEqualTo("A");
    assertThat(use.fingerprint()).isEqualTo("print-A");
    assertThat(use.attempts()).isEqualTo(2);
    assertThat(use.costUsd()).isEqualTo(1.0);
    assertThat(use.tokens()).isEqualTo(new Proof.Tokens(20L, 40L, null, 6L));
  }

  @Test
  void anAnswerWithTheRehearsalsMarkMakesItARehearsalWhateverTheEndpoint() {
    Recorded recorded =
        Recorded.of(2, 1, "sequential", "parallel")
            .phase("r1-sequential", 1, "sequential", 1)
            .started("r1-sequential", 1, 1.1)
            .ended("r1-sequential", 1, 5, Outcome.SUCCEEDED, Recorded.claims("s", 1L), 0, true);
    assertThat(recorded.proof().rehearsal()).isTrue();
    assertThat(recorded.proof().verdict().calls()).isEqualTo(Verdict.Calls.REHEARSAL);
  }

  @Test
  void aMarkWithoutAnAnswerIsNoRehearsalServers() {
    Proof proof =
        Recorded.of(2, 1, "sequential", "parallel")
            .phase("r1-sequential", 1, "sequential", 1)
            .started("r1-sequential", 1, 1.1)
            .ended("r1-sequential", 1, 5, Outcome.API_ERROR, Recorded.claims("s", 0L), 0, true)
            .proof();
    assertThat(proof.rehearsal()).isFalse();
    assertThat(proof.verdict().calls()).isEqualTo(Verdict.Calls.UNVERIFIED);
  }

  @Test
  void aRefusalWithTheRehearsalsMarkIsAnAnswerOfARehearsalServer() {
    Proof refused =
        Recorded.of(2, 1, "sequential", "parallel")
            .phase("r1-sequential", 1, "sequential", 1)
            .started("r1-sequential", 1, 1.1)
            .ended("r1-sequential", 1, 5, Outcome.UNAUTHORIZED, refusal(401), 0, true)
            .proof();
    assertThat(refused.rehearsal()).isTrue();
    assertThat(refused.verdict().calls()).isEqualTo(Verdict.Calls.REHEARSAL);
  }

  @Test
  void aRefusalThatTheAgentRetriedCameFromTheRehearsalServerItWasSentTo() {
    for (Integer status : Arrays.asList(401, null)) {
      Proof stopped =
          Recorded.ofRehearsal(2, 1, "sequential", "parallel")
              .phase("r1-sequential", 1, "sequential", 1)
              .started("r1-sequential", 1, 1.1)
              .line(2, new Event.ApiRetried("r1-sequential-1", 1, status, 500, 2))
              .ended("r1-sequential", 1, 5, Outcome.UNAUTHORIZED, Claims.NONE, 0, false)
              .proof();
      assertThat(stopped.rehearsal()).isTrue();
      assertThat(stopped.verdict().calls())
          .as("status %s", status)
          .isEqualTo(status == null ? Verdict.Calls.UNVERIFIED : Verdict.Calls.REHEARSAL);
    }
  }

  private static Claims refusal(int status) {
    return new Claims(
        "s", 4020L, 0L, 0.0, 0L, 0L, 0L, 0L, null, 1, "refused", true, "success", status, null, 0,
        "2.1.197", null);
  }

  @Test
  void aRehearsalInWhichNothingWasAnsweredKeepsItsLabelAndVerifiesNothing() {
    Proof commands =
        Recorded.ofRehearsal(2, 1, "sequential", "parallel")
            .phase("r1-sequential", 1, "sequential", 1)
            .started("r1-sequential", 1, 1.1)
            .ended("r1-sequential", 1, 5, Outcome.SUCCEEDED, Claims.NONE, 0, false)
            .proof();
    assertThat(commands.rehearsal()).isTrue();
    assertThat(commands.verdict().calls()).isEqualTo(Verdict.Calls.UNVERIFIED);
    Proof answered =
        Recorded.ofRehearsal(2, 1, "sequential", "parallel")
            .phase("r1-sequential", 1, "sequential", 1)
            .started("r1-sequential", 1, 1.1)
            .ended("r1-sequential", 1, 5, Outcome.SUCCEEDED, Recorded.claims("s", 9L), 0, false)
            .proof();
    assertThat(answered.verdict().calls()).isEqualTo(Verdict.Calls.REHEARSAL);
  }

  @Test
  void everyPrefixOfAJournalGivesAProofThatConfirmsNothing() {
    List<Entry> entries =
        Recorded.of(3, 3, "sequential", "parallel", "parallel", "sequential")
            .sequential(1, 1, 4, 4, 4)
            .parallel(1, 20, 4, 4, 4)
            .parallel(2, 30, 4, 4, 4)
            .sequential(2, 40, 4, 4, 4)
            .end(60, "completed")
            .entries();
    for (int lines = 1; lines < entries.size(); lines++) {
      Proof proof = ProofDerivation.of(entries.subList(0, lines));
      assertThat(proof.status()).isEqualTo("lost");
      assertThat(proof.endedAt()).isNull();
      assertThat(proof.verdict().parallel())
          .as("after %d lines", lines)
          .isEqualTo(Verdict.Parallel.INCONCLUSIVE);
      assertThat(proof.notes()).anyMatch(note -> note.contains("the journal stops"));
      assertThat(proof.wallSeconds()).isCloseTo(entries.get(lines - 1).nanos() / 1e9, within(3.0));
    }
    assertThat(ProofDerivation.of(entries).verdict().parallel())
        .isEqualTo(Verdict.Parallel.CONFIRMED);
  }

  @Test
  void aJournalWithoutTheStartOfARunIsNone() {
    assertThatExceptionOfType(ProofDerivation.NoRun.class)
        .isThrownBy(() -> ProofDerivation.of(List.of()));
    assertThatExceptionOfType(ProofDerivation.NoRun.class)
        .isThrownBy(() -> ProofDerivation.of(Recorded.plain().entries().subList(1, 5)))
        .withMessageContaining("does not begin with the start of a run");
  }

  @Test
  void linesAboutThingsThatNeverBeganAreLeftOut() {
    Proof proof =
        Recorded.of(3, 3, "sequential", "parallel")
            .ended("r9-parallel", 1, 2, Outcome.SUCCEEDED)
            .phaseEnded("r9-parallel", 3)
            .scheduled("r9-parallel", 1, 3)
            .started("r9-parallel", 2, 4)
            .line(5, new Event.Unrecognized("later", "{}"))
            .line(5, new Event.ArtifactVerified("nobody", "f", true, "", 1))
            .line(5, new Event.ChallengeChecked("nobody", "a", "b", true))
            .proof();
    assertThat(proof.phases()).isEmpty();
  }

  @Test
  void anInterruptedPhaseIsShownButNotCompared() {
    Proof proof =
        Recorded.of(3, 3, "sequential", "parallel")
            .sequential(1, 1.0, 4, 5, 6)
            .phase("r1-parallel", 1, "parallel", 20)
            .started("r1-parallel", 1, 20.1)
            .started("r1-parallel", 2, 20.1)
            .started("r1-parallel", 3, 20.1)
            .ended("r1-parallel", 1, 21, Outcome.CANCELLED)
            .ended("r1-parallel", 2, 21, Outcome.CANCELLED)
            .ended("r1-parallel", 3, 21, Outcome.CANCELLED)
            .phaseEnded("r1-parallel", 21)
            .end(21.1, "interrupted")
            .proof();
    assertThat(proof.comparison()).as("15 s against 1 s would be a lie").isNull();
    assertThat(proof.waterfall()).isNull();
    assertThat(proof.phases()).hasSize(2);
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.INCONCLUSIVE);
    assertThat(proof.verdict().parallelReason())
        .isEqualTo("the run did not get to its end: r1-parallel was interrupted");
    for (String id : List.of("parallel-near-longest", "sequential-share", "overlap")) {
      assertThat(status(proof, id)).as(id).isEqualTo(Criterion.Status.UNKNOWN);
    }
  }

  @Test
  void aSequentialPhaseThatWasCutShortIsNotComparedEither() {
    Proof proof =
        Recorded.of(3, 3, "parallel", "sequential")
            .parallel(1, 1, 4, 4, 4)
            .sequential(1, 10, 4)
            .end(20, "interrupted")
            .proof();
    assertThat(proof.comparison()).isNull();
  }

  @Test
  void wholeRoundsBeforeAnInterruptionAreStillCompared() {
    Proof proof =
        Recorded.of(2, 2, "sequential", "parallel", "parallel", "sequential")
            .sequential(1, 1, 4, 4)
            .parallel(1, 20, 4, 4)
            .parallel(2, 30, 1)
            .end(40, "interrupted")
            .proof();
    assertThat(proof.comparison()).isNotNull();
    assertThat(proof.comparison().speedup()).isCloseTo(2.0, CLOSE);
    assertThat(proof.intervals()).isNull();
  }

  @Test
  void ofARunThatWasKilledTimesEndWithItsLastLineHoweverLateItWasClearedUpAfter() {
    double days = Duration.ofDays(3).toSeconds();
    Proof proof =
        Recorded.of(2, 2, "sequential", "parallel")
            .sequential(1, 1, 4, 4)
            .phase("r1-parallel", 1, "parallel", 20)
            .started("r1-parallel", 1, 20.1)
            .started("r1-parallel", 2, 20.2)
            .line(22, new Event.StopSent("r1-parallel-1", "INT", "group", "x", Recorded.nanos(22)))
            .line(
                days,
                new Event.LeftoversStopped(null, List.of(7L), "after a kill", Recorded.nanos(days)))
            .ended("r1-parallel", 1, days, Outcome.LOST, Claims.NONE, 0, false)
            .ended("r1-parallel", 2, days, Outcome.LOST, Claims.NONE, 0, false)
            .end(days, "lost")
            .proof();
    assertThat(proof.status()).isEqualTo("lost");
    assertThat(proof.endedAt()).as("nobody saw it").isNull();
    assertThat(proof.wallSeconds()).isEqualTo(22.0);
    Proof.Phase killed = proof.phases().getLast();
    assertThat(killed.wallSeconds()).isCloseTo(2.0, CLOSE);
    assertThat(killed.sumSeconds()).isNull();
    assertThat(killed.maxSeconds()).isNull();
    assertThat(killed.overheadSeconds()).isNull();
    assertThat(killed.attempts())
        .allSatisfy(attempt -> {
          assertThat(attempt.outcome()).isEqualTo(Outcome.LOST);
          assertThat(attempt.exitSeconds()).isNull();
          assertThat(attempt.durationSeconds()).isNull();
        });
    assertThat(proof.comparison()).isNull();
    for (String id :
        List.of(
            "attempts-succeeded",
            "claims-complete",
            "api-time-within-duration",
            "api-time-plausible",
            "parallel-near-longest",
            "sequential-share",
            "overlap",
            "clocks-consistent")) {
      assertThat(status(proof, id)).as(id).isEqualTo(Criterion.Status.UNKNOWN);
    }
    assertThat(proof.notes())
        .anyMatch(note -> note.contains("processes [7]"))
        .anyMatch(note -> note.contains("its orchestrator was killed"));
  }

  @Test
  void aRunWhoseOrchestratorLivesIsRunningAndNotLost() {
    List<Entry> entries =
        Recorded.of(2, 2, "sequential", "parallel")
            .sequential(1, 1, 4, 4)
            .phase("r1-parallel", 1, "parallel", 20)
            .started("r1-parallel", 1, 20.02)
            .started("r1-parallel", 2, 20.02)
            .entries();
    Proof running = ProofDerivation.of(entries, true);
    assertThat(running.status()).isEqualTo("running");
    assertThat(running.notes()).anyMatch(note -> note.contains("still runs")).hasSize(1);
    assertThat(running.phases().getLast().attempts())
        .extracting(Proof.Attempt::reason)
        .containsOnly("it has not ended");
    assertThat(running.phases().getLast().attempts())
        .extracting(Proof.Attempt::standing)
        .containsOnly("running");
    assertThat(running.verdict())
        .isEqualTo(
            new Verdict(
                Verdict.Parallel.INCONCLUSIVE,
                "the run goes on",
                Verdict.Calls.UNVERIFIED,
                "the run goes on"));
    assertThat(TextReport.of(running, false))
        .contains(
            "Task A: Started at 0.02s, Completed at missing, Duration: missing, Session: missing,"
                + " running: it has not ended")
        .contains("Total Parallel Time: missing")
        .contains("the run has not ended")
        .doesNotContain("lost");
    assertThat(TextReport.of(ProofDerivation.of(entries), false)).contains("the run is lost");
    List<Entry> ended = Recorded.plain().entries();
    assertThat(ProofDerivation.of(ended, true).status()).isEqualTo("completed");
  }

  @Test
  void whatAReaderMustKnowIsNoted() {
    Recorded recorded =
        Recorded.of(3, 3, "sequential", "parallel")
            .sequential(1, 1, 4)
            .line(9, new Event.Noted("warning", "time limits are three times as long"))
            .line(9, new Event.LeftoversStopped("r1-sequential-1", List.of(41L, 42L), "mark", 9L));
    assertThat(recorded.proof().notes())
        .contains("time limits are three times as long")
        .contains("stopped what was left of r1-sequential-1: processes [41, 42] (found by mark)");
  }

  @Test
  void tasksThatTookTurnsAreNotedBecauseTheFactorFlattersThem() {
    Proof proof = Recorded.of(3, 10, "sequential", "parallel").proof();
    assertThat(proof.notes()).anyMatch(note -> note.startsWith("10 tasks took turns in 3 places"));
  }

  @Test
  void differentAmountsOfWorkAreNoted() {
    Recorded recorded =
        Recorded.of(1, 1, "sequential", "parallel")
            .sequential(1, 1, 4)
            .phase("r1-parallel", 1, "parallel", 10)
            .started("r1-parallel", 1, 10)
            .ended("r1-parallel", 1, 12, Outcome.SUCCEEDED, Recorded.claims("s", 26L), 0, false);
    assertThat(recorded.proof().notes()).anyMatch(note -> note.contains("same amount of work"));
  }

  private static Criterion.Status status(Proof proof, String id) {
    return proof.criteria().stream()
        .filter(criterion -> criterion.id().equals(id))
        .findFirst()
        .orElseThrow()
        .status();
  }
}
