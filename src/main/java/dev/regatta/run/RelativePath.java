package dev.regatta.run;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The rule for paths that must stay within a task's folder. */
public final class RelativePath {
  private RelativePath() {}

  /** What is wrong with this path, or nothing if it stays within the folder it is relative to. */
  public static Optional<String> fault(String path) {
    if (path.isBlank()) {
      return Optional.of("must not be empty");
    }
    Path parsed;
    try {
      parsed = Path.of(path);
    } catch (InvalidPathException e) {
      return Optional.of("is no path: " + Visible.of(String.valueOf(e.getReason())));
    }
    if (parsed.isAbsolute()) {
      return Optional.of("must be relative to the task's folder, not absolute");
    }
    if (parsed.normalize().startsWith("..")) {
      return Optional.of("must stay within the task's folder");
    }
    return Optional.empty();
  }
}
