package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No process outlives its attempt, however it hides. */
class LeftoversTest {
  @TempDir Path folder;
  private final String run = "test-" + UUID.randomUUID();
  private final Mark mark = Mark.of(run, "1.1", Map.of());

  @BeforeEach
  void onlyWhereSessionsAreOurs() {
    assumeTrue(PosixLauncher.available());
  }

  @Test
  void aBackgroundJobInTheSameGroupIsStopped() throws Exception {
    assertThat(leftAfter("sleep 300 >/dev/null 2>&1 & echo $!", false)).hasSize(1);
  }

  @Test
  void aJobThatLeftForASessionOfItsOwnIsFoundByItsMark() throws Exception {
    assertThat(leftAfter("setsid sleep 300 >/dev/null 2>&1 & sleep 0.1; echo $!", false))
        .hasSize(1);
  }

  @Test
  void aJobThatIgnoresTermIsKilled() throws Exception {
    String stubborn = "setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' >/dev/null 2>&1 &";
    assertThat(leftAfter(stubborn + " sleep 0.1; echo $!", false)).isNotEmpty();
  }

  @Test
  void aJobThatAlsoClearedItsEnvironmentIsFoundThroughTheSubreaper() throws Exception {
    assertThat(leftAfter("setsid env -i sleep 300 >/dev/null 2>&1 & sleep 0.1; echo $!", true))
        .hasSize(1);
  }

  @Test
  void aJobInTheSameSessionThatClearedItsEnvironmentIsFoundByTheSession() throws Exception {
    assertThat(leftAfter("env -i sleep 300 >/dev/null 2>&1 & echo $!", false)).hasSize(1);
  }

  private List<Long> leftAfter(String script, boolean cleared) throws Exception {
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(Programs.shell(folder, script, Map.of(Mark.VARIABLE, mark.value())))) {
      long leader = child.pid();
      Programs.Story story = Programs.read(child);
      long pid = Long.parseLong(story.output().strip());
      assertThat(ProcessTable.read(pid)).as("it outlived its parent").isPresent();
      Leftovers leftovers = launcher.leftovers();
      List<Long> stopped =
          leftovers
              .stopEnded(List.of(new Leftovers.Ended(mark, leader, story.exit().nanos())))
              .values()
              .stream()
              .flatMap(List::stream)
              .toList();
      if (cleared) {
        assertThat(stopped).as("nothing leads to it but its adoption").isEmpty();
        stopped = leftovers.stopAdopted();
      }
      leftovers.reapAdopted();
      assertThat(ProcessTable.read(pid)).as("it is gone, and no zombie").isEmpty();
      assertThat(stopped).contains(pid);
      return stopped;
    }
  }

  @Test
  void allThatIgnoreTermHaveOneGraceTogetherAndEachIsToldOfItsOwn() throws Exception {
    try (Launcher launcher = PosixLauncher.open()) {
      Map<Leftovers.Ended, List<Long>> left = new HashMap<>();
      for (int number = 1; number <= 4; number++) {
        Mark own = Mark.of(run, number + ".1", Map.of());
        String script = "trap '' TERM; setsid sleep 300 >/dev/null 2>&1 & echo $!";
        try (Child child =
            launcher.start(Programs.shell(folder, script, Map.of(Mark.VARIABLE, own.value())))) {
          Programs.Story story = Programs.read(child);
          left.put(
              new Leftovers.Ended(own, child.pid(), story.exit().nanos()),
              List.of(Long.parseLong(story.output().strip())));
        }
      }
      long start = System.nanoTime();
      assertThat(launcher.leftovers().stopEnded(left.keySet())).isEqualTo(left);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("one second of grace, not one for each")
          .isLessThan(Duration.ofSeconds(3));
      launcher.leftovers().reapAdopted();
    }
  }

  @Test
  void aSessionThatWasGivenTheNumberOfAnAttemptThatEndedBeforeItIsLeftAlone() throws Exception {
    try (Launcher launcher = PosixLauncher.open();
        Child other = launcher.start(Programs.shell(folder, "echo up; sleep 300 & wait"))) {
      Programs.firstLine(other);
      long before = other.spawnNanos() - Duration.ofSeconds(1).toNanos();
      Leftovers leftovers = launcher.leftovers();
      Leftovers.Ended ended = new Leftovers.Ended(mark, other.pid(), before);
      assertThat(leftovers.stopEnded(List.of(ended))).isEmpty();
      assertThat(other.groupAlive()).isTrue();
      Leftovers.Ended itself = new Leftovers.Ended(mark, other.pid(), System.nanoTime());
      assertThat(leftovers.stopEnded(List.of(itself)).get(itself)).contains(other.pid());
      Programs.exit(other);
    }
  }

  @Test
  void otherRunsAndOtherAttemptsAreLeftAlone() throws Exception {
    Mark other = Mark.of(run, "1.10", Map.of());
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(
                Programs.shell(
                    folder, "echo up; sleep 300", Map.of(Mark.VARIABLE, other.value())))) {
      Programs.firstLine(child);
      Leftovers leftovers = launcher.leftovers();
      Leftovers.Ended ended = new Leftovers.Ended(mark, 1_999_999_999, System.nanoTime());
      assertThat(leftovers.stopEnded(List.of(ended))).isEmpty();
      assertThat(leftovers.stopRun("another")).isEmpty();
      assertThat(ProcessTable.read(child.pid())).isPresent();
      assertThat(leftovers.stopRun(run)).contains(child.pid());
      Programs.exit(child);
    }
  }

  @Test
  void aRunInsideAnAttemptIsFoundByBothMarks() {
    Mark inner = Mark.of("inner", "2.1", Map.of(Mark.VARIABLE, mark.value()));
    var environment = java.util.Optional.of(Map.of(Mark.VARIABLE, inner.value()));
    assertThat(Mark.belongsToRun(environment, run)).isTrue();
    assertThat(Mark.belongsToRun(environment, "inner")).isTrue();
    assertThat(Mark.belongs(environment, run + "/1.1")).isTrue();
    assertThat(Mark.belongs(environment, run + "/1")).isFalse();
    assertThat(inner.own()).isEqualTo("inner/2.1");
  }

  @Test
  void aSessionIsOnlyStoppedWhileItsLeaderIsTheOneThatWasStarted() throws Exception {
    try (Launcher launcher = PosixLauncher.open();
        Child child = launcher.start(Programs.shell(folder, "echo up; sleep 300"))) {
      Programs.firstLine(child);
      Leftovers dead = Leftovers.ofTheDead();
      assertThat(dead.stopSession(child.pid(), child.startTicks() + 1)).isEmpty();
      assertThat(dead.stopSession(child.pid(), child.startTicks())).contains(child.pid());
      Programs.exit(child);
    }
  }

  @Test
  void aControlGroupHoldsWhatHidesFromEverythingElse() throws Exception {
    var group = ControlGroup.enter(run);
    assumeTrue(group.isPresent(), "no control group can be made here");
    long pid;
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(
                Programs.shell(
                    folder, "setsid env -i sleep 300 >/dev/null 2>&1 & sleep 0.1; echo $!"))) {
      pid = Long.parseLong(Programs.read(child).output().strip());
      assertThat(group.get().leave()).contains(pid);
      launcher.leftovers().reapAdopted();
    }
    assertThat(ProcessTable.read(pid)).isEmpty();
    assertThat(group.get().path()).doesNotExist();
  }
}
