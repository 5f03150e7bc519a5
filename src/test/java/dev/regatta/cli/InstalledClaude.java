package dev.regatta.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The real {@code claude} CLI. */
final class InstalledClaude {
  static final String VERSION = "2.1.197";

  private InstalledClaude() {}

  /** The folder with the program, or empty with one line that says why. */
  static Optional<Path> folder() throws IOException, InterruptedException {
    return new InstalledCli("claude", "@anthropic-ai/claude-code", VERSION).folder();
  }
}
