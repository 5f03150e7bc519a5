package dev.regatta.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A program named {@code claude} that prints what a test says, in the real one's form. */
final class FakeClaude {
  /** Prints a whole answer. {@code $session} is its id, {@code $answer} what it says. */
  static final String ANSWERS =
      """
      printf '{"type":"system","subtype":"init","session_id":"%s","model":"fake","claude_code_version":"2.1.329","tools":[]}\\n' "$session"
      printf '{"type":"result","subtype":"success","is_error":false,"duration_ms":300,"duration_api_ms":250,"num_turns":1,"result":"%s","session_id":"%s","total_cost_usd":0.01,"usage":{"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}}\\n' "$answer" "$session"
      """;

  private FakeClaude() {}

  /** Makes one that runs these lines of the shell; gives the folder to put on the PATH. */
  static Path in(Path folder, String script) {
    Path programs = folder.resolve("programs");
    Path file = programs.resolve("claude");
    try {
      Files.createDirectories(programs);
      Files.writeString(
          file, "#!/bin/sh\nsession=session-$$\nanswer=hello\n" + script.stripIndent() + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      return programs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that works for so long and then answers. */
  static Path answering(Path folder, String seconds) {
    return in(folder, "sleep " + seconds + "\n" + ANSWERS);
  }
}
