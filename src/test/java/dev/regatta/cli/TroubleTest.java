package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine may lack or refuse, and what is said of it. */
class TroubleTest {
  @TempDir Path folder;

  private Cli cli() {
    return Cli.in(folder).input("1\n");
  }

  private static void assertSaidInWords(Cli.Ended ended) {
    assertThat(ended.err()).startsWith("regatta: ").doesNotContain("Exception", "\tat ", "java.");
    assertThat(ended.errLines()).hasSizeBetween(1, 2);
  }

  @Test
  void aHomeThatIsAFileIsRefused() throws IOException {
    Files.writeString(folder.resolve("home"), "mine");
    Cli.Ended ended = cli().within("run", "--home", "home", "--", "true");
    assertThat(ended.exit()).isEqualTo(3);
    assertSaidInWords(ended);
    assertThat(ended.err()).contains("a file of that name is there").contains("--home DIR");
    assertThat(folder.resolve("home")).hasContent("mine");
    Cli.Ended runs = cli().within("runs", "--home", "home");
    assertThat(runs.exit()).isEqualTo(3);
    assertSaidInWords(runs);
  }

  @Test
  void aHomeBelowAFileIsRefused() throws IOException {
    Files.writeString(folder.resolve("file"), "mine");
    Cli.Ended ended = cli().within("run", "--home", "file/home", "--", "true");
    assertThat(ended.exit()).isEqualTo(3);
    assertSaidInWords(ended);
    assertThat(ended.err()).contains("file/home");
  }

  @Test
  void aHomeThatCannotBeWrittenIsRefused() {
    // Also for root, who may write everywhere else.
    Cli.Ended ended = cli().within("run", "--home", "/proc/regatta", "--", "true");
    assertThat(ended.exit()).isEqualTo(3);
    assertSaidInWords(ended);
    assertThat(ended.err()).contains("/proc/regatta").contains("--home DIR");
  }

  @Test
  void anOutputFolderThatCannotBeWrittenIsRefused() {
    Cli.Ended ended =
        cli().within("prove", "--rehearsal", "--prompt", "hi", "--out", "/proc/regatta");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err()).contains("regatta: /proc/regatta").doesNotContain("Exception");
  }

  @Test
  void aFullDiskStopsTheRunAndIsSaidAndWhatWasWrittenIsReadable() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    Process mount =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=3m", "regatta-test", small.toString())
            .redirectErrorStream(true)
            .start();
    assumeTrue(mount.waitFor() == 0, "no small disk can be mounted here");
    try {
      String script = "head -c 400000 /dev/zero | tr '\\0' x";
      Cli.Ended ended =
          cli()
              .input("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n")
              .run(
                  "run",
                  "--home",
                  "small/home",
                  "-P",
                  "2",
                  "--json",
                  "--",
                  "sh",
                  "-c",
                  script,
                  "sh");
      assertThat(ended.exit()).as(ended.err()).isIn(1, 3);
      assertThat(ended.err())
          .containsPattern("small/home/runs/\\S+ could not be written: No space left on device")
          .doesNotContain("Exception");
      assertThat(ended.outLines().getLast()).contains("\"succeeded\":", "\"not-tried\":");
      for (Path output : outputs(small)) {
        Files.delete(output);
      }
      String run = Marked.runs(small.resolve("home")).getFirst();
      Cli.Ended shown = cli().within("show", "--home", "small/home", run);
      assertThat(shown.exit()).as(shown.err()).isZero();
      assertThat(shown.out()).contains("succeeded");
      Cli.Ended listed = cli().within("runs", "--home", "small/home");
      assertThat(listed.out()).as(listed.err()).isNotEmpty().doesNotContain("running");
    } finally {
      new ProcessBuilder("umount", "-l", small.toString()).start().waitFor();
    }
  }

  private static List<Path> outputs(Path below) throws IOException {
    try (var files = Files.walk(below)) {
      return files.filter(file -> file.toString().endsWith(".out")).toList();
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      Cli.Ended ended = cli().within("rehearse", "--port", port);
      assertThat(ended.exit()).isEqualTo(3);
      assertSaidInWords(ended);
      assertThat(ended.err()).contains(port).contains("--port").doesNotContain("  ");
    }
  }

  @Test
  void aDamagedIndexCostsTheListAndNothingElse() throws IOException {
    Path home = Files.createDirectory(folder.resolve(".regatta"));
    Files.writeString(home.resolve("regatta.db"), "this is no database at all, ".repeat(100));
    Cli.Ended ran = cli().within("run", "--", "echo", "done");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).isEqualTo("done 1\n");
    assertThat(ran.err()).contains("regatta.db cannot be used").contains("is not listed");
    Cli.Ended listed = cli().within("runs");
    assertThat(listed.exit()).isEqualTo(3);
    assertSaidInWords(listed);
    Cli.Ended shown = cli().within("show", Marked.runs(home).getFirst());
    assertThat(shown.exit()).isZero();
    assertThat(shown.out()).contains("succeeded");
  }

  @Test
  void aLockedIndexCostsTheListAndNothingElse() throws SQLException {
    cli().within("run", "--", "true");
    Path database = folder.resolve(".regatta/regatta.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      Cli.Ended ran = cli().within("run", "--", "echo", "done");
      assertThat(ran.exit()).isZero();
      assertThat(ran.out()).isEqualTo("done 1\n");
      assertThat(ran.err()).contains("locked").contains("1 of 1 tasks succeeded");
      statement.execute("ROLLBACK");
    }
  }

  @Test
  void whenTheIndexIsOfALaterVersionThatIsSaid() throws SQLException {
    cli().within("run", "--", "true");
    Path database = folder.resolve(".regatta/regatta.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }
    Cli.Ended ended = cli().within("runs");
    assertThat(ended.exit()).isEqualTo(3);
    assertSaidInWords(ended);
    assertThat(ended.err()).contains("later version");
  }

  @Test
  void aStandardInputThatIsClosedIsAnEmptyOne() {
    Cli.Ended ended = Cli.in(folder).shell("\"$@\" <&-").run("run", "--", "touch", "made");
    assertThat(ended.err()).doesNotContain("Exception");
    assertThat(Cli.below(folder)).noneMatch(name -> name.startsWith("made"));
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("0 of 0 tasks succeeded");
  }

  @Test
  void aStandardInputThatIsAFolderIsSaid() {
    Cli.Ended ended = Cli.in(folder).shell("\"$@\" <.").run("run", "--", "true");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err())
        .contains("standard input could not be read")
        .doesNotContain("Exception");
  }

  @Test
  void theHomeIsForItsOwnerAloneAndIgnoredByGit() throws IOException {
    cli().within("run", "--", "echo");
    Path home = folder.resolve(".regatta");
    assertThat(Files.getPosixFilePermissions(home)).hasSize(3);
    assertThat(home.resolve(".gitignore")).hasContent("*");
  }
}
