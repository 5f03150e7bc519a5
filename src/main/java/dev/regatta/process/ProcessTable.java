package dev.regatta.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The processes of this machine as {@code /proc} shows them (proc(5)); empty where it is not. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  private ProcessTable() {}

  /**
   * One process.
   *
   * @param pid its id
   * @param parent its parent's id
   * @param group its process group
   * @param session its session
   * @param startTicks its start, clock ticks since boot
   * @param state what it does, as a letter
   */
  record Row(long pid, long parent, long group, long session, long startTicks, char state) {

    /** Whether it ended and only waits to be reaped. */
    boolean zombie() {
      return state == 'Z' || state == 'X';
    }

    /** Whether it does nothing: stopped, traced, gone, or within the kernel until another acts. */
    boolean still() {
      return zombie() || state == 'T' || state == 't' || state == 'D';
    }
  }

  /** Whether this system shows any. */
  static boolean present() {
    return Files.exists(PROC.resolve("self/stat"));
  }

  /** All processes that can be seen now. */
  static List<Row> all() {
    List<Row> rows = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path folder : folders) {
        read(Long.parseLong(folder.getFileName().toString())).ifPresent(rows::add);
      }
    } catch (IOException e) {
      return List.of(); // a system without /proc shows no processes
    }
    return rows;
  }

  /** One process, or empty when it is gone. */
  static Optional<Row> read(long pid) {
    String text;
    try {
      text =
          Files.readString(
              PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    // The name, second, is in parentheses and may hold any character: fields count from its end.
    int nameEnd = text.lastIndexOf(')');
    String[] fields = text.substring(nameEnd + 2).split(" ");
    return Optional.of(
        new Row(
            pid,
            Long.parseLong(fields[1]),
            Long.parseLong(fields[2]),
            Long.parseLong(fields[3]),
            Long.parseLong(fields[19]),
            fields[0].charAt(0)));
  }

  /** The environment a process was started with, or empty when it is gone or not ours to read. */
  static Optional<Map<String, String>> environment(long pid) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("environ"));
    } catch (IOException e) {
      return Optional.empty();
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\0")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        variables.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return variables.isEmpty() ? Optional.empty() : Optional.of(variables);
  }

  /** Now, as {@link Row#startTicks} counts; empty where it cannot be read. */
  static OptionalLong nowTicks() {
    try {
      // Seconds since boot with two decimals, and those are the ticks.
      String seconds = Files.readString(PROC.resolve("uptime")).split(" ")[0];
      return OptionalLong.of(Long.parseLong(seconds.replace(".", "")));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** How many files this process may have open; very many where that can't be read. */
  static int mostDescriptors() {
    try (Stream<String> lines = Files.lines(PROC.resolve("self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().split(" ")[0])
          .filter(most -> most.length() < 10 && most.chars().allMatch(Character::isDigit))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(Integer.MAX_VALUE);
    } catch (IOException e) {
      return Integer.MAX_VALUE;
    }
  }

  /** The identity of this boot, so that process ids of another one are not mistaken for ours. */
  static Optional<String> bootId() {
    try {
      return Optional.of(Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
