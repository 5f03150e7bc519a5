package dev.regatta.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderTest {

  @Test
  void interleavedRoundsAlternateTheirOrder() {
    assertThat(Order.INTERLEAVED.steps(4))
        .extracting(Order.Step::phase)
        .containsExactly(
            "r1-sequential",
            "r1-parallel",
            "r2-parallel",
            "r2-sequential",
            "r3-sequential",
            "r3-parallel",
            "r4-parallel",
            "r4-sequential");
  }

  @Test
  void theOtherOrdersAreTheSameInEachRound() {
    assertThat(Order.SEQUENTIAL_FIRST.steps(2))
        .extracting(Order.Step::mode)
        .containsExactly("sequential", "parallel", "sequential", "parallel");
    assertThat(Order.PARALLEL_FIRST.steps(2))
        .extracting(Order.Step::mode)
        .containsExactly("parallel", "sequential", "parallel", "sequential");
  }

  @Test
  void everyRoundHasOnePhaseOfEachModeUnderANameOfItsOwn() {
    for (Order order : Order.values()) {
      for (int rounds = 1; rounds <= 7; rounds++) {
        var steps = order.steps(rounds);
        assertThat(steps).hasSize(2 * rounds);
        assertThat(steps.stream().map(Order.Step::phase).distinct()).hasSize(2 * rounds);
        for (int round = 1; round <= rounds; round++) {
          int at = round;
          assertThat(steps.stream().filter(step -> step.round() == at).map(Order.Step::parallel))
              .containsExactlyInAnyOrder(true, false);
        }
      }
    }
  }
}
