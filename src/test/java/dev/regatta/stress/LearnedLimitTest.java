package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.store.StressRun;
import dev.regatta.stress.LearnedLimit.Basis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearnedLimitTest {
  private static final Duration BEFORE = Duration.ofSeconds(300);
  private static final Optional<String> CLAUDE = Optional.of("claude");

  private static StressRun.Task took(double seconds) {
    return task(seconds, true, false);
  }

  private static StressRun.Task timedOut() {
    return task(300, false, true);
  }

  private static StressRun.Task task(double seconds, boolean passed, boolean timedOut) {
    Duration duration = Duration.ofMillis(Math.round(seconds * 1000));
    return new StressRun.Task("a", "simple", null, "simple", passed, timedOut, duration);
  }

  private static List<StressRun.Task> took(double... seconds) {
    return DoubleStream.of(seconds).mapToObj(LearnedLimitTest::took).toList();
  }

  private static LearnedLimit ofCommand(List<StressRun.Task> same) {
    return LearnedLimit.of(Optional.empty(), Complexity.COMPLEX, BEFORE, same, List.of());
  }

  @Test
  void theLimitIsTheP95AndHalfOfItMore() {
    LearnedLimit learned = ofCommand(took(30, 40, 20, 100.5, 10));
    assertThat(learned.limit()).as("1.5 x 100.5, rounded up").isEqualTo(Duration.ofSeconds(151));
    assertThat(learned.words())
        .isEqualTo(
            "was 300 s; p95 of 5 runs, descriptive: 100.5 s; with a half more, at least 10 s");
    assertThat(learned.learned()).isTrue();
  }

  @Test
  void aShortTaskGetsTenSecondsMoreAtLeast() {
    assertThat(ofCommand(took(0.01, 0.02, 0.01, 0.03, 0.01)).limit())
        .isEqualTo(Duration.ofSeconds(11));
  }

  @Test
  void anAgentNeverGetsLessThanItNeedsToStartAndAnswer() {
    for (Complexity complexity : Complexity.values()) {
      LearnedLimit learned =
          LearnedLimit.of(CLAUDE, complexity, BEFORE, took(1, 2, 3, 4, 5), List.of());
      assertThat(learned.limit()).isEqualTo(complexity.floor());
      assertThat(learned.words()).endsWith("no less than the agent needs to start and answer");
    }
    assertThat(LearnedLimit.of(CLAUDE, Complexity.SIMPLE, BEFORE, took(1, 2, 3, 4, 200), List.of()))
        .satisfies(learned -> assertThat(learned.limit()).isEqualTo(Duration.ofSeconds(300)))
        .satisfies(learned -> assertThat(learned.words()).doesNotContain("needs to start"));
  }

  @Test
  void withTooFewOfItsOwnSimilarTasksCountWhereAnAgentMakesThemSimilar() {
    List<StressRun.Task> similar = Collections.nCopies(10, took(200));
    LearnedLimit learned =
        LearnedLimit.of(CLAUDE, Complexity.SIMPLE, BEFORE, took(1, 2, 3, 4), similar);
    assertThat(learned.basis()).isEqualTo(Basis.SIMILAR);
    assertThat(learned.words()).contains("p95 of 10 runs of similar tasks, descriptive: 200 s");
    assertThat(LearnedLimit.of(CLAUDE, Complexity.SIMPLE, BEFORE, took(1, 2, 3, 4, 5), similar))
        .as("five of its own are enough")
        .extracting(LearnedLimit::basis)
        .isEqualTo(Basis.SAME);
    assertThat(
            LearnedLimit.of(Optional.empty(), Complexity.SIMPLE, BEFORE, took(1, 2), similar)
                .basis())
        .as("two commands are not similar because neither starts an agent")
        .isEqualTo(Basis.SUITE);
  }

  @Test
  void withTooFewOfBothTheLimitIsTheSuites() {
    LearnedLimit none = ofCommand(List.of());
    assertThat(none.limit()).isEqualTo(BEFORE);
    assertThat(none.learned()).isFalse();
    assertThat(none.words())
        .isEqualTo("as the suite says: no run of it to learn from, and too few of similar tasks");
    assertThat(ofCommand(took(1.0, 2.0, 3.0, 4.0)).words()).contains("only 4 runs of it");
    assertThat(ofCommand(List.of(took(1.0))).words()).contains("one run of it");
  }

  @Test
  void onesThatFailedByThemselvesSayNothing() {
    List<StressRun.Task> tasks = new ArrayList<>(took(1.0, 2.0, 3.0, 4.0));
    tasks.addAll(Collections.nCopies(50, task(0.1, false, false)));
    assertThat(ofCommand(tasks).basis()).isEqualTo(Basis.SUITE);
  }

  @Test
  void whereTheP95TimedOutItIsNotKnownAndTheLimitIsTheSuites() {
    List<StressRun.Task> tasks = new ArrayList<>(took(1.0, 2.0, 3.0, 4.0));
    tasks.add(timedOut());
    LearnedLimit learned = ofCommand(tasks);
    assertThat(learned.limit()).isEqualTo(BEFORE);
    assertThat(learned.words())
        .isEqualTo("as the suite says: 1 of 5 runs timed out, so their p95 is not known");
    List<StressRun.Task> rare = new ArrayList<>(Collections.nCopies(39, took(10)));
    rare.add(timedOut());
    assertThat(ofCommand(rare).limit()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void fromFiftyNineOnThereIsABoundAndBelowThatItSaysDescriptive() {
    double[] seconds = IntStream.rangeClosed(1, 59).asDoubleStream().toArray();
    LearnedLimit enough = ofCommand(took(seconds));
    assertThat(enough.bound()).contains(Duration.ofSeconds(59));
    assertThat(enough.words()).contains("p95 of 59 runs, at most 59 s with 95 % confidence: 57 s;");
    double[] fewer = IntStream.rangeClosed(1, 58).asDoubleStream().toArray();
    assertThat(ofCommand(took(fewer)).words()).contains("p95 of 58 runs, descriptive: 56 s;");
    List<StressRun.Task> oneTimedOut = new ArrayList<>(took(fewer));
    oneTimedOut.add(timedOut());
    assertThat(ofCommand(oneTimedOut).words())
        .as("the bound is one that timed out: none is known")
        .contains("p95 of 59 runs, descriptive: 57 s;");
  }

  @Test
  void onlyTheLatestCount() {
    List<StressRun.Task> tasks =
        new ArrayList<>(Collections.nCopies(LearnedLimit.LATEST, took(20)));
    tasks.addAll(Collections.nCopies(1_000, took(900)));
    assertThat(ofCommand(tasks).limit()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void whateverWasMeasuredTheLimitLetsAllButFewOfThemPass() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int size = random.nextInt(120);
      List<StressRun.Task> tasks = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        tasks.add(
            switch (random.nextInt(20)) {
              case 0 -> timedOut();
              case 1 -> task(random.nextDouble(100), false, false);
              default -> took(Math.exp(random.nextGaussian(3, 1)));
            });
      }
      Complexity complexity = Complexity.values()[random.nextInt(3)];
      Optional<String> agent = random.nextBoolean() ? CLAUDE : Optional.empty();
      LearnedLimit learned = LearnedLimit.of(agent, complexity, BEFORE, tasks, List.of());
      List<StressRun.Task> telling =
          tasks.stream().filter(task -> task.passed() || task.timedOut()).toList();
      assertThat(learned.from()).isEqualTo(telling.size());
      if (!learned.learned()) {
        assertThat(learned.limit()).isEqualTo(BEFORE);
        continue;
      }
      Duration margin = Duration.ofSeconds(9);
      long within =
          telling.stream()
              .filter(task -> !task.timedOut())
              .filter(task -> task.duration().plus(margin).compareTo(learned.limit()) < 0)
              .count();
      assertThat((double) within / telling.size()).as("seed %d", seed).isGreaterThanOrEqualTo(0.95);
      if (agent.isPresent()) {
        assertThat(learned.limit()).isGreaterThanOrEqualTo(complexity.floor());
      }
      assertThat(learned.bound().isPresent()).as("seed %d", seed).isIn(telling.size() >= 59, false);
      assertThat(learned.words()).doesNotContain("\n").contains("p95 of " + telling.size());
      Collections.shuffle(tasks, random);
      assertThat(LearnedLimit.of(agent, complexity, BEFORE, tasks, List.of())).isEqualTo(learned);
    }
  }
}
