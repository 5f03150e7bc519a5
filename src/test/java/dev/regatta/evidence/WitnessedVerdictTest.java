package dev.regatta.evidence;

import static dev.regatta.evidence.Measured.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.evidence.Figures.AttemptFigures;
import dev.regatta.evidence.Figures.GatewayFigures;
import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.evidence.Figures.WireFigures;
import dev.regatta.evidence.Verdict.Calls;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The decision on what the calls were, on exchanges as a gateway would have recorded them. */
class WitnessedVerdictTest {
  private static final Figures WITNESSED = witnessed(GOOD);

  /** Each attempt made one call to the provider over TLS that took the 3.5 s which it claims. */
  private static Figures witnessed(Figures figures) {
    Figures changed = figures;
    for (int i = 0; i < figures.attempts().size(); i++) {
      int number = i + 1;
      changed =
          Measured.with(
              changed,
              i,
              at -> seen(claim(at), seenCalls(at, List.of(call(at, number)), Optional.empty())));
    }
    return wires(behind(changed, new GatewayFigures(false, false)), 3, 3.5);
  }

  private static Exchange call(AttemptFigures at, int number) {
    Exchange call = Testimonies.call(number, "msg_" + number, 10, 20, 3.5);
    call = Changed.of(call, "attempt", at.name());
    return Changed.of(call, "credential", at.assigned().orElseThrow());
  }

  private static AttemptFigures claim(AttemptFigures at) {
    Claims claims = Changed.of(at.claims(), "model", Testimonies.MODEL);
    return Measured.claiming(Changed.of(claims, "costUsd", 0.00055)).apply(at);
  }

  private static Figures.Seen seenCalls(
      AttemptFigures at, List<Exchange> calls, Optional<Transcript> transcript) {
    return new Figures.Seen(Optional.of("placeholder-" + at.name()), transcript, calls, 0);
  }

  private static AttemptFigures seen(AttemptFigures at, Figures.Seen seen) {
    return Changed.of(Changed.of(at, "given", seen.placeholder()), "seen", seen);
  }

  private static Figures behind(Figures figures, GatewayFigures gateway) {
    Figures changed = Changed.of(figures, "gateway", Optional.of(gateway));
    return Changed.of(changed, "prices", Optional.of(PriceTable.standard()));
  }

  /** Calls of the parallel phases: so many open at once, so long on average. */
  private static Figures wires(Figures figures, int open, double mean) {
    List<PhaseFigures> phases = new ArrayList<>();
    for (PhaseFigures phase : figures.phases()) {
      WireFigures wire =
          phase.isParallel() ? new WireFigures(open, 2.5, mean) : new WireFigures(1, 0.9, 3.5);
      phases.add(Changed.of(phase, "wire", wire));
    }
    return Measured.withPhases(figures, phases);
  }

  private static UnaryOperator<AttemptFigures> calling(UnaryOperator<Exchange> change) {
    return at ->
        seen(
            at,
            seenCalls(
                at, at.seen().exchanges().stream().map(change).toList(), at.seen().transcript()));
  }

  /** As an agent of OpenAI's: it tells its tokens, and neither cost nor API time. */
  private static Figures ofOpenAi(String host) {
    Figures changed = WITNESSED;
    for (int i = 0; i < WITNESSED.attempts().size(); i++) {
      changed =
          Measured.with(
              changed, i, at -> calling(call -> atOpenAi(call, host)).apply(tellingLittle(at)));
    }
    return changed;
  }

  private static AttemptFigures tellingLittle(AttemptFigures at) {
    Claims c = at.claims();
    return Measured.claiming(
            new Claims(
                c.sessionId(),
                null,
                null,
                null,
                10L,
                20L,
                0L,
                0L,
                null,
                1,
                "answer",
                false,
                null,
                null,
                null,
                0,
                null,
                null))
        .apply(at);
  }

  private static Exchange atOpenAi(Exchange call, String host) {
    return new Exchange(
        call.number(),
        call.attempt(),
        call.credential(),
        new Exchange.Asked("POST", "/v1/responses", "gpt-x", 10, "00"),
        call.answered(),
        call.times(),
        new Exchange.Upstream(host, "203.0.113.1:443", "TLSv1.3", "ab"),
        call.ending(),
        "");
  }

