package dev.regatta.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the launcher lets the JVM watch once, after a build, so that later starts find their classes
 * loaded and linked (JEP 514): the commands that people start most, on a folder that is thrown
 * away.
 *
 * <p>A command that doesn't end as it should ends the training with an error. A training that ran
 * the wrong words made a cache too, only one that knew nothing, and nobody saw it.
 */
public final class StartupTraining {
  private static final String SCRIPT = "rules:\n  - { reply: trained, latency: 0 }\n";

  private final Path folder;
  private final PrintStream out;

  private StartupTraining(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /**
   * Trains.
   *
   * @param words {@code pages} for what only shows a page, or {@code work} for what works; and an
   *     empty folder
   * @throws IOException when the folder can't be written
   */
  public static void main(String[] words) throws IOException {
    StartupTraining training = new StartupTraining(Path.of(words[1]).toAbsolutePath(), System.out);
    switch (words[0]) {
      case "pages" -> training.pages();
      case "work" -> training.work();
      default -> throw new IllegalArgumentException("no training is called " + words[0]);
    }
  }

  private void pages() {
    expect(ExitCode.OK, "--help");
    expect(ExitCode.OK, "--version");
    expect(ExitCode.OK, "version");
  }

  private void work() throws IOException {
    Files.writeString(folder.resolve("script.yaml"), SCRIPT);
    expect(ExitCode.OK, "run", "--help");
    expect(ExitCode.OK, "run", "--parallel", "2", "--", "true");
    // One task is never at once with another, so this proof ends inconclusive.
    expect(
        ExitCode.FAILED,
        "demo",
        "--agent=rehearsal-agent",
        "--prompt=train",
        "--parallel=1",
        "--script=script.yaml");
    expect(ExitCode.OK, "runs");
    GatewayTraining.carryOut(folder);
  }

  private void expect(int code, String... words) {
    Context context =
        new Context(
            new ByteArrayInputStream("1\n2\n".getBytes(StandardCharsets.UTF_8)),
            out,
            out,
            Map.copyOf(System.getenv()),
            folder,
            false,
            false);
    int ended = Main.run(context, words);
    if (ended != code) {
      List<String> command = Arrays.asList(words);
      throw new IllegalStateException(
          "regatta " + String.join(" ", command) + " ended with " + ended + ", not " + code);
    }
  }
}
