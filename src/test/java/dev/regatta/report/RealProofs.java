package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Entry;
import dev.regatta.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Proofs of processes that really ran, in a test's folder. */
final class RealProofs {
  /** Answers the challenge at once: what is looked at here is the report, not the waiting. */
  private static final String QUICK =
      """
      rules:
        - match: 'First write the file (.+) with the Write tool\\. Its only line is the marker ([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4}) '
          latency: 0.2
          tool: { name: Write, input: { file_path: '${1}', content: "${4}-${3}-${2}\\n" } }
          reply: 'REHEARSAL ${4}-${3}-${2}'
      """;

  private final Path folder;

  RealProofs(Path folder) {
    this.folder = folder;
  }

  /** A rehearsal with the built-in agent; its reports and journal lie in the folder returned. */
  Path rehearsal() throws IOException {
    Path script = Files.writeString(folder.resolve("quick.yaml"), QUICK);
    return carryOut(
        "rehearsal", "demo", "--agent", "rehearsal-agent", "--script", script.toString());
  }

  /** Plain commands, which claim nothing; one of them fails, one can't be started. */
  Path commands() throws IOException {
    Path tasks =
        Files.writeString(
            folder.resolve("tasks.yaml"),
            """
            tasks:
              - command: [sh, -c, 'echo good']
              - command: [sh, -c, 'echo bad >&2; exit 3']
              - command: [./there-is-no-such-program]
            """);
    return carryOut(
        "commands", "prove", "--agent", "command", "--tasks", tasks.toString(), "--rounds", "2");
  }

  static List<Entry> journal(Path proof) {
    return JournalReader.read(proof.resolve("journal.jsonl")).entries();
  }

  /** The journal of a plain run of these tasks. */
  List<Entry> plainRun(String tasks) throws IOException {
    Path file = Files.writeString(folder.resolve("plain.yaml"), tasks);
    regatta("run", "--parallel", "1", "--home", "home", "--tasks", file.toString());
    try (var runs = Files.list(folder.resolve("home/runs"))) {
      return journal(runs.findFirst().orElseThrow());
    }
  }

  private Path carryOut(String name, String... words) throws IOException {
    Path out = folder.resolve(name);
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--out";
    all[words.length + 1] = out.toString();
    String said = regatta(all);
    assertThat(out.resolve("report.json")).as("%s", said).isRegularFile();
    return out;
  }

  private String regatta(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.regatta.cli.Main"));
    command.addAll(List.of(words));
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ended", command).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while " + command + " ran", e);
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(said);
  }
}
