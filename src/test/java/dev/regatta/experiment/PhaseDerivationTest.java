package dev.regatta.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PhaseDerivationTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  @Test
  void timesCountFromThePhasesOwnStartAndDurationsFromTheSpawn() {
    Proof.Phase parallel = Recorded.plain().proof().phases().get(1);
    assertThat(parallel.startSeconds()).isCloseTo(20.0, CLOSE);
    assertThat(parallel.startedAt()).isEqualTo(Recorded.START.plusSeconds(20));
    assertThat(parallel.wallSeconds()).isCloseTo(6.9, CLOSE);
    assertThat(parallel.sumSeconds()).isCloseTo(16.5, CLOSE);
    assertThat(parallel.maxSeconds()).isCloseTo(6.6, CLOSE);
    assertThat(parallel.overheadSeconds()).isCloseTo(0.3, CLOSE);
    Proof.Attempt second = parallel.attempts().get(1);
    assertThat(second.scheduledSeconds()).isCloseTo(0.0, CLOSE);
    assertThat(second.spawnSeconds()).isCloseTo(0.2, CLOSE);
    assertThat(second.firstByteSeconds()).isCloseTo(5.698, CLOSE);
    assertThat(second.responseSeconds()).isCloseTo(5.698, CLOSE);
    assertThat(second.exitSeconds()).isCloseTo(5.7, CLOSE);
    assertThat(second.durationSeconds()).isCloseTo(5.5, CLOSE);
    assertThat(second.verifiedSeconds()).isNull();
    assertThat(second.startedAt()).isEqualTo(Recorded.START.plusNanos(Recorded.nanos(20.2)));
  }

  @Test
  void theSequentialOverheadIsWhatLiesBetweenItsAttempts() {
    Proof.Phase sequential = Recorded.plain().proof().phases().get(0);
    assertThat(sequential.wallSeconds()).isCloseTo(15.4, CLOSE);
    assertThat(sequential.sumSeconds()).isCloseTo(15.0, CLOSE);
    assertThat(sequential.overheadSeconds()).isCloseTo(0.4, CLOSE);
    assertThat(sequential.concurrency().greatest()).isEqualTo(1);
  }

  @Test
  void concurrencyIsASweepWhoseAreaIsTheSumOfTheDurations() {
    Proof.Phase parallel = Recorded.plain().proof().phases().get(1);
    Proof.Concurrency concurrency = parallel.concurrency();
    assertThat(concurrency.greatest()).isEqualTo(3);
    assertThat(concurrency.average() * parallel.wallSeconds()).isCloseTo(16.5, within(1e-6));
    assertThat(concurrency.shareAll()).isCloseTo(4.4 / 6.9, within(1e-6));
    assertThat(concurrency.steps()).extracting(Proof.Step::running).containsExactly(3, 2, 1, 0);
  }

  @Test
  void attemptsStandInTheOrderOfTheirTasksWhateverTheOrderOfTheLines() {
    Recorded recorded = Recorded.of(12, 12, "parallel").phase("p", 1, "parallel", 0);
    for (int task : new int[] {12, 10, 2, 1, 11}) {
      recorded.started("p", task, 0.1);
    }
    assertThat(recorded.proof().phases().getFirst().attempts())
        .extracting(Proof.Attempt::task)
        .containsExactly("1", "2", "10", "11", "12");
  }

  @Test
  void sequentialTasksAreNumberedAndParallelOnesLettered() {
    Recorded recorded = Recorded.of(703, 703, "parallel").phase("p", 1, "parallel", 0);
    for (int task : new int[] {1, 26, 27, 52, 53, 702, 703}) {
      recorded.started("p", task, 0.1);
    }
    assertThat(recorded.proof().phases().getFirst().attempts())
        .extracting(Proof.Attempt::label)
        .containsExactly("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA");
    assertThat(Recorded.plain().proof().phases().getFirst().attempts())
        .extracting(Proof.Attempt::label)
        .containsExactly("1", "2", "3");
  }

  @Test
  void anAttemptThatNeverStartedTakesNoTimeAndOverlapsWithNothing() {
    Proof.Phase phase =
        Recorded.of(2, 2, "parallel")
            .phase("p", 1, "parallel", 0)
            .started("p", 1, 0.1)
            .started("p", 2, 0.1, 0)
            .ended("p", 2, 0.3, Outcome.SPAWN_FAILED, Claims.NONE, 0, false)
            .ended("p", 1, 4, Outcome.SUCCEEDED)
            .phaseEnded("p", 4)
            .proof()
            .phases()
            .getFirst();
    assertThat(phase.concurrency().greatest()).isEqualTo(1);
    assertThat(phase.attempts().get(1).durationSeconds()).isZero();
    assertThat(phase.attempts().get(1).outcome()).isEqualTo(Outcome.SPAWN_FAILED);
  }

  @Test
  void anAttemptWhoseEndIsMissingHasNoExitAndNoDuration() {
    Proof.Attempt open =
        Recorded.of(1, 1, "sequential")
            .phase("p", 1, "sequential", 1)
            .started("p", 1, 2)
            .line(5, new Event.Noted("info", "still there"))
            .proof()
            .phases()
            .getFirst()
            .attempts()
            .getFirst();
    assertThat(open.outcome()).isEqualTo(Outcome.LOST);
    assertThat(open.reason()).isEqualTo("the journal stops before its end");
    assertThat(open.exitSeconds()).isNull();
    assertThat(open.durationSeconds()).isNull();
    assertThat(open.missing())
        .containsExactly(
            "session_id",
            "duration_api_ms",
            "total_cost_usd",
            "usage.input_tokens",
            "usage.output_tokens");
    assertThat(open.exitCode()).isNull();
    assertThat(open.firstByteSeconds()).isNull();
  }

  @Test
  void timingPointsOutOfOrderAreFound() {
    Recorded before =
        Recorded.of(1, 1, "sequential")
            .phase("p", 1, "sequential", 1)
            .started("p", 1, 9)
            .ended("p", 1, 5, Outcome.SUCCEEDED)
            .phaseEnded("p", 10)
            .end(11, "completed");
    Recorded checkedTooSoon =
        Recorded.of(1, 1, "sequential")
            .phase("p", 1, "sequential", 1)
            .started("p", 1, 2)
            .line(4, new Event.ArtifactVerified("p-1", "f", true, "", Recorded.nanos(4)))
            .ended("p", 1, 5, Outcome.SUCCEEDED)
            .phaseEnded("p", 10)
            .end(11, "completed");
    for (Recorded recorded : List.of(before, checkedTooSoon)) {
      assertThat(recorded.proof().criteria())
          .filteredOn(criterion -> criterion.id().equals("clocks-consistent"))
          .singleElement()
          .satisfies(criterion ->
              assertThat(criterion.detail()).isEqualTo("timing points out of order in p-1"));
      assertThat(recorded.proof().phases().getFirst().attempts().getFirst().durationSeconds())
          .isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void theChecksOfChallengeAndFileStandWithTheirTime() {
    Proof.Attempt attempt =
        Recorded.of(1, 1, "sequential")
            .phase("p", 1, "sequential", 1)
            .started("p", 1, 2)
            .line(6, new Event.ArtifactVerified("p-1", "f", false, "is missing", Recorded.nanos(6)))
            .line(6, new Event.ChallengeChecked("p-1", "a", "b", true))
            .ended("p", 1, 5, Outcome.VERIFICATION_FAILED)
            .proof()
            .phases()
            .getFirst()
            .attempts()
            .getFirst();
    assertThat(attempt.verifiedSeconds()).isCloseTo(5.0, CLOSE);
    assertThat(attempt.artifact()).isEqualTo(new Proof.Artifact("f", false, "is missing"));
    assertThat(attempt.challengePassed()).isTrue();
  }
}
