package dev.regatta.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegattaHomeTest {
  @TempDir Path folder;

  @Test
  void itIsItsOwnersAloneAndIgnoredByGit() throws Exception {
    RegattaHome home = RegattaHome.open(folder.resolve("project/.regatta"));
    assertThat(permissions(home.path())).isEqualTo("rwx------");
    assertThat(home.path().resolve(".gitignore")).hasContent("*\n");
    assertThat(home.runFolder("r1")).isEqualTo(home.path().resolve("runs/r1"));
    assertThat(home.runFolder("r1").getParent()).isDirectory();
  }

  @Test
  void gitSeesNothingOfIt() throws Exception {
    git("init", "-q");
    RegattaHome home = RegattaHome.open(folder.resolve(".regatta"));
    Files.writeString(home.path().resolve("runs/output"), "x");
    assertThat(git("status", "--porcelain", "--untracked-files=all")).isEmpty();
  }

  @Test
  void openingItAgainChangesNothing() throws Exception {
    RegattaHome home = RegattaHome.open(folder.resolve(".regatta"));
    Files.writeString(home.path().resolve(".gitignore"), "mine");
    Files.setPosixFilePermissions(home.path(), PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(RegattaHome.open(home.path())).isEqualTo(home);
    assertThat(home.path().resolve(".gitignore")).hasContent("mine");
    assertThat(permissions(home.path())).isEqualTo("rwxr-x---");
  }

  @Test
  void anEmptyFolderIsTakenOver() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwxr-xr-x"));
    RegattaHome.open(empty);
    assertThat(permissions(empty)).isEqualTo("rwx------");
    assertThat(empty.resolve(".gitignore")).exists();
  }

  @Test
  void aFolderThatHoldsOtherThingsIsNotHiddenFromGit() throws Exception {
    Path project = Files.createDirectory(folder.resolve("project"));
    Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(project.resolve("Main.java"), "class Main {}");
    for (int time = 0; time < 2; time++) {
      RegattaHome.open(project);
      assertThat(project.resolve(".gitignore")).as("--home names the project").doesNotExist();
      assertThat(permissions(project)).isEqualTo("rwxr-xr-x");
    }
  }

  @Test
  void aRelativeOrWindingPathIsMadeAbsoluteAndPlain() {
    assertThat(RegattaHome.open(folder.resolve("a/../b/./home")).path())
        .isEqualTo(folder.resolve("b/home"));
  }

  @Test
  void manyThatMakeItAtTheSameTimeAllGetIt() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path path = folder.resolve("round" + round + "/home");
      CyclicBarrier together = new CyclicBarrier(8);
      Callable<RegattaHome> open =
          () -> {
            together.await();
            return RegattaHome.open(path);
          };
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        List<Future<RegattaHome>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          all.add(threads.submit(open));
        }
        for (Future<RegattaHome> each : all) {
          assertThat(each.get().path()).isEqualTo(path);
        }
      }
      assertThat(path.resolve(".gitignore")).hasContent("*\n");
    }
  }

  @Test
  void aFileInItsPlaceOrOnTheWayIsSaid() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> RegattaHome.open(file))
        .isInstanceOf(RegattaHome.HomeProblem.class)
        .hasMessage(
            "the folder "
                + file
                + " cannot be used (a file of that name is there): it must be a folder you can"
                + " write; --home DIR names another");
    assertThatThrownBy(() -> RegattaHome.open(file.resolve("home")))
        .isInstanceOf(RegattaHome.HomeProblem.class)
        .hasMessageStartingWith("the folder " + file.resolve("home") + " cannot be used (");
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.writeString(home.resolve("runs"), "not a folder");
    assertThatThrownBy(() -> RegattaHome.open(home))
        .isInstanceOf(RegattaHome.HomeProblem.class)
        .hasMessageContaining("a file of that name is there");
  }

  @Test
  void aPlaceThatNobodyCanWriteIsSaid() {
    Path nowhere = Path.of("/proc/regatta");
    assertThatThrownBy(() -> RegattaHome.open(nowhere))
        .isInstanceOf(RegattaHome.HomeProblem.class)
        .hasMessage(
            "the folder /proc/regatta cannot be used (it cannot be made there): it must be a"
                + " folder you can write; --home DIR names another");
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaid() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root writes everywhere");
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThatThrownBy(() -> RegattaHome.open(closed.resolve("home")))
        .isInstanceOf(RegattaHome.HomeProblem.class)
        .hasMessageContaining("(permission denied)");
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private String git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process git = new ProcessBuilder(command).directory(folder.toFile()).start();
    String printed = new String(git.getInputStream().readAllBytes(), "UTF-8");
    assertThat(git.waitFor()).isZero();
    return printed;
  }
}
