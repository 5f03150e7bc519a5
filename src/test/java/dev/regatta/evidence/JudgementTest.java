package dev.regatta.evidence;

import static dev.regatta.evidence.Measured.GOOD;
import static dev.regatta.evidence.Measured.attempts;
import static dev.regatta.evidence.Measured.checked;
import static dev.regatta.evidence.Measured.claiming;
import static dev.regatta.evidence.Measured.claims;
import static dev.regatta.evidence.Measured.commands;
import static dev.regatta.evidence.Measured.ending;
import static dev.regatta.evidence.Measured.figures;
import static dev.regatta.evidence.Measured.given;
import static dev.regatta.evidence.Measured.neverStarted;
import static dev.regatta.evidence.Measured.phase;
import static dev.regatta.evidence.Measured.running;
import static dev.regatta.evidence.Measured.to;
import static dev.regatta.evidence.Measured.with;
import static dev.regatta.evidence.Measured.withAttempts;
import static dev.regatta.evidence.Measured.withEach;
import static dev.regatta.evidence.Measured.withPhases;
import static dev.regatta.evidence.Verdict.Calls.CONSISTENT;
import static dev.regatta.evidence.Verdict.Calls.REHEARSAL;
import static dev.regatta.evidence.Verdict.Calls.UNVERIFIED;
import static dev.regatta.evidence.Verdict.Parallel.CONFIRMED;
import static dev.regatta.evidence.Verdict.Parallel.INCONCLUSIVE;
import static dev.regatta.evidence.Verdict.Parallel.REFUTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.evidence.Verdict.Parallel;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgementTest {

  @ParameterizedTest
  @CsvSource({
    "3, 18.0, 10, 3, CONFIRMED", // exactly 0.6 N
    "3, 17.999, 10, 3, INCONCLUSIVE",
    "3, 30.0, 10, 2, INCONCLUSIVE", // fast, but never all at once
    "3, 30.0, 10, 1, REFUTED",
    "3, 12.0, 10, 3, REFUTED", // exactly 1.2
    "3, 12.001, 10, 3, INCONCLUSIVE",
    "3, 9.0, 10, 3, REFUTED",
    "3, 12.0, 10, 1, REFUTED",
    "2, 12.0, 10, 2, REFUTED", // 0.6 N is 1.2: too slow wins
    "2, 12.001, 10, 2, CONFIRMED",
    "50, 300.0, 10, 50, CONFIRMED",
    "50, 299.0, 10, 50, INCONCLUSIVE",
    "50, 300.0, 10, 49, INCONCLUSIVE"
  })
  void theBordersAreWhereTheDocumentSays(
      int wanted, double sequential, double parallel, int greatest, Parallel expected) {
    Verdict verdict = judge(figures(wanted, sequential, parallel, greatest));
    assertThat(verdict.parallel()).as(verdict.parallelReason()).isEqualTo(expected);
    assertThat(verdict.parallelReason())
        .startsWith(
            String.format(
                java.util.Locale.ROOT,
                "%d of %d at once, %.2f times as fast",
                greatest,
                wanted,
                sequential / parallel));
  }

  @Test
  void theReasonsNameWhatIsNeeded() {
    assertThat(judge(figures(3, 30, 10, 3)).parallelReason())
        .isEqualTo("3 of 3 at once, 3.00 times as fast (at least 1.80 needed)");
    assertThat(judge(figures(3, 15, 10, 3)).parallelReason())
        .isEqualTo("3 of 3 at once, 1.50 times as fast: confirmed needs 3 at once and 1.80 times");
    assertThat(judge(figures(3, 30, 10, 1)).parallelReason())
        .endsWith("no two attempts ever overlapped");
    assertThat(judge(figures(3, 11, 10, 3)).parallelReason())
        .endsWith("at most 1.2 times means that the work was done one after another");
  }

  @Test
  void oneTaskAtATimeHasNothingToOverlapWith() {
    expect(figures(1, 12, 4, 1), INCONCLUSIVE, "one task at a time has nothing to overlap with");
  }

  @Test
  void aRunThatDidNotGetToItsEndShowsNothing() {
    String reason = "the run did not get to its end, and a phase is missing";
    expect(to(GOOD, false, false, true), INCONCLUSIVE, reason);
    expect(withPhases(GOOD, GOOD.phases().subList(0, 1)), INCONCLUSIVE, reason);
    expect(withPhases(GOOD, GOOD.phases().subList(1, 2)), INCONCLUSIVE, reason);
    expect(withPhases(GOOD, List.of()), INCONCLUSIVE, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "PHASE_MISSING, 'the run did not get to its end, and a phase is missing'",
    "PHASE_OPEN, 'the run did not get to its end, and a phase did not end'",
    "END_UNSEEN, 'each phase ended, but nobody saw the end of the run'",
    "INTERRUPTED, 'each phase ended, but then the run was interrupted'"
  })
  void theReasonSaysHowFarTheRunGot(Figures.Progress progress, String reason) {
    Figures cut =
        new Figures(
            GOOD.parallel(),
            progress,
            GOOD.commands(),
            GOOD.rehearsal(),
            GOOD.providerEndpoint(),
            GOOD.gateway(),
            GOOD.prices(),
            GOOD.phases(),
            GOOD.clockDrift(),
            GOOD.elapsed());
    expect(cut, INCONCLUSIVE, reason);
  }

  @Test
  void aRunThatGoesOnShowsNothingYet() {
    for (Figures open :
        List.of(
            running(GOOD),
            running(GOOD, 4, 5),
            running(with(GOOD, 0, ending(Outcome.TIMED_OUT)), 5),
            running(withPhases(GOOD, GOOD.phases().subList(0, 1))))) {
      Verdict verdict = judge(open);
      assertThat(verdict)
          .isEqualTo(new Verdict(INCONCLUSIVE, "the run goes on", UNVERIFIED, "the run goes on"));
    }
    assertThat(judge(running(to(GOOD, false, true, false), 5)).calls()).isEqualTo(REHEARSAL);
  }

  @Test
  void aPhaseInWhichNothingStartedShowsNothing() {
    expect(
        withEach(GOOD, neverStarted()), INCONCLUSIVE, "nothing could be started in r1-sequential");
    Figures second = GOOD;
    for (int i = 3; i < 6; i++) {
      second = with(second, i, neverStarted());
    }
    expect(second, INCONCLUSIVE, "nothing could be started in r1-parallel");
    PhaseFigures empty = withAttempts(GOOD.phases().get(1), List.of());
    expect(
        withPhases(GOOD, List.of(GOOD.phases().get(0), empty)),
        INCONCLUSIVE,
        "nothing could be started in r1-parallel");
  }

  @Test
  void phasesWithoutATimeCannotBeCompared() {
    expect(figures(3, 12, 0, 3), INCONCLUSIVE, "r1-parallel took no time that could be measured");
    expect(figures(3, 0, 4, 3), INCONCLUSIVE, "r1-sequential took no time that could be measured");
    expect(figures(3, Double.NaN, 4, 3), INCONCLUSIVE, "r1-sequential took no time");
  }

  @ParameterizedTest
  @EnumSource(names = "SUCCEEDED", mode = EnumSource.Mode.EXCLUDE)
  void oneAttemptThatDidNotSucceedIsEnoughForInconclusive(Outcome outcome) {
    for (int which = 0; which < 6; which++) {
      Verdict verdict = judge(with(GOOD, which, ending(outcome)));
      assertThat(verdict.parallel()).isEqualTo(INCONCLUSIVE);
      assertThat(verdict.parallelReason())
          .isEqualTo(
              "1 of 6 attempts did not succeed (1 "
                  + outcome.word()
                  + "), so the phases did not do the same work (3 of 3 at once, 2.93 times as"
                  + " fast)");
    }
  }

  @Test
  void overlapOfProcessesThatAllFailedProvesNothing() {
    expect(
        withEach(GOOD, ending(Outcome.UNAUTHORIZED)),
        INCONCLUSIVE,
        "6 of 6 attempts did not succeed (6 unauthorized)");
  }

  @Test
  void aFailureRefutesNothingEither() {
    Figures hung = with(figures(3, 12, 600, 3), 5, ending(Outcome.TIMED_OUT));
    expect(hung, INCONCLUSIVE, "1 of 6 attempts did not succeed (1 timed-out)");
    Figures alone = with(figures(3, 12, 4, 1), 4, neverStarted());
    expect(alone, INCONCLUSIVE, "1 of 6 attempts did not succeed (1 spawn-failed)");
  }

  @Test
  void theReasonCountsEachKindOfFailure() {
    Figures mixed =
        with(
            with(with(GOOD, 0, ending(Outcome.LOST)), 3, ending(Outcome.CANCELLED)),
            4,
            ending(Outcome.CANCELLED));
    expect(mixed, INCONCLUSIVE, "3 of 6 attempts did not succeed (2 cancelled, 1 lost)");
  }

  @Test
  void ofSeveralRoundsTheLeastOverlapAndAllTimesCount() {
    PhaseFigures slow = phase("r2-parallel", true, 20, 2, attempts("r2-parallel", 3));
    PhaseFigures again = phase("r2-sequential", false, 12, 1, attempts("r2-sequential", 3));
    Figures rounds =
        withPhases(GOOD, List.of(GOOD.phases().get(0), GOOD.phases().get(1), slow, again));
    expect(rounds, REFUTED, "2 of 3 at once, 1.00 times as fast"); // 24 s against 24.1 s
  }

  @Test
  void theVerdictDependsOnTheFiguresAloneAndGrowsWithTheSpeedup() {
    Random random = new Random(20260304);
    List<Parallel> rising = List.of(REFUTED, INCONCLUSIVE, CONFIRMED);
    for (int round = 0; round < 2000; round++) {
      int wanted = 2 + random.nextInt(20);
      int greatest = 1 + random.nextInt(wanted);
      double parallel = 0.5 + random.nextDouble() * 30;
      double[] speedups = random.doubles(20, 0.1, wanted * 1.2).sorted().toArray();
      int last = -1;
      for (double speedup : speedups) {
        Figures figures = figures(wanted, parallel * speedup, parallel, greatest);
        Verdict verdict = judge(figures);
        assertThat(judge(figures)).isEqualTo(verdict);
        int rank = rising.indexOf(verdict.parallel());
        assertThat(rank)
            .as("%d of %d, speedups %s", greatest, wanted, Arrays.toString(speedups))
            .isGreaterThanOrEqualTo(last);
        last = rank;
      }
    }
  }

  @Test
  void theVerdictGrowsWithTheOverlap() {
    for (double sequential : new double[] {8, 12.5, 17, 30}) {
      int last = -1;
      for (int greatest = 0; greatest <= 3; greatest++) {
        int rank =
            List.of(REFUTED, INCONCLUSIVE, CONFIRMED)
                .indexOf(judge(figures(3, sequential, 10, greatest)).parallel());
        assertThat(rank).isGreaterThanOrEqualTo(last);
        last = rank;
      }
    }
  }

  @Test
  void callsAreConsistentWhereNothingContradictsThem() {
    Verdict verdict = judge(GOOD);
    assertThat(verdict.calls()).isEqualTo(CONSISTENT);
    assertThat(verdict.callsReason()).contains("nobody else saw the calls");
  }

  @Test
  void aRehearsalIsOneWhateverElseHolds() {
    for (boolean provider : new boolean[] {true, false}) {
      assertThat(judge(to(GOOD, true, true, provider)).calls()).isEqualTo(REHEARSAL);
      assertThat(judge(to(GOOD, false, true, provider)).calls()).isEqualTo(REHEARSAL);
    }
    assertThat(judge(withEach(to(GOOD, true, true, true), neverStarted())).calls())
        .isEqualTo(REHEARSAL);
  }

  @Test
  void whatIsNotTheProvidersAddressIsUnverifiedHoweverWellItFits() {
    Verdict verdict = judge(to(GOOD, true, false, false));
    assertThat(verdict.calls()).isEqualTo(UNVERIFIED);
    assertThat(verdict.callsReason())
        .isEqualTo("the agents were not sent to the provider's own address");
  }

  @Test
  void plainCommandsMakeNoCallsThatCouldBeSeenWhereverTheyRun() {
    for (boolean provider : new boolean[] {true, false}) {
      Verdict verdict = judge(commands(to(GOOD, true, false, provider)));
      assertThat(verdict.parallel()).isEqualTo(CONFIRMED);
      assertThat(verdict.calls()).isEqualTo(UNVERIFIED);
      assertThat(verdict.callsReason())
          .isEqualTo("a plain command makes no API calls that could be seen");
    }
  }

  @Test
  void whatContradictsAClaimMakesTheCallsUnverifiedAndIsNamed() {
    unverified(with(GOOD, 0, ending(Outcome.API_ERROR)), "every attempt succeeded: FAIL");
    unverified(
        with(GOOD, 0, claiming(claims("session-of-r1-parallel-1", 3500L))),
        "every session id is unique: FAIL");
    unverified(
        with(GOOD, 0, claiming(claims("s", 9000L))),
        "API time lies within the attempt's duration: FAIL");
    unverified(
        with(GOOD, 0, claiming(claims("s", 3L))),
        "no duration is below what an API call can take: FAIL");
    unverified(
        with(GOOD, 0, given(Optional.of("other"))), "each credential was used as assigned: FAIL");
    unverified(
        with(GOOD, 0, checked(Optional.of(false), Optional.of(true))),
        "every challenge was answered: FAIL");
    unverified(
        with(GOOD, 0, checked(Optional.of(true), Optional.of(false))),
        "every file holds what it must: FAIL");
    unverified(Measured.with(GOOD, 0, Measured.disordered()), "the clocks agree: FAIL");
  }

  @Test
  void aMissingClaimIsNotTakenForAGoodOne() {
    unverified(withEach(GOOD, claiming(Claims.NONE)), "every session id is unique: UNKNOWN");
    unverified(
        with(GOOD, 0, claiming(claims("s", null))),
        "API time lies within the attempt's duration: UNKNOWN");
    unverified(withPhases(GOOD, List.of()), "every attempt succeeded: UNKNOWN");
  }

  @Test
  void whatWasNotAskedForIsNotHeldAgainstTheCalls() {
    assertThat(judge(withEach(GOOD, checked(Optional.empty(), Optional.empty()))).calls())
        .isEqualTo(CONSISTENT);
    assertThat(judge(with(GOOD, 0, given(Optional.empty()))).calls()).isEqualTo(CONSISTENT);
  }

  private static void unverified(Figures figures, String reason) {
    Verdict verdict = judge(figures);
    assertThat(verdict.calls()).isEqualTo(UNVERIFIED);
    assertThat(verdict.callsReason()).contains(reason);
  }

  private static void expect(Figures figures, Parallel parallel, String reason) {
    Verdict verdict = judge(figures);
    assertThat(verdict.parallelReason()).contains(reason);
    assertThat(verdict.parallel()).isEqualTo(parallel);
  }

  private static Verdict judge(Figures figures) {
    return Judgement.of(figures, Criteria.of(figures));
  }
}
