package dev.regatta.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks in {@code /proc} for the processes that carry the mark of a run. */
final class Marked {
  private Marked() {}

  /** The attempts of the only run below a home that have a process now. */
  static List<String> attempts(Path home) {
    return processes(home).values().stream().distinct().toList();
  }

  /** Process ids of all that carry the mark of a run below that home, with their marks. */
  static TreeMap<Long, String> processes(Path home) {
    List<String> runs = runs(home);
    TreeMap<Long, String> found = new TreeMap<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .forEach(process ->
              mark(process)
                  .filter(mark -> runs.stream().anyMatch(run -> mark.startsWith(run + "/")))
                  .forEach(
                      mark -> found.put(Long.parseLong(process.getFileName().toString()), mark)));
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ids of the runs below a home. */
  static List<String> runs(Path home) {
    Path runs = home.resolve("live");
    Path folders = home.resolve("runs");
    return Stream.of(runs, folders).flatMap(Marked::names).distinct().toList();
  }

  private static Stream<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> mark(Path process) {
    try {
      String environment =
          new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
      return Arrays.stream(environment.split("\0"))
          .filter(variable -> variable.startsWith("REGATTA_ATTEMPT="))
          .map(variable -> variable.substring("REGATTA_ATTEMPT=".length()));
    } catch (IOException e) {
      return Stream.of(); // it ended meanwhile
    }
  }
}
