package dev.regatta.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Python with the {@code websockets} package, in a folder of its own under {@code target} once. */
final class PythonClients {
  private static final String VERSION = "15.0.1";

  private PythonClients() {}

  /** The folder for PYTHONPATH, or empty with one line that says why. */
  static Optional<Path> folder() throws IOException, InterruptedException {
    Path place =
        Path.of(System.getProperty("regatta.project", "."), "target", "python").toAbsolutePath();
    if (answers(place)) {
      return Optional.of(place);
    }
    Files.createDirectories(place);
    String spec = "websockets==" + VERSION;
    boolean installed =
        ends(
            place,
            List.of(
                "python3",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--target",
                place.toString(),
                spec));
    if (installed && answers(place)) {
      return Optional.of(place);
    }
    System.out.println(
        "SKIPPED: clients in Python: pip could not install "
            + spec
            + " (see "
            + place.resolve("pip.log")
            + ")");
    return Optional.empty();
  }

  private static boolean answers(Path place) throws IOException, InterruptedException {
    return Files.isDirectory(place.resolve("websockets"))
        && ends(
            place,
            List.of(
                "python3",
                "-c",
                "import websockets, sys; sys.exit(websockets.__version__ != '" + VERSION + "')"));
  }

  private static boolean ends(Path place, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("pip.log").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("PYTHONPATH", place.toString());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      Files.writeString(place.resolve("pip.log"), String.valueOf(e.getMessage()));
      return false; // there is no Python here
    }
    if (process.waitFor(120, TimeUnit.SECONDS)) {
      return process.exitValue() == 0;
    }
    process.destroyForcibly().waitFor();
    return false;
  }
}
