package dev.regatta.evidence;

import static dev.regatta.evidence.Testimonies.call;
import static dev.regatta.evidence.Testimonies.challenged;
import static dev.regatta.evidence.Testimonies.claims;
import static dev.regatta.evidence.Testimonies.good;
import static dev.regatta.evidence.Testimonies.transcript;
import static dev.regatta.evidence.Testimonies.unwitnessed;
import static dev.regatta.evidence.Testimonies.with;
import static dev.regatta.evidence.Testimonies.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CorroborationTest {

  @Test
  void aMessageThatTheApiBrokeOffNeedsNotStandInTheTranscript() {
    Exchange.Answered head = call(3, "msg_3", 0, 0, 0.1).answered();
    Exchange broken = call(3, "msg_3", 0, 0, 0.1);
    Exchange brokenOff =
        new Exchange(
            broken.number(),
            broken.attempt(),
            broken.credential(),
            broken.asked(),
            new Exchange.Answered(
                head.status(),
                head.requestId(),
                head.headers(),
                head.rehearsal(),
                head.bytes(),
                head.sha256(),
                new Exchange.Message("msg_3", null, null, null, null, null, null, null),
                null),
            broken.times(),
            broken.upstream(),
            broken.ending(),
            "");
    List<Exchange> calls = new ArrayList<>(good().exchanges());
    calls.add(broken);
    assertThat(Corroboration.of(with(good(), calls)).disagreements())
        .extracting(Disagreement::about)
        .contains("message msg_3");
    calls.set(2, brokenOff);
    assertThat(Corroboration.of(with(good(), calls)).disagreements()).isEmpty();
  }

  @Test
  void whereAllWitnessesAgreeAndTheChallengeCameBackItIsTheHighestLevel() {
    assertThat(Corroboration.of(good()))
        .isEqualTo(new Corroboration(Level.WITNESSED_AND_CHALLENGED, List.of()));
  }

  @Test
  void withoutAChallengeOrWithOneThatFailedItIsWitnessedOnly() {
    assertThat(level(challenged(good(), Optional.empty()))).isEqualTo(Level.WITNESSED);
    assertThat(level(challenged(good(), Optional.of(false)))).isEqualTo(Level.WITNESSED);
  }

  @Test
  void oneModelsAnswerWithTheMarkerIsEnoughAndNoneIsSaid() {
    Exchange without = Testimonies.holding(call(1, "msg_1", 1000, 100, 1.0), false);
    Exchange other = call(2, "msg_2", 1500, 200, 2.0);
    assertThat(level(with(good(), List.of(without, other))))
        .isEqualTo(Level.WITNESSED_AND_CHALLENGED);
    Testimony own = with(good(), List.of(without, Testimonies.holding(other, false)));
    assertThat(Corroboration.of(own).level()).isEqualTo(Level.CLAIMED);
    assertThat(told(own))
        .containsExactly(
            "challenge: agent the reordered marker in its answer, gateway in no model's answer");
    Testimony unread = with(good(), List.of(without, Testimonies.holding(other, null)));
    assertThat(Corroboration.of(unread)).isEqualTo(new Corroboration(Level.WITNESSED, List.of()));
  }

  @Test
  void withoutAGatewayTheTranscriptSpeaksAndWithoutBothNobodyDoes() {
    Testimony alone = unwitnessed(good());
    assertThat(level(alone)).isEqualTo(Level.TRANSCRIPT_CORROBORATED);
    assertThat(level(with(alone, Optional.empty()))).isEqualTo(Level.CLAIMED);
    Transcript broken =
        new Transcript("session-1", List.of(), transcript().messages(), "a line is not JSON");
    assertThat(level(with(with(alone, claims(0, 0, 0)), Optional.of(broken))))
        .isEqualTo(Level.CLAIMED);
  }

  @Test
  void anAgentThatKeepsNoTranscriptCanBeWitnessedAllTheSame() {
    assertThat(level(with(good(), Optional.<Transcript>empty())))
        .isEqualTo(Level.WITNESSED_AND_CHALLENGED);
  }

  @Test
  void anAgentThatCalledNobodyIsFoundOut() {
    Testimony lying = with(with(good(), Optional.<Transcript>empty()), List.<Exchange>of());
    assertThat(Corroboration.of(lying).level()).isEqualTo(Level.CLAIMED);
    assertThat(told(lying)).containsExactly("calls: agent 300 output tokens, gateway no call");
  }

  @Test
  void aTranscriptOfCallsThatWereNotSeenIsFoundOut() {
    assertThat(told(with(good(), List.<Exchange>of())))
        .contains("message msg_1: transcript holds it, gateway did not see it");
  }

  @Test
  void inflatedTokensAreFoundOutByGatewayAndByTranscript() {
    Claims inflated = claims(2500, 900, 0.020);
    assertThat(told(with(good(), inflated)))
        .containsExactly("output tokens: agent 900, gateway 300");
    assertThat(told(with(unwitnessed(good()), inflated)))
        .containsExactly("output tokens: agent 900, transcript 300");
  }

  @Test
  void aCallThatIsNotInTheTranscriptIsNamed() {
    assertThat(told(with(good(), Optional.of(transcript(written("msg_1", 1000, 100))))))
        .containsExactly("message msg_2: transcript lacks it, gateway saw it");
  }

  @Test
  void aMessageWithOtherIdsOrTokensIsNamed() {
    Transcript.Message other =
        new Transcript.Message(
            "msg_1", "req_other", Testimonies.MODEL, null, "end_turn", 1000L, 99L, 0L, 0L);
    assertThat(told(with(good(), Optional.of(transcript(other, written("msg_2", 1500, 200))))))
        .containsExactly(
            "request id of msg_1: transcript req_other, gateway req_msg_1",
            "output tokens of msg_1: transcript 99, gateway 100");
  }

  @Test
  void anotherModelThanTheOneThatAnsweredIsNamed() {
    Claims other =
        new Claims(
            "s",
            null,
            null,
            null,
            2500L,
            300L,
            0L,
            0L,
            "claude-better",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    assertThat(told(with(good(), other)))
        .containsExactly("models: agent claude-better, gateway claude-opus-4-8");
  }

  @Test
  void apiTimeThatNoCallTookIsNamedAndWaitsBetweenCallsAreNotMissed() {
    Testimony slow = with(good(), List.of(call(1, "msg_1", 1000, 100, 1), slowCall(9)));
    assertThat(told(slow)).containsExactly("API time: agent 3.00 s, gateway 10.00 s in 2 calls");
    Testimony quick = with(good(), List.of(call(1, "msg_1", 1000, 100, .5), slowCall(.5)));
    assertThat(told(quick)).containsExactly("API time: agent 3.00 s, gateway 1.00 s in 2 calls");
    Testimony waited =
        new Testimony(
            quick.claims(),
            quick.transcript(),
            true,
            quick.exchanges(),
            1500,
            quick.prices(),
            quick.challenge());
    assertThat(told(waited)).isEmpty();
  }

  private static Exchange slowCall(double seconds) {
    return call(2, "msg_2", 1500, 200, seconds);
  }

  @Test
  void sumsAreNotComparedWhereACallBrokeOff() {
    Exchange broken = Testimonies.ended(slowCall(2), Exchange.Ending.CLIENT_GONE);
    Testimony cut = with(good(), List.of(call(1, "msg_1", 1000, 100, 1), broken));
    assertThat(told(with(cut, claims(2500, 900, 9)))).isEmpty();
  }

  @Test
  void tokensThatOnlyTheShortFormInflatesAreFoundOutToo() {
    Claims c = good().claims();
    Claims polished =
        new Claims(
            c.sessionId(),
            c.durationMs(),
            c.apiDurationMs(),
            c.costUsd(),
            1500L,
            99999L,
            0L,
            0L,
            c.model(),
            2,
            "answer",
            false,
            "success",
            null,
            "completed",
            0,
            "2",
            c.models());
    assertThat(told(with(good(), polished)))
        .containsExactly("output tokens in all: agent 99999, gateway at most 300");
  }

  @Test
  void anotherCostIsSaidButIsNoLie() {
    Corroboration dear = Corroboration.of(with(good(), claims(2500, 300, 0.021)));
    assertThat(dear.disagreements())
        .extracting(Disagreement::told)
        .containsExactly("cost: agent $0.021000, prices $0.020000");
    assertThat(dear.level()).isEqualTo(Level.WITNESSED_AND_CHALLENGED);
    assertThat(told(with(good(), claims(2500, 300, 0.0201)))).isEmpty();
  }

  @Test
  void claimsWithoutTokensOrSessionStayClaims() {
    assertThat(level(with(good(), Claims.NONE))).isEqualTo(Level.CLAIMED);
    assertThat(told(with(good(), Claims.NONE))).isEmpty();
  }

  private static Level level(Testimony testimony) {
    return Corroboration.of(testimony).level();
  }

  private static List<String> told(Testimony testimony) {
    return Corroboration.of(testimony).disagreements().stream().map(Disagreement::told).toList();
  }
}
