package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code regatta} in a project of its own, with a JDK and a Maven that note how they
 * were called. The real ones are used by whoever starts {@code ./regatta demo} in a fresh clone.
 */
class LauncherScriptTest {
  @TempDir Path folder;

  private Path project;
  private Path tools;
  private Path jdk;

  @BeforeEach
  void makeAProject() throws IOException {
    project = Files.createDirectories(folder.resolve("a project"));
    tools = Files.createDirectories(folder.resolve("tools"));
    jdk = jdk("jdk", "25.0.3");
    String script =
        Files.readString(Path.of(System.getProperty("regatta.project"), "regatta"))
            .replaceAll("/usr/lib/jvm/|/usr/java/|/opt/|/Library/", folder + "/nowhere/");
    executable(project.resolve("regatta"), script);
    Files.createDirectories(project.resolve("src/main"));
    Files.writeString(project.resolve("pom.xml"), "<project/>");
  }

  @Test
  void itBuildsOncePreparesAndThenStartsAtOnce() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");

    Ending first = start(withJdk(), "runs", "--json");
    assertThat(first.code).isZero();
    assertThat(first.out).contains("dev.regatta.cli.Main runs --json").doesNotContain("building");
    assertThat(first.err).contains("building once").contains("built").contains("preparing");

    Ending second = start(withJdk(), "--version");
    assertThat(second.out).contains("dev.regatta.cli.Main --version").contains("/pages.aot");
    assertThat(second.err).isEmpty();
    assertThat(start(withJdk(), "runs").out).contains("/work.aot");
    assertThat(calls("mvn")).hasSize(1);
  }

  @Test
  void aChangedSourceIsBuiltAgain() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    start(withJdk(), "--version");
    Path source = Files.writeString(project.resolve("src/main/New.java"), "class New {}");
    Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 60_000));

    assertThat(start(withJdk(), "--version").err).contains("building once");
  }

  @Test
  void aJarThatMavenAlonePackedIsPreparedAgainButNotBuilt() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    start(withJdk(), "--version");
    Files.setLastModifiedTime(
        project.resolve("target/regatta.jar"),
        FileTime.fromMillis(System.currentTimeMillis() + 1_000));

    Ending next = start(withJdk(), "--version");
    assertThat(next.err).contains("preparing").doesNotContain("building");
  }

  @Test
  void onlyWhatGoesThroughAGatewayIsCompiledTwice() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    String quick = "-XX:TieredStopAtLevel=1";

    for (String brief : new String[] {"", "--version", "help run", "runs", "run -- true"}) {
      assertThat(start(withJdk(), words(brief)).out).as(brief).contains(quick);
    }
    for (String gateway :
        new String[] {"prove", "demo --json", "run --witness -- true", "run --spawn 3 -- true"}) {
      assertThat(start(withJdk(), words(gateway)).out)
          .as(gateway)
          .doesNotContain(quick)
          .contains("work.aot");
    }
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ");
  }

  @Test
  void aTrainingThatFailsIsSaidAndTheStartGoesOn() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    Files.writeString(folder.resolve("training-fails"), "");

    Ending ending = start(withJdk(), "--version");
    assertThat(ending.code).isZero();
    assertThat(ending.err).contains("starts will be slower: the training failed");
    assertThat(ending.out).doesNotContain("-XX:AOTCache=");
  }

  @Test
  void aFailedBuildShowsWhatMavenSaidAndEndsWithThree() throws Exception {
    maven("echo '[INFO] fine'; echo '[ERROR] Some.java:[3,1] no'; exit 1");

    Ending ending = start(withJdk(), "demo");
    assertThat(ending.code).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(ending.err).contains("the build failed").contains("[ERROR] Some.java:[3,1] no");
    assertThat(ending.out).isEmpty();
    assertThat(project.resolve("target/building")).doesNotExist();
  }

  @Test
  void withoutMavenItSaysInTwoLinesWhatToInstall() throws Exception {
    Ending ending = start(withJdk(), "demo");
    assertThat(ending.code).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(ending.err.lines()).hasSize(2);
    assertThat(ending.err).contains("no mvn on the PATH").contains("Install Maven 3.8 or later");
  }

  @Test
  void withoutAJdk25ItSaysInTwoLinesWhatToInstall() throws Exception {
    Path old = jdk("old", "17.0.15");
    Ending ending = start(Map.of("JAVA_HOME", old.toString()), "demo");
    assertThat(ending.code).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(ending.err.lines()).hasSize(2);
    assertThat(ending.err).contains("a JDK 25 is needed").contains("Install one");
  }

  @Test
  void theJdkIsFoundByThePathThroughLinksAndInAUsualFolder() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    Files.createSymbolicLink(tools.resolve("java"), jdk.resolve("bin/java"));
    assertThat(start(Map.of(), "--version").code).isZero();

    Files.delete(tools.resolve("java"));
    assertThat(start(Map.of(), "--version").code).isEqualTo(ExitCode.ENVIRONMENT);

    Files.createDirectories(folder.resolve("nowhere"));
    Files.move(jdk, folder.resolve("nowhere/temurin-25"));
    assertThat(start(Map.of(), "--version").code).isZero();
  }

  @Test
  void itIsFoundThroughALinkFromElsewhere() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    Path link = Files.createSymbolicLink(folder.resolve("link"), project.resolve("regatta"));
    assertThat(start(link, withJdk(), "--version").out).contains("Main --version");
  }

  @Test
  void twoFirstStartsBuildOnce() throws Exception {
    maven("sleep 0.5; mkdir -p target && echo jar > target/regatta-new.jar");
    Process one = process(project.resolve("regatta"), withJdk(), "--version").start();
    Process other = process(project.resolve("regatta"), withJdk(), "--version").start();
    assertThat(ending(one).code).isZero();
    assertThat(ending(other).code).isZero();
    assertThat(calls("mvn")).hasSize(1);
  }

  @Test
  void aBuildThatWasKilledHoldsUpNobody() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createDirectories(project.resolve("target/building"));
    Files.writeString(project.resolve("target/building/pid"), Long.toString(gone.pid()));

    assertThat(start(withJdk(), "--version").code).isZero();
    assertThat(project.resolve("target/building")).doesNotExist();
  }

  @Test
  void whereItCannotBuildItSaysSoAtOnce() throws Exception {
    maven("exit 1");
    Files.writeString(project.resolve("target"), "a file in the way");

    Ending ending = start(withJdk(), "--version");
    assertThat(ending.code).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(ending.err.lines()).hasSize(2);
    assertThat(ending.err).contains("can't be written");
  }

  @Test
  void aBuildLeavesTheJarThatIsInUseAsItIs() throws Exception {
    maven("mkdir -p target && echo jar > target/regatta-new.jar");
    start(withJdk(), "--version");
    Path jar = project.resolve("target/regatta.jar");
    Object before = Files.readAttributes(jar, "unix:ino").get("ino");
    Files.delete(Files.createDirectories(project.resolve("target")).resolve("launcher/prepared"));
    Files.setLastModifiedTime(
        Files.writeString(project.resolve("pom.xml"), "<project></project>"),
        FileTime.fromMillis(System.currentTimeMillis() + 60_000));

    assertThat(start(withJdk(), "--version").err).contains("built");
    assertThat(Files.readAttributes(jar, "unix:ino").get("ino")).isNotEqualTo(before);
  }

  /** A JDK whose java prints its arguments, and makes the cache that a training asks for. */
  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        echo "$@"
        for word; do
          case $word in -XX:AOTCacheOutput=*)
            [ -f '%s/training-fails' ] && exit 1
            echo cache > "${word#*=}" ;;
          esac
        done
        """
            .formatted(folder));
    executable(home.resolve("bin/javac"), "#!/bin/sh\n");
    executable(home.resolve("bin/jar"), "#!/bin/sh\n");
    return home;
  }

  private void maven(String script) throws IOException {
    executable(
        tools.resolve("mvn"), "#!/bin/sh\necho mvn >> '" + folder + "/calls'\n" + script + "\n");
  }

  private List<String> calls(String tool) throws IOException {
    return Files.readAllLines(folder.resolve("calls")).stream().filter(tool::equals).toList();
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Map<String, String> withJdk() {
    return Map.of("JAVA_HOME", jdk.toString());
  }

  private record Ending(int code, String out, String err) {}

  private Ending start(Map<String, String> environment, String... words) throws Exception {
    return start(project.resolve("regatta"), environment, words);
  }

  private Ending start(Path script, Map<String, String> environment, String... words)
      throws Exception {
    return ending(process(script, environment, words).start());
  }

  private ProcessBuilder process(Path script, Map<String, String> environment, String... words)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("PATH", tools + ":" + system());
    return builder;
  }

  /** The system's usual tools, but no java and no mvn. */
  private Path system() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool :
        List.of(
            "bash",
            "sh",
            "sed",
            "grep",
            "find",
            "head",
            "tail",
            "mkdir",
            "rmdir",
            "rm",
            "mv",
            "cp",
            "cat",
            "touch",
            "sleep",
            "uname",
            "dirname",
            "readlink",
            "env")) {
      Path link = bin.resolve(tool);
      for (String place : List.of("/usr/bin/", "/bin/")) {
        if (!Files.exists(link) && Files.exists(Path.of(place + tool))) {
          executable(link, "#!/bin/sh\nexec " + place + tool + " \"$@\"\n");
        }
      }
    }
    return bin;
  }

  private static Ending ending(Process process) throws Exception {
    process.getOutputStream().close();
    // Both are far smaller than a pipe holds, so they can be read one after the other.
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ending(process.exitValue(), out, err);
  }
}