  @Test
  void anAgentThatTellsNoCostAndNoApiTimeCanBeRealBecauseItsCallsWereSeen() {
    Figures figures = ofOpenAi("api.openai.com");
    assertThat(Judgement.of(figures, Criteria.of(figures)).calls()).isEqualTo(Calls.REAL);
    assertThat(criterion(figures, "claims-complete").detail())
        .isEqualTo("6 of 6; 6 tell not all of it themselves, but the gateway saw their calls");
    assertThat(criterion(figures, "witnesses-agree").detail())
        .isEqualTo("on calls, ids and tokens; not every agent tells models and API time");
    assertThat(criterion(figures, "calls-to-provider").detail())
        .isEqualTo("6 calls to api.openai.com");
    assertThat(criterion(figures, "costs-agree").status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void aCallToAnotherProvidersHostIsNotReal() {
    Figures figures = ofOpenAi("api.anthropic.com");
    assertThat(criterion(figures, "calls-to-provider").status()).isEqualTo(Status.FAIL);
    assertThat(Judgement.of(figures, Criteria.of(figures)).calls()).isEqualTo(Calls.UNVERIFIED);
  }

  @Test
  void withoutAGatewayWhatAnAgentDoesNotTellIsMissing() {
    Figures figures = Measured.with(GOOD, 1, WitnessedVerdictTest::tellingLittle);
    assertThat(criterion(figures, "claims-complete").detail())
        .isEqualTo("r1-sequential-2 lacks duration_api_ms, total_cost_usd");
    assertThat(Judgement.of(figures, Criteria.of(figures)).calls()).isEqualTo(Calls.UNVERIFIED);
  }

  @Test
  void callsThatTheGatewaySawGoToTheProviderAndThatFitInEverythingAreReal() {
    assertThat(Criteria.of(WITNESSED)).allMatch(each -> each.status() == Status.PASS);
    verdict(WITNESSED, Calls.REAL, "the gateway saw every call go to the provider");
  }

  @Test
  void withoutAChallengeTheyAreRealUnchallenged() {
    Figures unchallenged =
        Measured.withEach(WITNESSED, Measured.checked(Optional.empty(), Optional.empty()));
    verdict(unchallenged, Calls.REAL_UNCHALLENGED, "no answer had to hold anything new");
    assertThat(Calls.REAL_UNCHALLENGED.word()).isEqualTo("real (unchallenged)");
  }

  @Test
  void anAgentThatReordersTheMarkerBesideItsCallsIsFoundOutByName() {
    Figures own = Measured.with(WITNESSED, 2, calling(call -> Testimonies.holding(call, false)));
    verdict(own, Calls.UNVERIFIED, "agents and gateway agree: FAIL");
    detail(
        own,
        "witnesses-agree",
        "r1-sequential-3 challenge: agent the reordered marker in its answer, gateway in no"
            + " model's answer");
  }

  @Test
  void whereTheModelsTextCouldNotBeReadNoChallengeCounts() {
    Figures unread = Measured.with(WITNESSED, 2, calling(call -> Testimonies.holding(call, null)));
    verdict(unread, Calls.REAL_UNCHALLENGED, "");
  }

  @Test
  void aCallThatBrokeOffHidesNoInventedTokens() {
    Figures broken =
        Measured.with(
            WITNESSED, 0, calling(call -> Testimonies.ended(call, Exchange.Ending.CLIENT_GONE)));
    verdict(broken, Calls.UNVERIFIED, "agents and gateway agree: UNKNOWN");
    detail(
        broken,
        "witnesses-agree",
        "a call broke off, so that tokens could not be compared, in r1-sequential-1");
  }

  @Test
  void anOwnAuthorityOrAProxyMakesThemConsistentAtMost() {
    verdict(behind(WITNESSED, new GatewayFigures(true, false)), Calls.CONSISTENT, "own authority");
    verdict(behind(WITNESSED, new GatewayFigures(false, true)), Calls.CONSISTENT, "a proxy");
  }

  @Test
  void withoutAGatewayTheyAreNeverReal() {
    verdict(GOOD, Calls.CONSISTENT, "nobody else saw the calls");
  }

  @Test
  void aRehearsalIsARehearsalWhateverWasSeen() {
    verdict(Measured.to(WITNESSED, true, true, true), Calls.REHEARSAL, "rehearsal server");
  }

  @Test
  void anAttemptWithoutACallIsFoundOutByName() {
    Figures silent =
        Measured.with(WITNESSED, 4, at -> seen(at, seenCalls(at, List.of(), Optional.empty())));
    verdict(silent, Calls.UNVERIFIED, "the gateway saw calls of every attempt: FAIL");
    detail(silent, "calls-witnessed", "no call of r1-parallel-2");
    detail(
        silent, "witnesses-agree", "r1-parallel-2 calls: agent 20 output tokens, gateway no call");
  }

  @Test
  void anAgentThatInflatesItsTokensIsFoundOutByName() {
    Figures inflated =
        Measured.with(
            WITNESSED,
            3,
            at -> Measured.claiming(Changed.of(at.claims(), "outputTokens", 2000L)).apply(at));
    verdict(inflated, Calls.UNVERIFIED, "agents and gateway agree: FAIL");
    detail(inflated, "witnesses-agree", "r1-parallel-1 output tokens: agent 2000, gateway 20");
  }

  @Test
  void aCallThatWentElsewhereOrWithoutTlsIsNotTheProviders() {
    for (Exchange.Upstream other :
        List.of(
            new Exchange.Upstream("example.org", "203.0.113.9:443", "TLSv1.3", "ab"),
            new Exchange.Upstream("api.anthropic.com", "203.0.113.1:80", null, null))) {
      Figures elsewhere = Measured.with(WITNESSED, 0, calling(call -> answeredBy(call, other)));
      verdict(elsewhere, Calls.UNVERIFIED, "every call went to the provider over TLS: FAIL");
      detail(elsewhere, "calls-to-provider", "not call 1 of r1-sequential-1");
    }
  }

  private static Exchange answeredBy(Exchange call, Exchange.Upstream upstream) {
    return Changed.of(call, "upstream", upstream);
  }

  @Test
  void aRequestIdThatComesTwiceOrNotAtAllIsFoundOut() {
    Figures twice = Measured.with(WITNESSED, 1, calling(call -> withId(call, "req_msg_1")));
    verdict(twice, Calls.UNVERIFIED, "every call has a request id of its own: FAIL");
    detail(twice, "request-ids-unique", "more than once: req_msg_1");
    Figures none = Measured.with(WITNESSED, 1, calling(call -> withId(call, null)));
    verdict(none, Calls.UNVERIFIED, "every call has a request id of its own: UNKNOWN");
    detail(none, "request-ids-unique", "1 of 6 calls have none");
  }

  private static Exchange withId(Exchange call, String requestId) {
    return Changed.of(call, "answered", Changed.of(call.answered(), "requestId", requestId));
  }

  @Test
  void aCredentialThatTheGatewayDidNotPutInIsFoundOut() {
    Figures other =
        Measured.with(WITNESSED, 2, calling(call -> Changed.of(call, "credential", "another")));
    verdict(other, Calls.UNVERIFIED, "each credential was used as assigned: FAIL");
  }

  @Test
  void callsThatQueueWhileTheirProcessesOverlapAreReportedAsThat() {
    Figures locked = wires(WITNESSED, 1, 3.5);
    assertThat(criterion(locked, "exchanges-overlap").detail())
        .startsWith("at most 1 open at once")
        .endsWith("the processes overlap, but their calls queue");
    Figures served = wires(WITNESSED, 3, 7.0);
    assertThat(criterion(served, "exchanges-overlap"))
        .satisfies(each -> {
          assertThat(each.status()).isEqualTo(Status.FAIL);
          assertThat(each.detail()).contains("2.00 times as long as one at a time");
        });
    assertThat(criterion(wires(WITNESSED, 3, 4.9), "exchanges-overlap").status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void anotherCostIsSaidAndChangesNoVerdict() {
    Figures dear =
        Measured.with(
            WITNESSED, 0, at -> seen(Measured.claiming(dear(at.claims())).apply(at), at.seen()));
    assertThat(criterion(dear, "costs-agree"))
        .satisfies(each -> {
          assertThat(each.status()).isEqualTo(Status.FAIL);
          assertThat(each.detail())
              .isEqualTo("r1-sequential-1 cost: agent $0.001000, prices $0.000550");
        });
    verdict(dear, Calls.REAL, "");
  }

  private static Claims dear(Claims c) {
    return Changed.of(c, "costUsd", 0.001);
  }

  private static void verdict(Figures figures, Calls calls, String reason) {
    Verdict verdict = Judgement.of(figures, Criteria.of(figures));
    assertThat(verdict.callsReason()).contains(reason);
    assertThat(verdict.calls()).isEqualTo(calls);
  }

  private static void detail(Figures figures, String id, String detail) {
    assertThat(criterion(figures, id).detail()).isEqualTo(detail);
  }

  private static Criterion criterion(Figures figures, String id) {
    return Criteria.of(figures).stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
