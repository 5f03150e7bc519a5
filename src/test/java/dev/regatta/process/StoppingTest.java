package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** INT, TERM, KILL: each step is enough for who heeds it, and the last for everyone. */
class StoppingTest {
  private static final StopLadder.Graces SHORT =
      new StopLadder.Graces(Duration.ofMillis(400), Duration.ofMillis(400));
  private static final StopLadder.Graces LONG =
      new StopLadder.Graces(Duration.ofMinutes(1), Duration.ofMinutes(1));

  /** An interrupt that is ignored soon leads on; what follows has all the time it needs. */
  private static final StopLadder.Graces IGNORED =
      new StopLadder.Graces(Duration.ofMillis(400), Duration.ofMinutes(1));

  private static final String WORK = "; echo up; while :; do sleep 0.02; done";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  static List<Launcher> launchers() {
    return LauncherTest.launchers();
  }

  /** What was sent, what the child printed meanwhile, and its end. */
  private record Stopped(List<Signal> sent, String output, ChildEvent.Exited exit) {}

  @ParameterizedTest
  @MethodSource("launchers")
  void whoHeedsAnInterruptCleansUpAndGetsNothingElse(Launcher launcher) throws Exception {
    assumeFalse(!launcher.contains() && interruptsAreIgnored(), "and Java's children inherit it");
    Stopped stopped = stop(launcher, "trap 'echo cleaned up; exit 3' INT" + WORK, LONG);
    assertThat(stopped.sent()).containsExactly(Signal.INT);
    assertThat(stopped.output()).isEqualTo("cleaned up\n");
    assertThat(stopped.exit().exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void whoIgnoresItIsAskedToTerminate(Launcher launcher) throws Exception {
    Stopped stopped = stop(launcher, "trap '' INT; trap 'echo bye; exit 4' TERM" + WORK, IGNORED);
    assertThat(stopped.sent()).containsExactly(Signal.INT, Signal.TERM);
    assertThat(stopped.output()).isEqualTo("bye\n");
    assertThat(stopped.exit().exitCode()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void whoIgnoresBothIsKilled(Launcher launcher) throws Exception {
    Stopped stopped = stop(launcher, "trap '' INT TERM" + WORK, SHORT);
    assertThat(stopped.sent()).containsExactly(Signal.INT, Signal.TERM, Signal.KILL);
    assertThat(stopped.exit().signal()).isEqualTo(9);
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void whoPrintsWithoutEndIsStoppedAllTheSame(Launcher launcher) throws Exception {
    Stopped stopped =
        stop(launcher, "trap '' INT TERM; echo up; while :; do echo flood; done", SHORT);
    assertThat(stopped.exit().signal()).isEqualTo(9);
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void theStepsReachChildrenOfTheChild(Launcher launcher) throws Exception {
    Path pid = folder.resolve("pid");
    String script = "trap '' INT; sh -c 'trap \"\" INT; echo $$ > " + pid + WORK + "'";
    Stopped stopped = stop(launcher, script, IGNORED);
    assertThat(stopped.sent()).containsExactly(Signal.INT, Signal.TERM);
    long inner = Long.parseLong(Files.readString(pid).strip());
    gone(inner);
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aSignalToWhatIsGoneReachesNobody(Launcher launcher) throws Exception {
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, "exit 0"))) {
      Programs.read(child);
      for (Signal signal : Signal.values()) {
        assertThat(child.signal(signal)).as(signal.name()).isFalse();
      }
      assertThat(child.groupAlive()).isFalse();
      assertThat(child.givenEnvironment()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aPausedTreeStandsStillUntilItGoesOn(Launcher launcher) throws Exception {
    Path pid = folder.resolve("pid");
    String script = "sh -c 'echo $$ > " + pid + "; while :; do echo x; sleep 0.01; done'; true";
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, script))) {
      Programs.firstLine(child);
      long inner = Long.parseLong(Files.readString(pid).strip());
      assertThat(child.signal(Signal.STOP)).isTrue();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> standsStill(child.pid()) && standsStill(inner));
      while (child.next(50_000_000) != null) {
        // what it printed before the signal reached it
      }
      assertThat(child.next(300_000_000)).as("a paused child prints nothing").isNull();
      assertThat(child.signal(Signal.CONT)).isTrue();
      assertThat(Programs.next(child)).isInstanceOf(ChildEvent.Output.class);
      child.signal(Signal.STOP);
      child.signal(Signal.KILL);
      assertThat(Programs.exit(child).signal()).as("paused or not").isEqualTo(9);
      gone(inner);
    }
  }

  @Test
  void whoIsPausedAndResumedAtOnceGoesOnHoweverOften() throws Exception {
    assumeTrue(PosixLauncher.available());
    // The more memory a process has the longer it forks.
    String script = "big=$(head -c 30000000 /dev/zero | tr '\\0' x); while :; do (:); echo x; done";
    try (Launcher launcher = Launcher.open();
        Child child = launcher.start(Programs.shell(folder, script))) {
      for (int round = 0; round < 300; round++) {
        Programs.next(child);
        child.pause();
        child.signal(Signal.CONT);
      }
      child.signal(Signal.KILL);
      assertThat(Programs.exit(child).signal()).isEqualTo(9);
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aHurryGoesFromTheFirstStepToTheLast(Launcher launcher) throws Exception {
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, "trap '' INT TERM" + WORK))) {
      Programs.firstLine(child);
      StopLadder ladder = new StopLadder(LONG);
      child.signal(ladder.due(System.nanoTime()).orElseThrow());
      ladder.hurry();
      assertThat(ladder.due(System.nanoTime())).contains(Signal.KILL);
      child.signal(Signal.KILL);
      assertThat(Programs.exit(child).signal()).isEqualTo(9);
    }
  }

  @Test
  void oneThatLeftTheSessionAndHoldsTheOutputIsFoundByItsMark() throws Exception {
    assumeTrue(PosixLauncher.available());
    Mark mark = Mark.of("test-" + UUID.randomUUID(), "1.1", Map.of());
    Path pid = folder.resolve("pid");
    String away = "setsid sh -c 'trap \"\" INT TERM; echo $$ > " + pid + WORK + "' & ";
    ChildCommand command =
        Programs.shell(folder, away + "wait", Map.of(Mark.VARIABLE, mark.value()));
    try (Launcher launcher = PosixLauncher.open();
        Child child = launcher.start(command)) {
      Programs.firstLine(child);
      long left = Long.parseLong(Files.readString(pid).strip());
      child.signal(Signal.KILL);
      assertThat(Programs.exit(child).signal()).isEqualTo(9);
      assertThat(ProcessTable.read(left)).as("the group's KILL did not reach it").isPresent();
      Leftovers.Ended ended = new Leftovers.Ended(mark, child.pid(), System.nanoTime());
      assertThat(launcher.leftovers().stopEnded(List.of(ended)).get(ended)).contains(left);
      assertThat(Programs.next(child))
          .as("nobody holds it now")
          .isInstanceOf(ChildEvent.Closed.class);
      gone(left);
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void theFirstLimitThatIsPassedIsTold(Launcher launcher) throws Exception {
    Optional<Duration> soon = Optional.of(Duration.ofMillis(300));
    Optional<Duration> late = Optional.of(Duration.ofMinutes(5));
    String silent = "sleep 300";
    String fallsSilent = "echo one; sleep 300";
    String talks = "while :; do echo x; sleep 0.02; done";
    try (launcher) {
      assertThat(overrun(launcher, silent, new Limits(late, soon, late)))
          .isEqualTo(Limits.Overrun.FIRST_OUTPUT);
      assertThat(overrun(launcher, fallsSilent, new Limits(late, late, soon)))
          .isEqualTo(Limits.Overrun.STALL);
      assertThat(overrun(launcher, talks, new Limits(soon, late, late)))
          .isEqualTo(Limits.Overrun.WHOLE);
    }
  }

  private Limits.Overrun overrun(Launcher launcher, String script, Limits limits) throws Exception {
    try (Child child = launcher.start(Programs.shell(folder, script))) {
      long started = child.spawnedNanos();
      long last = started;
      boolean printed = false;
      while (true) {
        long now = System.nanoTime();
        Optional<Limits.Overrun> overrun = limits.passed(started, last, printed, now);
        if (overrun.isPresent()) {
          child.signal(Signal.KILL);
          Programs.exit(child);
          return overrun.get();
        }
        if (child.next(limits.nanosLeft(started, last, printed, now))
            instanceof ChildEvent.Output output) {
          printed = true;
          last = output.nanos();
        }
      }
    }
  }

  private Stopped stop(Launcher launcher, String script, StopLadder.Graces graces)
      throws Exception {
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, script))) {
      assertThat(Programs.firstLine(child)).startsWith("up\n");
      StopLadder ladder = new StopLadder(graces);
      List<Signal> sent = new ArrayList<>();
      StringBuilder output = new StringBuilder();
      boolean ended = false;
      while (true) {
        ladder
            .due(System.nanoTime())
            .ifPresent(signal -> {
              sent.add(signal);
              child.signal(signal);
            });
        long left = Math.min(ladder.nanosLeft(System.nanoTime()), 30_000_000_000L);
        switch (child.next(left)) {
          case ChildEvent.Output printed -> keep(printed, output);
          case ChildEvent.Closed closed -> ended |= closed.channel() == Channel.OUTPUT;
          case ChildEvent.Exited exit -> {
            while (!ended) { // its last words may still be on their way
              ChildEvent next = Programs.next(child);
              if (next instanceof ChildEvent.Output printed) {
                keep(printed, output);
              }
              ended = next instanceof ChildEvent.Closed it && it.channel() == Channel.OUTPUT;
            }
            launcher.leftovers().reapAdopted();
            return new Stopped(sent, output.toString(), exit);
          }
          case null, default -> {}
        }
      }
    }
  }

  /** Standard output alone: shells say on the other channel which signal ended what they ran. */
  private static void keep(ChildEvent.Output printed, StringBuilder output) {
    if (printed.channel() == Channel.OUTPUT) {
      output.append(new String(printed.bytes(), StandardCharsets.UTF_8));
    }
  }

  private static void gone(long pid) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(ProcessTable.read(pid).filter(row -> !row.zombie()))
                .as("process %s", pid)
                .isEmpty());
  }

  /**
   * Stopped, or waiting for a child that was stopped between vfork and exec: until that goes on the
   * shell stays in the kernel (11 of 400 stops of such a loop).
   */
  private static boolean standsStill(long pid) throws Exception {
    if (state(pid) != 'D') {
      return state(pid) == 'T';
    }
    for (ProcessHandle child : ProcessHandle.of(pid).orElseThrow().children().toList()) {
      if (state(child.pid()) == 'T') {
        return true;
      }
    }
    return false;
  }

  private static char state(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  /** As in a job that a script started with {@code &}: what is ignored then stays so. */
  private static boolean interruptsAreIgnored() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(mask -> (mask & 1L << (Signal.INT.number() - 1)) != 0);
  }
}
