package dev.regatta.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The process that listens on a port of this machine, where the system tells: on Linux, and of
 * processes that we may look at.
 *
 * @param pid its process id
 * @param name of its program
 */
public record PortHolder(long pid, String name) {
  private static final String LISTENING = "0A";
  private static final int STATE = 3;
  private static final int INODE = 9;

  /** Who listens there; empty if nobody does, or it can't be known. */
  public static Optional<PortHolder> of(int port) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      sockets.addAll(listening(Path.of(table), port));
    }
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> String.valueOf(process.getFileName()).matches("[0-9]+"))
          .filter(process -> holds(process, sockets))
          .findFirst()
          .map(PortHolder::named);
    } catch (IOException e) {
      return Optional.empty(); // not a Linux
    }
  }

  private static Set<String> listening(Path table, int port) {
    Set<String> sockets = new HashSet<>();
    try {
      for (String line : Files.readAllLines(table)) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > INODE
            && fields[STATE].equals(LISTENING)
            && fields[1].endsWith(":%04X".formatted(port))) {
          sockets.add("socket:[" + fields[INODE] + "]");
        }
      }
    } catch (IOException e) {
      return Set.of(); // not a Linux
    }
    return sockets;
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      return open.anyMatch(file -> {
        try {
          return sockets.contains(Files.readSymbolicLink(file).toString());
        } catch (IOException e) {
          return false; // it was closed meanwhile
        }
      });
    } catch (IOException e) {
      return false; // it is somebody else's, or has ended
    }
  }

  private static PortHolder named(Path process) {
    String name = "?";
    try {
      name = Plain.line(Files.readString(process.resolve("comm")).strip());
    } catch (IOException e) {
      // It has just ended.
    }
    return new PortHolder(Long.parseLong(String.valueOf(process.getFileName())), name);
  }
}
