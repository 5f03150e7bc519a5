package dev.regatta.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClaimsTest {

  @Test
  void whoClaimsNothingMissesEveryFieldThatAProofNeeds() {
    assertThat(Claims.NONE.missing())
        .containsExactly(
            "session_id",
            "duration_api_ms",
            "total_cost_usd",
            "usage.input_tokens",
            "usage.output_tokens");
  }

  @Test
  void nothingIsMissingOnceTheFieldsAreThereWhateverTheyHold() {
    assertThat(claims("", 0L, 0.0, 0L, 0L).missing()).isEmpty();
    assertThat(claims("s", -1L, Double.NaN, Long.MAX_VALUE, Long.MIN_VALUE).missing()).isEmpty();
  }

  @Test
  void eachMissingFieldIsNamedByItself() {
    assertThat(claims(null, 1L, 1.0, 1L, 1L).missing()).containsExactly("session_id");
    assertThat(claims("s", null, 1.0, 1L, 1L).missing()).containsExactly("duration_api_ms");
    assertThat(claims("s", 1L, null, 1L, 1L).missing()).containsExactly("total_cost_usd");
    assertThat(claims("s", 1L, 1.0, null, 1L).missing()).containsExactly("usage.input_tokens");
    assertThat(claims("s", 1L, 1.0, 1L, null).missing()).containsExactly("usage.output_tokens");
  }

  @Test
  void aFieldThatIsMissingIsLeftOutOfTheLine() {
    assertThat(Lines.EVENTS.writeValueAsString(ended(Claims.NONE)))
        .contains("\"claims\":{}")
        .doesNotContain("null")
        .doesNotContain("exitCode");
  }

  @Test
  void everyOutcomeIsFoundByItsWordAndNothingElseIsOne() {
    for (Outcome outcome : Outcome.values()) {
      assertThat(Outcome.of(outcome.word())).isEqualTo(outcome);
      assertThat(outcome.word()).matches("[a-z-]+");
    }
    assertThatThrownBy(() -> Outcome.of("melted")).hasMessage("no outcome is called 'melted'");
  }

  private static Event.AttemptEnded ended(Claims claims) {
    return new Event.AttemptEnded(
        "1.1",
        Outcome.SUCCEEDED,
        "",
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        null,
        0,
        0,
        false,
        claims,
        0,
        0);
  }

  private static Claims claims(String session, Long api, Double cost, Long input, Long output) {
    return new Claims(
        session, null, api, cost, input, output, null, null, null, null, null, null, null, null,
        null, null, null, null);
  }
}
