package dev.regatta.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who listens on a port, as far as {@code /proc} tells (proc(5)): one's own processes mostly. */
final class PortHolder {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private PortHolder() {}

  /** The process's id and name. */
  static Optional<String> of(int port) {
    Set<String> sockets = sockets(port);
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, sockets)) {
          return Optional.of(name(process));
        }
      }
    } catch (IOException e) {
      return Optional.empty(); // a system without /proc
    }
    return Optional.empty();
  }

  private static Set<String> sockets(int port) {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      try {
        for (String line : Files.readAllLines(PROC.resolve("self").resolve(table))) {
          String[] fields = line.strip().split("\\s+");
          if (fields.length > INODE
              && fields[LOCAL].endsWith(suffix)
              && fields[STATE].equals(LISTENING)) {
            sockets.add("socket:[" + fields[INODE] + "]");
          }
        }
      } catch (IOException e) {
        continue; // no such table here: no IPv6, or no /proc
      }
    }
    return sockets;
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      return false; // gone meanwhile, or another user's
    }
    return false;
  }

  private static String name(Path process) {
    String id = "process " + process.getFileName();
    try {
      return id + " (" + Plain.line(Files.readString(process.resolve("comm"))) + ")";
    } catch (IOException e) {
      return id; // it ended just now
    }
  }
}
