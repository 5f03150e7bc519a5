package dev.regatta.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Python with the {@code websockets} package: one that has it already, else with a copy that pip
 * puts in a folder of its own under {@code target} once.
 *
 * @param program the interpreter
 * @param packages what its PYTHONPATH must be, where pip had to help
 */
record PythonClients(Path program, Optional<Path> packages) {
  private static final String VERSION = "15.0.1";

  /** Before that version it has no {@code connect} that is both called and entered. */
  private static final int OLDEST = 10;

  /** A Python that can be a client, or empty with one line that says why. */
  static Optional<PythonClients> find() throws IOException, InterruptedException {
    Path place =
        Path.of(System.getProperty("regatta.project", "."), "target", "python").toAbsolutePath();
    Files.createDirectories(place);
    List<Path> programs = programs();
    for (Path program : programs) {
      PythonClients python = new PythonClients(program, Optional.empty());
      if (python.answers(place)) {
        return Optional.of(python);
      }
    }
    for (Path program : programs) {
      PythonClients python = new PythonClients(program, Optional.of(place));
      if (python.answers(place) || (python.install(place) && python.answers(place))) {
        return Optional.of(python);
      }
    }
    System.out.println(
        "SKIPPED: clients in Python: no python3 has websockets (Debian: python3-websockets), and"
            + " pip could not install it (see "
            + place.resolve("pip.log")
            + ")");
    return Optional.empty();
  }

  /** Those of the PATH, and the system's own, which another may hide there. */
  private static List<Path> programs() {
    Set<Path> programs = new LinkedHashSet<>();
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      programs.add(Path.of(folder, "python3"));
    }
    programs.add(Path.of("/usr/bin/python3"));
    return programs.stream().filter(Files::isExecutable).toList();
  }

  private boolean answers(Path place) throws IOException, InterruptedException {
    return ends(
        place,
        "-c",
        "import websockets, sys; sys.exit(int(websockets.__version__.split('.')[0]) < "
            + OLDEST
            + ")");
  }

  private boolean install(Path place) throws IOException, InterruptedException {
    return ends(
        place,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--target",
        place.toString(),
        "websockets==" + VERSION);
  }

  private boolean ends(Path place, String... words) throws IOException, InterruptedException {
    Process process =
        calls(words)
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("pip.log").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    if (process.waitFor(120, TimeUnit.SECONDS)) {
      return process.exitValue() == 0;
    }
    process.destroyForcibly().waitFor();
    return false;
  }

  /** What starts it with these words. */
  ProcessBuilder calls(String... words) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    packages.ifPresent(place -> builder.environment().put("PYTHONPATH", place.toString()));
    return builder;
  }
}
