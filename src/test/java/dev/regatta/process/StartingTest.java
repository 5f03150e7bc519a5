package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both launchers start the same things, tell the same ends, and refuse with the same words. */
class StartingTest {
  @TempDir Path folder;

  static List<Launcher> launchers() {
    return LauncherTest.launchers();
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void everyExitCodeIsTold(Launcher launcher) throws Exception {
    try (launcher) {
      for (int code : new int[] {0, 1, 2, 3, 126, 127, 128, 160, 200, 254, 255}) {
        assertThat(exit(launcher, "exit " + code).exitCode()).isEqualTo(code);
        assertThat(exit(launcher, "exit " + code).signal()).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void everySignalThatEndsAChildIsTold(Launcher launcher) throws Exception {
    try (launcher) {
      for (int signal : new int[] {1, 4, 6, 8, 9, 11, 13, 14, 15}) {
        ChildEvent.Exited exit = exit(launcher, "kill -" + signal + " $$");
        assertThat(exit.signal()).isEqualTo(signal);
        assertThat(exit.exitCode()).isNull();
      }
    }
  }

  @Test
  void anExitCodeThatLooksLikeASignalIsToldApart() throws Exception {
    assumeTrue(PosixLauncher.available());
    try (Launcher launcher = PosixLauncher.open()) {
      for (int code = 129; code < 160; code++) {
        assertThat(exit(launcher, "exit " + code).exitCode()).isEqualTo(code);
      }
      assertThat(exit(launcher, "kill -2 $$").signal()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void threeHundredAtOnceAreToldApart(Launcher launcher) throws Exception {
    try (launcher) {
      List<Child> children = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        children.add(
            launcher.start(
                Programs.shell(folder, "echo " + i + "; echo e" + i + " >&2; exit " + i % 100)));
      }
      for (int i = 0; i < 300; i++) {
        Programs.Story story = Programs.read(children.get(i));
        assertThat(story.output()).isEqualTo(i + "\n");
        assertThat(story.error()).isEqualTo("e" + i + "\n");
        assertThat(story.exit().exitCode()).isEqualTo(i % 100);
        children.get(i).close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void theFolderIsTheOneThatWasNamedAndArgumentsArriveAsTheyAre(Launcher launcher)
      throws Exception {
    Path odd = Files.createDirectory(folder.resolve("a b'c\"ü"));
    List<String> arguments =
        List.of(
            "sh", "-c", "pwd; printf '%s|' \"$@\"", "sh", "", " ", "a'b\"c", "ü€😀", "$HOME", "*");
    ChildCommand command =
        new ChildCommand(
            Path.of("/bin/sh"), arguments, Programs.ENVIRONMENT, odd, Optional.empty());
    try (launcher;
        Child child = launcher.start(command)) {
      assertThat(Programs.read(child).output())
          .isEqualTo(odd.toRealPath() + "\n| |a'b\"c|ü€😀|$HOME|*|");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aProgramThatIsMissingIsNamed(Launcher launcher) throws Exception {
    try (launcher) {
      refusal(launcher, program(folder.resolve("absent")))
          .hasMessage(folder.resolve("absent") + " is not there");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aFileThatMayNotBeRunAndAFolderAreNamed(Launcher launcher) throws Exception {
    try (launcher) {
      Path plain = Files.writeString(folder.resolve("plain"), "x");
      refusal(launcher, program(plain)).hasMessage(plain + " may not be run: permission denied");
      refusal(launcher, program(folder)).hasMessage(folder + " may not be run: permission denied");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void anInterpreterThatIsMissingIsSaid(Launcher launcher) throws Exception {
    try (launcher) {
      Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
      assertThat(script.toFile().setExecutable(true)).isTrue();
      refusal(launcher, program(script))
          .hasMessage(script + " cannot start: the interpreter or loader it names is not there");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aFolderThatIsMissingOrAFileIsNamed(Launcher launcher) throws Exception {
    try (launcher) {
      Path file = Files.writeString(folder.resolve("file"), "x");
      for (Path wrong : List.of(folder.resolve("no"), file)) {
        refusal(launcher, Programs.shell(wrong, "true"))
            .hasMessage("the working folder " + wrong + " is not there");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aNulCharacterAndTooMuchAreRefused(Launcher launcher) throws Exception {
    try (launcher) {
      refusal(launcher, Programs.shell(folder, "a\0b"))
          .hasMessage("an argument holds a NUL character, which no program can be given");
      refusal(launcher, Programs.shell(folder, "true", Map.of("A", "b\0c")))
          .hasMessage("the environment holds a NUL character in one of its variables");
      List<String> much = new ArrayList<>(List.of("sh", "-c", "true"));
      for (int i = 0; i < 100; i++) {
        much.add("x".repeat(100_000));
      }
      refusal(
              launcher,
              new ChildCommand(
                  Path.of("/bin/sh"), much, Programs.ENVIRONMENT, folder, Optional.empty()))
          .hasMessage(
              "the arguments and environment of /bin/sh are larger than the system allows; pass"
                  + " less, or use standard input");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void afterARefusalTheNextOneStarts(Launcher launcher) throws Exception {
    try (launcher) {
      for (int i = 0; i < 50; i++) {
        assertThatThrownBy(() -> launcher.start(program(folder.resolve("absent"))))
            .isInstanceOf(SpawnFailed.class);
      }
      assertThat(exit(launcher, "exit 5").exitCode()).isEqualTo(5);
    }
  }

  @Test
  void aCommandThatIsPrintedShowsNoValueOfItsEnvironment() {
    ChildCommand command =
        new ChildCommand(
            Path.of("/bin/sh"),
            List.of("sh"),
            Map.of("ANTHROPIC_API_KEY", "sk-ant-very-secret"),
            folder,
            Optional.of(new byte[3]));
    assertThat(command.toString())
        .isEqualTo(
            "ChildCommand[/bin/sh [sh] in "
                + folder
                + ", environment of [ANTHROPIC_API_KEY], fed 3 bytes]");
    assertThatThrownBy(() ->
            new ChildCommand(Path.of("/bin/sh"), List.of(), Map.of(), folder, Optional.empty()))
        .hasMessage("a command needs its name as first argument");
  }

  private ChildEvent.Exited exit(Launcher launcher, String script) throws Exception {
    try (Child child = launcher.start(Programs.shell(folder, script))) {
      return Programs.read(child).exit();
    }
  }

  private ChildCommand program(Path program) {
    return new ChildCommand(
        program, List.of(program.toString()), Programs.ENVIRONMENT, folder, Optional.empty());
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refusal(
      Launcher launcher, ChildCommand command) {
    return assertThatThrownBy(() -> launcher.start(command)).isInstanceOf(SpawnFailed.class);
  }
}
