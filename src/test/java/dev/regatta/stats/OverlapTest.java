package dev.regatta.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverlapTest {

  @Test
  void noIntervalsAreNothing() {
    Overlap none = Overlap.of(List.of());
    assertThat(none.steps()).isEmpty();
    assertThat(none.greatest()).isZero();
    assertThat(none.area()).isZero();
    assertThat(none.nanosWithAtLeast(1)).isZero();
  }

  @Test
  void oneIntervalIsOneForItsLength() {
    Overlap one = Overlap.of(List.of(new Interval(5, 12)));
    assertThat(one.steps()).containsExactly(new Overlap.Step(5, 1), new Overlap.Step(12, 0));
    assertThat(one.nanosWithAtLeast(1)).isEqualTo(7);
    assertThat(one.nanosWithAtLeast(2)).isZero();
  }

  @Test
  void backToBackIsNeverAnOverlap() {
    Overlap overlap =
        Overlap.of(List.of(new Interval(10, 20), new Interval(0, 10), new Interval(20, 30)));
    assertThat(overlap.greatest()).isEqualTo(1);
    assertThat(overlap.steps()).containsExactly(new Overlap.Step(0, 1), new Overlap.Step(30, 0));
  }

  @Test
  void stretchesAreWhereAtLeastOneRuns() {
    Overlap overlap =
        Overlap.of(
            List.of(
                new Interval(0, 10),
                new Interval(5, 12),
                new Interval(12, 14),
                new Interval(20, 30),
                new Interval(22, 23)));
    assertThat(overlap.stretches()).containsExactly(new Interval(0, 14), new Interval(20, 30));
    assertThat(Overlap.of(List.of()).stretches()).isEmpty();
  }

  @Test
  void thePartOfAnIntervalWithinAnotherMayBeEmpty() {
    Interval whole = new Interval(10, 20);
    assertThat(new Interval(5, 15).within(whole)).isEqualTo(new Interval(10, 15));
    assertThat(new Interval(12, 40).within(whole)).isEqualTo(new Interval(12, 20));
    assertThat(new Interval(0, 5).within(whole)).isEqualTo(new Interval(10, 10));
    assertThat(new Interval(30, 35).within(whole)).isEqualTo(new Interval(20, 20));
    assertThat(whole.holds(10)).isTrue();
    assertThat(whole.holds(20)).isFalse();
  }

  @Test
  void aSharedNanosecondIsAnOverlap() {
    assertThat(Overlap.of(List.of(new Interval(0, 11), new Interval(10, 20))).greatest())
        .isEqualTo(2);
  }

  @Test
  void anEmptyIntervalCountsForNothing() {
    assertThat(Overlap.of(List.of(new Interval(3, 3), new Interval(3, 3))).steps()).isEmpty();
    assertThat(Overlap.of(List.of(new Interval(0, 9), new Interval(3, 3))).greatest()).isEqualTo(1);
  }

  @Test
  void equalIntervalsAreAllAtOnce() {
    Overlap overlap = Overlap.of(List.of(new Interval(1, 4), new Interval(1, 4)));
    assertThat(overlap.greatest()).isEqualTo(2);
    assertThat(overlap.nanosWithAtLeast(2)).isEqualTo(3);
  }

  @Test
  void anIntervalThatEndsBeforeItStartsIsRefused() {
    assertThatThrownBy(() -> new Interval(7, 6)).hasMessage("an interval ends at 6, before 7");
    assertThat(new Interval(7, 7).length()).isZero();
  }

  @Test
  void theSweepAgreesWithCountingEveryInstant() {
    Random random = new Random(2026);
    for (int round = 0; round < 2_000; round++) {
      List<Interval> intervals = new ArrayList<>();
      for (int i = random.nextInt(9); i > 0; i--) {
        int start = random.nextInt(40) - 20;
        intervals.add(new Interval(start, start + random.nextInt(15)));
      }
      Overlap overlap = Overlap.of(intervals);
      int greatest = 0;
      long area = 0;
      long[] atLeast = new long[11];
      for (int instant = -20; instant < 40; instant++) {
        int at = instant;
        int running =
            (int) intervals.stream().filter(it -> it.start() <= at && at < it.end()).count();
        greatest = Math.max(greatest, running);
        area += running;
        for (int count = 0; count <= running; count++) {
          atLeast[count]++;
        }
      }
      String as = "seed 2026, round " + round + ": " + intervals;
      assertThat(overlap.greatest()).as(as).isEqualTo(greatest);
      assertThat(overlap.area()).as(as).isEqualTo(area);
      assertThat(area).as(as).isEqualTo(intervals.stream().mapToLong(Interval::length).sum());
      for (int count = 1; count < atLeast.length; count++) {
        assertThat(overlap.nanosWithAtLeast(count)).as(as).isEqualTo(atLeast[count]);
      }
      for (int i = 1; i < overlap.steps().size(); i++) {
        assertThat(overlap.steps().get(i).at())
            .as(as)
            .isGreaterThan(overlap.steps().get(i - 1).at());
        assertThat(overlap.steps().get(i).running())
            .as(as + ": a step is a change")
            .isNotEqualTo(overlap.steps().get(i - 1).running());
      }
    }
  }

  @Test
  void daysInNanosecondsAreNotTooMuch() {
    long week = 7L * 24 * 3600 * 1_000_000_000L;
    List<Interval> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(new Interval(i, week + i));
    }
    assertThat(Overlap.of(many).area()).isEqualTo(1_000 * week);
    assertThat(Overlap.of(many).greatest()).isEqualTo(1_000);
  }
}
