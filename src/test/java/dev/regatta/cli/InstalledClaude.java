package dev.regatta.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The real {@code claude} CLI, installed with npm into {@code target/claude} once. */
final class InstalledClaude {
  static final String VERSION = "2.1.197";
  private static final Path PLACE =
      Path.of(System.getProperty("regatta.project", "."), "target", "claude").toAbsolutePath();

  private InstalledClaude() {}

  /** The folder with the program, or empty with one line that says why. */
  static Optional<Path> folder() throws IOException, InterruptedException {
    Path folder = PLACE.resolve("node_modules/.bin");
    if (answers(folder)) {
      return Optional.of(folder);
    }
    Files.createDirectories(PLACE);
    Path log = PLACE.resolve("npm.log");
    String spec = "@anthropic-ai/claude-code@" + VERSION;
    boolean installed =
        ends(
            List.of(
                "npm", "install", "--prefix", PLACE.toString(), "--no-audit", "--no-fund", spec),
            log,
            300);
    if (installed && answers(folder)) {
      return Optional.of(folder);
    }
    System.out.println(
        "SKIPPED: the real claude CLI: npm could not install " + spec + " (see " + log + ")");
    return Optional.empty();
  }

  private static boolean answers(Path folder) throws IOException, InterruptedException {
    Path program = folder.resolve("claude");
    if (!Files.isExecutable(program)) {
      return false;
    }
    Path log = PLACE.resolve("version.log");
    return ends(List.of(program.toString(), "--version"), log, 60)
        && Files.readString(log).contains(VERSION);
  }

  private static boolean ends(List<String> command, Path log, int seconds)
      throws IOException, InterruptedException {
    Process process;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(PLACE.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      // Nothing of this machine's user: not the login, not the configuration.
      builder.environment().putAll(Map.of("CLAUDE_CONFIG_DIR", PLACE.resolve("config").toString()));
      process = builder.start();
    } catch (IOException e) {
      Files.writeString(log, String.valueOf(e.getMessage()));
      return false; // there is no npm here
    }
    if (process.waitFor(seconds, TimeUnit.SECONDS)) {
      return process.exitValue() == 0;
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    return false;
  }
}
