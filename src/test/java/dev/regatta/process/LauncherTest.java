package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for children, however they are started. */
class LauncherTest {
  @TempDir Path folder;

  static List<Launcher> launchers() {
    List<Launcher> launchers = new ArrayList<>(List.of(new PortableLauncher()));
    if (PosixLauncher.available()) {
      launchers.add(PosixLauncher.open());
    }
    return launchers;
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void outputErrorAndExitCodeComeBackApart(Launcher launcher) throws Exception {
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, "echo out; echo err >&2; exit 7"))) {
      Programs.Story story = Programs.read(child);
      assertThat(story.output()).isEqualTo("out\n");
      assertThat(story.error()).isEqualTo("err\n");
      assertThat(story.exit().exitCode()).isEqualTo(7);
      assertThat(story.exit().signal()).isNull();
      assertThat(story.exit().nanos()).isGreaterThan(child.spawnedNanos());
      assertThat(child.spawnedNanos()).isGreaterThan(child.spawnNanos());
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aSignalThatEndsItIsNamed(Launcher launcher) throws Exception {
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, "kill -9 $$"))) {
      assertThat(Programs.read(child).exit().signal()).isEqualTo(9);
      assertThat(Signal.describe(9)).isEqualTo("signal 9 (KILL)");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void moreOutputThanAnyBufferHoldsArrivesWhole(Launcher launcher) throws Exception {
    String script =
        "i=0; while [ $i -lt 40 ]; do head -c 250000 /dev/zero | tr '\\0' x; i=$((i+1)); done";
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, script))) {
      // Ten megabytes wait for a reader that comes late: the queue is full at one.
      TimeUnit.MILLISECONDS.sleep(200);
      assertThat(Programs.read(child).output()).hasSize(10_000_000);
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void standardInputIsFedWholeOrAtItsEndAtOnce(Launcher launcher) throws Exception {
    byte[] input = "ä line\n".repeat(200_000).getBytes(StandardCharsets.UTF_8);
    ChildCommand fed =
        new ChildCommand(
            Path.of("/bin/sh"),
            List.of("sh", "-c", "wc -c"),
            Programs.ENVIRONMENT,
            folder,
            Optional.of(input));
    try (launcher;
        Child child = launcher.start(fed);
        Child unfed = launcher.start(Programs.shell(folder, "wc -c"))) {
      assertThat(Programs.read(child).output().strip()).isEqualTo("" + input.length);
      assertThat(Programs.read(unfed).output().strip()).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void theEnvironmentIsExactlyWhatWasGivenAndCanBeReadBack(Launcher launcher) throws Exception {
    try (launcher;
        Child child =
            launcher.start(Programs.shell(folder, "env; sleep 30", Map.of("KEY", "a=b c")))) {
      assertThat(Programs.firstLine(child)).isNotEmpty();
      assertThat(child.givenEnvironment().orElseThrow())
          .containsEntry("KEY", "a=b c")
          .containsOnlyKeys("KEY", "PATH");
      child.signal(Signal.KILL);
      Programs.exit(child);
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void whatCannotStartSaysWhy(Launcher launcher) throws Exception {
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    try (launcher) {
      assertThatThrownBy(() -> launcher.start(program(folder.resolve("absent"), folder)))
          .isInstanceOf(SpawnFailed.class)
          .hasMessageContaining("absent");
      assertThatThrownBy(() -> launcher.start(program(plain, folder)))
          .isInstanceOf(SpawnFailed.class)
          .hasMessageContaining("plain");
      assertThatThrownBy(() -> launcher.start(program(Path.of("/bin/sh"), folder.resolve("no"))))
          .isInstanceOf(SpawnFailed.class)
          .hasMessageContaining("no is not there");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aNudgeReachesTheReader(Launcher launcher) throws Exception {
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, "sleep 30"))) {
      child.nudge();
      assertThat(Programs.next(child)).isInstanceOf(ChildEvent.Nudged.class);
      assertThat(child.next(1_000_000)).as("nothing else happened").isNull();
      child.signal(Signal.TERM);
      assertThat(Programs.exit(child).signal()).isEqualTo(15);
    }
  }

  @Test
  void aScriptWithoutAnInterpreterLineRunsInTheShell() throws Exception {
    assumeTrue(PosixLauncher.available());
    Path script = Files.writeString(folder.resolve("script"), "echo from the shell: $1\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(
                new ChildCommand(
                    script,
                    List.of("script", "x y"),
                    Programs.ENVIRONMENT,
                    folder,
                    Optional.empty()))) {
      assertThat(Programs.read(child).output()).isEqualTo("from the shell: x y\n");
    }
  }

  @Test
  void aMissingInterpreterAndAnArgumentTooLongAreExplained() throws Exception {
    assumeTrue(PosixLauncher.available());
    Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    try (Launcher launcher = PosixLauncher.open()) {
      assertThatThrownBy(() -> launcher.start(program(script, folder)))
          .hasMessageContaining("the interpreter or loader it names is not there");
      assertThatThrownBy(() -> launcher.start(Programs.shell(folder, "#" + "x".repeat(131_072))))
          .hasMessageContaining("131071 bytes");
      assertThatThrownBy(() -> launcher.start(Programs.shell(folder, "a\0b")))
          .hasMessageContaining("NUL");
    }
  }

  @Test
  void aChildLeadsItsOwnSessionAndInheritsNoDescriptor() throws Exception {
    assumeTrue(PosixLauncher.available());
    try (Launcher launcher = PosixLauncher.open();
        ServerSocket server = new ServerSocket(0);
        Child child = launcher.start(Programs.shell(folder, "ls -l /proc/$$/fd; sleep 30"))) {
      assertThat(server.isBound()).isTrue();
      ProcessTable.Row row = ProcessTable.read(child.pid()).orElseThrow();
      assertThat(row.session()).isEqualTo(child.pid());
      assertThat(row.group()).isEqualTo(child.pid());
      StringBuilder listing = new StringBuilder();
      while (!listing.toString().contains(" 2 -> ")) {
        if (Programs.next(child) instanceof ChildEvent.Output printed) {
          listing.append(new String(printed.bytes(), StandardCharsets.UTF_8));
        }
      }
      assertThat(listing.toString()).doesNotContain("socket:").contains("/dev/null");
      child.signal(Signal.KILL);
      Programs.exit(child);
    }
  }

  @Test
  void cpuTimeAndPeakMemoryAreMeasured() throws Exception {
    assumeTrue(PosixLauncher.available());
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(
                Programs.shell(folder, "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"))) {
      ChildEvent.Exited exit = Programs.read(child).exit();
      assertThat(exit.cpuSeconds()).isBetween(0.01, 60.0);
      assertThat(exit.peakMemoryBytes()).isBetween(200_000L, 1_000_000_000L);
    }
  }

  @Test
  void aHundredChildrenAtOnceAreToldApart() throws Exception {
    assumeTrue(PosixLauncher.available());
    try (Launcher launcher = PosixLauncher.open()) {
      List<Child> children = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        children.add(launcher.start(Programs.shell(folder, "echo " + i + "; exit " + i % 5)));
      }
      for (int i = 0; i < 100; i++) {
        Programs.Story story = Programs.read(children.get(i));
        assertThat(story.output()).isEqualTo(i + "\n");
        assertThat(story.exit().exitCode()).isEqualTo(i % 5);
      }
    }
  }

  @Test
  void pausedMeansNoOutputUntilItGoesOn() throws Exception {
    assumeTrue(PosixLauncher.available());
    try (Launcher launcher = PosixLauncher.open();
        Child child =
            launcher.start(Programs.shell(folder, "while :; do echo x; sleep 0.01; done"))) {
      Programs.firstLine(child);
      child.signal(Signal.STOP);
      while (child.next(50_000_000) != null) {
        // what it printed before the signal reached it
      }
      assertThat(child.next(200_000_000)).as("a paused child prints nothing").isNull();
      child.signal(Signal.CONT);
      assertThat(Programs.next(child)).isInstanceOf(ChildEvent.Output.class);
      child.signal(Signal.KILL);
      Programs.exit(child);
    }
  }

  private static ChildCommand program(Path program, Path folder) throws IOException {
    return new ChildCommand(
        program, List.of(program.toString()), Programs.ENVIRONMENT, folder, Optional.empty());
  }
}
