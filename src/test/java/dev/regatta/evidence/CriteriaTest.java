package dev.regatta.evidence;

import static dev.regatta.evidence.Criterion.Status.FAIL;
import static dev.regatta.evidence.Criterion.Status.PASS;
import static dev.regatta.evidence.Criterion.Status.UNKNOWN;
import static dev.regatta.evidence.Measured.GOOD;
import static dev.regatta.evidence.Measured.assigned;
import static dev.regatta.evidence.Measured.attempts;
import static dev.regatta.evidence.Measured.checked;
import static dev.regatta.evidence.Measured.claiming;
import static dev.regatta.evidence.Measured.claims;
import static dev.regatta.evidence.Measured.commands;
import static dev.regatta.evidence.Measured.disordered;
import static dev.regatta.evidence.Measured.ending;
import static dev.regatta.evidence.Measured.figures;
import static dev.regatta.evidence.Measured.given;
import static dev.regatta.evidence.Measured.lasting;
import static dev.regatta.evidence.Measured.neverStarted;
import static dev.regatta.evidence.Measured.phase;
import static dev.regatta.evidence.Measured.running;
import static dev.regatta.evidence.Measured.seen;
import static dev.regatta.evidence.Measured.with;
import static dev.regatta.evidence.Measured.withDrift;
import static dev.regatta.evidence.Measured.withEach;
import static dev.regatta.evidence.Measured.withPhases;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CriteriaTest {
  private static final Figures NOTHING = withPhases(GOOD, List.of());

  @Test
  void whereAllWentWellEveryCriterionPassesAndSaysWithWhatFigures() {
    assertThat(Criteria.of(GOOD)).allMatch(criterion -> criterion.status() == PASS);
    expect(GOOD, "attempts-succeeded", PASS, "6 of 6");
    expect(GOOD, "session-ids-unique", PASS, "6 attempts, 6 ids");
    expect(GOOD, "claims-complete", PASS, "6 of 6");
    expect(GOOD, "api-time-within-duration", PASS, "all within");
    expect(GOOD, "api-time-plausible", PASS, "all at least 50 ms");
    expect(GOOD, "parallel-near-longest", PASS, "4.10 s against 4.00 s, 1.025 times");
    expect(GOOD, "sequential-share", PASS, "12.00 s against 3 times 4.10 s, a share of 0.98");
    expect(
        GOOD,
        "overlap",
        PASS,
        "greatest number at once 3 of 3, all at once 75% of the time, 2.50 on average");
    expect(
        GOOD,
        "credentials-as-assigned",
        PASS,
        "6 environments read back from the processes, 3 different credentials");
    expect(GOOD, "challenge-answered", PASS, "6 of 6");
    expect(GOOD, "files-verified", PASS, "6 of 6");
    expect(
        GOOD,
        "clocks-consistent",
        PASS,
        "wall clock and monotonic clock differ by 0.001 s over 16.10 s; timing points in order");
  }

  @Test
  void whereNothingHappenedNothingIsKnown() {
    Figures nothing = withDrift(NOTHING, Optional.empty());
    assertThat(Criteria.of(nothing))
        .allSatisfy(criterion -> {
          assertThat(criterion.status()).as(criterion.id()).isEqualTo(UNKNOWN);
          assertThat(criterion.detail()).isNotBlank().doesNotContain("0 of 0");
        });
  }

  @Test
  void everyCriterionHasANameOfItsOwnAndATitle() {
    List<Criterion> criteria = Criteria.of(GOOD);
    Set<String> ids = criteria.stream().map(Criterion::id).collect(Collectors.toSet());
    assertThat(ids).hasSameSizeAs(criteria).allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
    assertThat(criteria).allMatch(criterion -> !criterion.title().isBlank());
  }

  @Test
  void attemptsThatDidNotSucceedAreNamedWithTheirOutcome() {
    expect(
        with(GOOD, 4, ending(Outcome.RATE_LIMITED)),
        "attempts-succeeded",
        FAIL,
        "5 of 6: r1-parallel-2 rate-limited");
    expect(
        withEach(GOOD, ending(Outcome.TIMED_OUT)),
        "attempts-succeeded",
        FAIL,
        "0 of 6: r1-sequential-1 timed-out; r1-sequential-2 timed-out; r1-sequential-3 timed-out;"
            + " and 3 more");
    expect(NOTHING, "attempts-succeeded", UNKNOWN, "there was no attempt");
  }

  @Test
  void whileARunGoesOnNothingPassesAndTheReasonSaysSo() {
    Figures open = running(GOOD, 4, 5);
    assertThat(Criteria.of(open))
        .allSatisfy(criterion -> {
          assertThat(criterion.status()).as(criterion.id()).isEqualTo(UNKNOWN);
          assertThat(criterion.detail()).as(criterion.id()).endsWith("; the run goes on");
        });
    expect(
        open,
        "attempts-succeeded",
        UNKNOWN,
        "still running: r1-parallel-2; r1-parallel-3; the run goes on");
    expect(open, "claims-complete", UNKNOWN, "still running: r1-parallel-2; r1-parallel-3");
    expect(open, "session-ids-unique", UNKNOWN, "2 of 6 attempts have none");
    expect(
        open,
        "credentials-as-assigned",
        UNKNOWN,
        "so far 6 environments read back from the processes");
    expect(
        running(GOOD),
        "sequential-share",
        UNKNOWN,
        "it is about the totals of all rounds; the run");
  }

  @Test
  void whatRestsOnClaimsIsNotApplicableToPlainCommands() {
    Figures commands = commands(withEach(GOOD, lasting(0.003)));
    for (Figures figures : List.of(commands, running(commands, 5))) {
      assertThat(Criteria.of(figures))
          .filteredOn(criterion -> criterion.detail().startsWith("not applicable"))
          .extracting(Criterion::id)
          .containsExactly(
              "session-ids-unique",
              "claims-complete",
              "api-time-within-duration",
              "api-time-plausible");
    }
    expect(
        commands,
        "claims-complete",
        UNKNOWN,
        "not applicable: a plain command makes no API calls that could be seen");
    expect(commands, "attempts-succeeded", PASS, "6 of 6");
  }

  @Test
  void whatFailedStaysSoWhileTheRunGoesOn() {
    Figures open = running(with(GOOD, 0, ending(Outcome.TIMED_OUT)), 5);
    expect(open, "attempts-succeeded", FAIL, "4 of 6: r1-sequential-1 timed-out");
    expect(
        running(with(GOOD, 0, given(Optional.of("other"))), 5),
        "credentials-as-assigned",
        FAIL,
        "another one in r1-sequential-1");
  }

  @Test
  void aSessionIdThatComesTwiceIsNamedAndAMissingOneLeavesItOpen() {
    Claims twin = claims("session-of-r1-sequential-1", 3500L);
    expect(
        with(GOOD, 3, claiming(twin)),
        "session-ids-unique",
        FAIL,
        "more than once: session-of-r1-sequential-1");
    expect(
        with(GOOD, 3, claiming(Claims.NONE)),
        "session-ids-unique",
        UNKNOWN,
        "1 of 6 attempts have none");
    expect(
        with(with(GOOD, 3, claiming(twin)), 4, claiming(Claims.NONE)),
        "session-ids-unique",
        FAIL,
        "more than once");
    expect(NOTHING, "session-ids-unique", UNKNOWN, "there was no attempt");
  }

  @Test
  void everyClaimThatIsMissingIsNamed() {
    Claims without =
        new Claims(
            "s", 1L, 100L, null, 1L, null, null, null, null, null, null, null, null, null, null,
            null, null, null);
    expect(
        with(GOOD, 1, claiming(without)),
        "claims-complete",
        FAIL,
        "r1-sequential-2 lacks total_cost_usd, usage.output_tokens");
    expect(
        with(GOOD, 1, claiming(Claims.NONE)),
        "claims-complete",
        FAIL,
        "r1-sequential-2 lacks session_id, duration_api_ms, total_cost_usd, usage.input_tokens,"
            + " usage.output_tokens");
    expect(NOTHING, "claims-complete", UNKNOWN, "there was no attempt");
  }

  @Test
  void apiTimeMayNotBeLongerThanTheAttemptButForRounding() {
    String id = "api-time-within-duration";
    expect(with(GOOD, 0, claiming(claims("s", 4050L))), id, PASS, "all within");
    expect(
        with(GOOD, 0, claiming(claims("s", 4051L))),
        id,
        FAIL,
        "r1-sequential-1 claims 4.05 s in a duration of 4.00 s");
    expect(
        with(GOOD, 0, claiming(claims("s", null))),
        id,
        UNKNOWN,
        "1 of 6 attempts claim no API time");
    expect(NOTHING, id, UNKNOWN, "there was no attempt");
  }

  @Test
  void neitherApiTimeNorDurationMayBeShorterThanAnyCall() {
    String id = "api-time-plausible";
    expect(with(GOOD, 0, claiming(claims("s", 50L))), id, PASS, "all at least 50 ms");
    expect(with(GOOD, 0, claiming(claims("s", 49L))), id, FAIL, "r1-sequential-1 claims 49 ms");
    expect(with(GOOD, 0, claiming(claims("s", 0L))), id, FAIL, "r1-sequential-1 claims 0 ms");
    expect(with(GOOD, 0, lasting(0.049)), id, FAIL, "r1-sequential-1 ran 0.049 s");
    expect(with(GOOD, 0, lasting(0.05)), id, PASS, "all at least 50 ms");
    expect(with(GOOD, 0, neverStarted()), id, UNKNOWN, "1 of 6 attempts claim no API time");
    expect(NOTHING, id, UNKNOWN, "there was no attempt");
  }

  @Test
  void theParallelPhaseMayTakeAQuarterLongerThanItsLongestAttempt() {
    String id = "parallel-near-longest";
    expect(figures(3, 12, 5.0, 3), id, PASS, "5.00 s against 4.00 s, 1.250 times");
    expect(figures(3, 12, 5.04, 3), id, FAIL, "5.04 s against 4.00 s, 1.260 times");
    expect(
        withPhases(GOOD, GOOD.phases().subList(0, 1)), id, UNKNOWN, "no parallel attempt was seen");
  }

  @Test
  void ofSeveralParallelPhasesTheWorstCounts() {
    Figures rounds =
        withPhases(
            GOOD,
            List.of(
                phase("r1-parallel", true, 4.1, 3, attempts("r1-parallel", 3)),
                phase("r2-parallel", true, 6.0, 2, attempts("r2-parallel", 3))));
    expect(rounds, "parallel-near-longest", FAIL, "at most 1.500 times in 2 phases");
    expect(rounds, "overlap", FAIL, "greatest number at once 2 of 3");
  }

  @Test
  void tasksThatTookTurnsAreNotComparedWithTheLongest() {
    Figures turns =
        withPhases(GOOD, List.of(phase("r1-parallel", true, 8.1, 3, attempts("r1-parallel", 6))));
    expect(turns, "parallel-near-longest", UNKNOWN, "6 tasks took turns in 3 places");
  }

  @Test
  void theSequentialPhaseMustBeAShareOfTheParallelOnes() {
    String id = "sequential-share";
    expect(figures(3, 7.2, 4, 3), id, PASS, "7.20 s against 3 times 4.00 s, a share of 0.60");
    expect(figures(3, 7.1, 4, 3), id, FAIL, "7.10 s against 3 times 4.00 s, a share of 0.59");
    expect(withPhases(GOOD, GOOD.phases().subList(1, 2)), id, UNKNOWN, "a phase is missing");
  }

  @Test
  void allMustHaveRunAtOnceAtSomeTime() {
    expect(figures(3, 12, 4, 2), "overlap", FAIL, "greatest number at once 2 of 3");
    expect(
        withPhases(GOOD, GOOD.phases().subList(0, 1)),
        "overlap",
        UNKNOWN,
        "there was no parallel phase");
  }

  @Test
  void anotherCredentialThanTheAssignedOneIsFoundByItsFingerprint() {
    String id = "credentials-as-assigned";
    expect(with(GOOD, 2, given(Optional.of("other"))), id, FAIL, "another one in r1-sequential-3");
    expect(
        with(GOOD, 2, given(Optional.empty())),
        id,
        UNKNOWN,
        "1 of 6 environments could not be read back");
    expect(
        withEach(GOOD, assigned(Optional.empty())), id, UNKNOWN, "no process was started with one");
    expect(withEach(GOOD, neverStarted()), id, UNKNOWN, "no process was started with one");
  }

  @Test
  void whatTheGatewaySentCountsAlsoWhereTheProcessCouldNotBeLookedInto() {
    List<Exchange> calls =
        List.of(Testimonies.call(1, "m1", 1, 1, 1), Testimonies.call(2, "m2", 1, 1, 1));
    Figures other = with(GOOD, 2, seen(calls));
    String detail = "another one in r1-sequential-3 (2 of 2 requests were sent with it)";
    expect(other, "credentials-as-assigned", FAIL, detail);
    expect(with(other, 2, given(Optional.empty())), "credentials-as-assigned", FAIL, detail);
    Figures own = with(with(GOOD, 2, assigned(Optional.of("print"))), 2, seen(calls));
    expect(own, "credentials-as-assigned", PASS, "6 environments");
  }

  @Test
  void credentialsThatServeSeveralAtOnceAreMarkedAsReused() {
    assertThat(criterion(GOOD, "credentials-as-assigned").detail()).doesNotContain("reused");
    expect(
        withEach(GOOD, assigned(Optional.of("the only one"))),
        "credentials-as-assigned",
        PASS,
        "1 different credentials; reused: some serve several attempts of a parallel phase");
  }

  @Test
  void aChallengeThatDidNotComeBackIsNamed() {
    String id = "challenge-answered";
    expect(
        with(GOOD, 5, checked(Optional.of(false), Optional.of(true))),
        id,
        FAIL,
        "not in r1-parallel-3");
    expect(
        with(GOOD, 5, checked(Optional.empty(), Optional.of(true))),
        id,
        UNKNOWN,
        "1 of 6 were not looked at");
    expect(
        withEach(GOOD, checked(Optional.empty(), Optional.of(true))),
        id,
        UNKNOWN,
        "no challenge was asked");
  }

  @Test
  void aFileThatIsNotAsItMustBeIsNamed() {
    String id = "files-verified";
    expect(
        with(GOOD, 5, checked(Optional.of(true), Optional.of(false))),
        id,
        FAIL,
        "not in r1-parallel-3");
    expect(
        with(GOOD, 5, checked(Optional.of(true), Optional.empty())),
        id,
        UNKNOWN,
        "1 of 6 were not looked at");
    expect(
        withEach(GOOD, checked(Optional.of(true), Optional.empty())),
        id,
        UNKNOWN,
        "no file was asked for");
  }

  @Test
  void clocksThatDriftOrPointsOutOfOrderAreFound() {
    String id = "clocks-consistent";
    expect(withDrift(GOOD, Optional.of(0.066)), id, PASS, "differ by 0.066 s over 16.10 s");
    expect(withDrift(GOOD, Optional.of(0.067)), id, FAIL, "differ by 0.067 s over 16.10 s");
    expect(withDrift(GOOD, Optional.of(-3600.0)), id, FAIL, "differ by -3600.000 s");
    expect(with(GOOD, 1, disordered()), id, FAIL, "timing points out of order in r1-sequential-2");
    expect(withDrift(GOOD, Optional.empty()), id, UNKNOWN, "the run's end was not seen");
  }

  private static void expect(Figures figures, String id, Status status, String detail) {
    Criterion criterion = criterion(figures, id);
    assertThat(criterion.detail()).as(id).contains(detail);
    assertThat(criterion.status()).as(id + ": " + criterion.detail()).isEqualTo(status);
  }

  private static Criterion criterion(Figures figures, String id) {
    return Criteria.of(figures).stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }
}
