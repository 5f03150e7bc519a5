package dev.regatta.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Suites of a task or two, written to a file and read again. */
final class Suites {
  static final Path PROJECT = Path.of(System.getProperty("regatta.project"));

  private Suites() {}

  static SuiteFile read(Path folder, String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.writeString(file, text);
      return SuiteFile.read(file, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A suite in YAML with one task, of which these are the fields, in YAML's flow style. */
  static SuiteFile ofTask(Path folder, String fields) {
    return read(folder, "suite.yaml", "tests:\n  - { id: a, " + fields + " }\n");
  }

  static SuiteTask task(Path folder, String fields) {
    return ofTask(folder, fields).suite().tasks().findFirst().orElseThrow();
  }

  static SuiteFile example() {
    return SuiteFile.read(PROJECT.resolve("examples/stress.yaml"), "examples/stress.yaml");
  }
}
