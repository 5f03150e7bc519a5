package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.cli.Context;
import dev.regatta.cli.Main;
import dev.regatta.journal.Entry;
import dev.regatta.journal.JournalReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

  private Path carryOut(String name, String command, String... options) {
    Path out = folder.resolve(name);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    Context context =
        new Context(
            InputStream.nullInputStream(),
            stream,
            stream,
            Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()),
            folder,
            false,
            false);
    String[] words = new String[options.length + 3];
    words[0] = command;
    System.arraycopy(options, 0, words, 1, options.length);
    words[words.length - 2] = "--out";
    words[words.length - 1] = out.toString();
    Main.run(context, words);
    assertThat(out.resolve("report.json"))
        .as("%s", said.toString(StandardCharsets.UTF_8))
        .isRegularFile();
    return out;
  }
}
