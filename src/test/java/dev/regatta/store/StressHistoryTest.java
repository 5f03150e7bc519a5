package dev.regatta.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.store.StressHistory.Key;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressHistoryTest {
  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
  private static final Key SMALL = new Key("SMALL", false);

  @TempDir Path folder;
  private Store store;
  private StressHistory history;

  @BeforeEach
  void open() {
    store = Store.open(RegattaHome.open(folder.resolve("home")));
    history = store.stressHistory();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static StressRun.Task task(String id, @Nullable String agent, boolean passed, long ms) {
    return new StressRun.Task(
        id, "simple", agent, "medium", passed, !passed, Duration.ofMillis(ms));
  }

  private static StressRun run(String id, int hour, StressRun.Task... tasks) {
    return new StressRun(
        id, "SMALL", START.plus(Duration.ofHours(hour)), false, false, List.of(tasks));
  }

  @Test
  void runsComeBackAsTheyWerePutTheEarliestFirstAlsoFromTheNextStore() {
    StressRun first =
        run(
            "r1",
            0,
            task("'; DROP TABLE stress_runs; --", null, true, 7),
            task("a", "x", false, 9));
    StressRun second = run("r2", 1, task("b", "claude", true, 0));
    history.put(second);
    history.put(first);
    store.close();
    open();
    assertThat(history.runs(SMALL)).containsExactly(first, second);
    assertThat(first.successes()).isEqualTo(1);
    assertThat(first.failures()).isEqualTo(1);
  }

  @Test
  void aRunThatIsPutAgainReplacesWhatWasKeptOfIt() {
    history.put(run("r1", 0, task("a", null, false, 1), task("b", null, true, 1)));
    StressRun again = run("r1", 0, task("a", null, true, 2));
    history.put(again);
    assertThat(history.runs(SMALL)).containsExactly(again);
  }

  @Test
  void aRunInWhichNothingWasJudgedIsKept() {
    StressRun nothing = run("r1", 0);
    history.put(nothing);
    assertThat(history.runs(SMALL)).containsExactly(nothing);
  }

  @Test
  void aRunThatCannotBePutWholeIsNotThereAtAll() {
    StressRun twice = run("r1", 0, task("a", null, true, 1), task("a", null, true, 1));
    assertThatThrownBy(() -> history.put(twice))
        .isInstanceOf(Store.StoreProblem.class)
        .hasMessageContaining("UNIQUE");
    assertThat(history.suites()).isEmpty();
    history.put(run("r1", 0, task("a", null, true, 1)));
    assertThat(history.suites()).containsExactly(SMALL);
  }

  @Test
  void rehearsalsHaveAHistoryOfTheirOwn() {
    StressRun rehearsed = new StressRun("r2", "SMALL", START, true, false, List.of());
    history.put(run("r1", 0));
    history.put(rehearsed);
    history.put(new StressRun("r3", "LARGE", START, true, false, List.of()));
    assertThat(history.suites())
        .containsExactly(new Key("LARGE", true), SMALL, new Key("SMALL", true));
    assertThat(history.runs(new Key("SMALL", true))).containsExactly(rehearsed);
    assertThat(history.runs(new Key("NONE", true))).isEmpty();
  }

  @Test
  void theLatestOfATaskComeFirstAndNoMoreThanWereAskedFor() {
    List<Integer> hours = new java.util.ArrayList<>(IntStream.range(0, 30).boxed().toList());
    Collections.shuffle(hours, new java.util.Random(5));
    hours.forEach(hour ->
        history.put(run("r" + hour, hour, task("a", null, true, hour), task("b", null, true, 99))));
    history.put(
        new StressRun("q", "SMALL", START, true, false, List.of(task("a", null, true, 1_000))));
    history.put(
        new StressRun("p", "OTHER", START, false, false, List.of(task("a", null, true, 1_000))));
    assertThat(history.sameTask(SMALL, "a", 4))
        .extracting(task -> task.duration().toMillis())
        .containsExactly(29L, 28L, 27L, 26L);
  }

  @Test
  void similarTasksAreOthersOfTheSameAgentAndComplexityInAnySuite() {
    StressRun.Task complex =
        new StressRun.Task("d", "simple", "claude", "complex", true, false, Duration.ofMillis(4));
    history.put(
        run(
            "r1",
            0,
            task("a", "claude", true, 1),
            task("b", "claude", true, 2),
            task("c", "codex", true, 3),
            task("e", null, true, 5),
            complex));
    history.put(
        new StressRun("r2", "OTHER", START, false, false, List.of(task("a", "claude", true, 6))));
    history.put(
        new StressRun("r3", "OTHER", START, true, false, List.of(task("z", "claude", true, 7))));
    assertThat(history.similarTasks(SMALL, "a", "claude", "medium", 9))
        .extracting(task -> task.duration().toMillis())
        .as("b of this suite and a of the other")
        .containsExactlyInAnyOrder(2L, 6L);
  }
}
