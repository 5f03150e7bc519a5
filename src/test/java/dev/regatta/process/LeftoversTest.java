package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
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

  private List<Long> leftAfter(String script, boolean cleared) throws Exception {
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(Programs.shell(folder, script, Map.of(Mark.VARIABLE, mark.value())))) {
      long leader = child.pid();
      long pid = Long.parseLong(Programs.read(child).output().strip());
      assertThat(ProcessTable.read(pid)).as("it outlived its parent").isPresent();
      Leftovers leftovers = launcher.leftovers();
      List<Long> stopped =
          leftovers.stopEnded(List.of(new Leftovers.Ended(mark, leader))).values().stream()
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
  void otherRunsAndOtherAttemptsAreLeftAlone() throws Exception {
    Mark other = Mark.of(run, "1.10", Map.of());
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(
                Programs.shell(
                    folder, "echo up; sleep 300", Map.of(Mark.VARIABLE, other.value())))) {
      Programs.firstLine(child);
      Leftovers leftovers = launcher.leftovers();
      assertThat(leftovers.stopEnded(List.of(new Leftovers.Ended(mark, 1_999_999_999)))).isEmpty();
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
