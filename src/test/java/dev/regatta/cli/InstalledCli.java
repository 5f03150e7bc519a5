package dev.regatta.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An agent's real CLI, installed with npm into a folder of its own under {@code target} once.
 *
 * @param program its name
 * @param npmPackage the package that has it
 * @param version the version of both
 */
record InstalledCli(String program, String npmPackage, String version) {

  private Path place() {
    return Path.of(System.getProperty("regatta.project", "."), "target", program).toAbsolutePath();
  }

  /** The folder with the program, or empty with one line that says why. */
  Optional<Path> folder() throws IOException, InterruptedException {
    Path folder = place().resolve("node_modules/.bin");
    if (answers(folder)) {
      return Optional.of(folder);
    }
    Files.createDirectories(place());
    Path log = place().resolve("npm.log");
    String spec = npmPackage + "@" + version;
    boolean installed =
        ends(
            List.of(
                "npm", "install", "--prefix", place().toString(), "--no-audit", "--no-fund", spec),
            log,
            300);
    if (installed && answers(folder)) {
      return Optional.of(folder);
    }
    System.out.println(
        "SKIPPED: the real "
            + program
            + " CLI: npm could not install "
            + spec
            + " (see "
            + log
            + ")");
    return Optional.empty();
  }

  private boolean answers(Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve(program);
    if (!Files.isExecutable(file)) {
      return false;
    }
    Path log = place().resolve("version.log");
    return ends(List.of(file.toString(), "--version"), log, 60)
        && Files.readString(log).contains(version);
  }

  private boolean ends(List<String> command, Path log, int seconds)
      throws IOException, InterruptedException {
    Process process;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(place().toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      // Nothing of this machine's user: not the login, not the configuration.
      String config = place().resolve("config").toString();
      builder.environment().putAll(Map.of("CLAUDE_CONFIG_DIR", config));
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
