package dev.regatta.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Outcome;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  private static Candidate asked(
      int number, @Nullable String model, @Nullable String answeredBy, double seconds) {
    return new Candidate(
        new Instance(number, "claude", Optional.ofNullable(model), Optional.empty(), List.of()),
        1,
        answeredBy == null ? Outcome.AGENT_ERROR : Outcome.SUCCEEDED,
        "",
        answeredBy == null ? Optional.empty() : Optional.of("four"),
        answeredBy,
        null,
        null,
        null,
        null,
        seconds,
        null,
        null,
        null,
        null,
        false,
        List.of(),
        null,
        Optional.empty());
  }

  @Test
  void oneThatFailedBeforeItNamedItsModelCountsToThoseThatWereAskedForTheSame() {
    Statistics all =
        Statistics.of(
            List.of(
                asked(1, "opus", "claude-opus-9", 1),
                asked(2, "opus", null, 100),
                asked(3, "opus", "claude-opus-9", 2),
                asked(4, "haiku", null, 1)));
    assertThat(all.models().get("claude-opus-9"))
        .isEqualTo(new Statistics.ModelStatistics(3, 2, 1.5, 4.0, 2 / 3.0));
    assertThat(all.models().get("haiku"))
        .isEqualTo(new Statistics.ModelStatistics(1, 0, null, null, 0));
    assertThat(all.models()).hasSize(2);
    assertThat(all.failureRate()).isEqualTo(0.5);
    assertThat(all.slowestTime()).as("of those that gave an answer").isEqualTo(2.0);
  }

  @Test
  void whereSeveralModelsAnsweredNobodyKnowsWhichFailed() {
    Statistics all =
        Statistics.of(
            List.of(asked(1, null, "a", 1), asked(2, null, "b", 1), asked(3, null, null, 1)));
    assertThat(all.models()).containsOnlyKeys("a", "b", "claude");
  }

  @Test
  void ofNobodyThereIsNothing() {
    Statistics none = Statistics.of(List.of());
    assertThat(none.failureRate()).isZero();
    assertThat(none.averageTime()).isNull();
    assertThat(none.models()).isEmpty();
  }
}
