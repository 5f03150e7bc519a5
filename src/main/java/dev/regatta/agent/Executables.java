package dev.regatta.agent;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a program's file as {@code execvp(3)} would: on the child's own {@code PATH}, or from its
 * working folder when the name has a slash.
 */
public final class Executables {
  // What a PATH is when there is none: as glibc's confstr(_CS_PATH).
  private static final String DEFAULT_PATH = "/bin:/usr/bin";
  private static final int MOST_REMEMBERED = 1_000;
  private static final Map<Name, Path> FOUND = new ConcurrentHashMap<>();

  private Executables() {}

  private record Name(String program, String path) {}

  /** What came of the search. */
  public sealed interface Located permits Found, Missing, NotRunnable {}

  /**
   * It is there and may be run.
   *
   * @param path its file
   */
  public record Found(Path path) implements Located {}

  /**
   * It is not there.
   *
   * @param reason what was looked for, where, and what to do
   */
  public record Missing(String reason) implements Located {}

  /**
   * It is there and can't be run.
   *
   * @param reason what it is, and what to do
   */
  public record NotRunnable(String reason) implements Located {}

  /**
   * Looks for a program.
   *
   * @param program its name, or a path to it
   * @param environment the child's environment
   * @param folder the child's working folder
   */
  public static Located find(String program, Map<String, String> environment, Path folder) {
    if (program.isEmpty()) {
      return new Missing("the command is empty; name a program");
    }
    try {
      if (program.indexOf('/') >= 0) {
        return judge(program, folder.resolve(program));
      }
      return onPath(program, environment.getOrDefault("PATH", DEFAULT_PATH), folder);
    } catch (InvalidPathException e) {
      return new Missing("the command's name holds a character that no file name can have");
    }
  }

  private static Located onPath(String program, String path, Path folder) {
    Name name = new Name(program, path);
    Path known = FOUND.get(name);
    // One look at the file instead of one in each folder, and still right after it was removed.
    if (known != null && Files.isExecutable(known)) {
      return new Found(known);
    }
    Located unusable = null;
    for (String place : path.split(":", -1)) {
      Path directory = folder.resolve(place);
      Located located = judge(program, directory.resolve(program));
      if (located instanceof Found found) {
        remember(name, place, found.path());
        return found;
      }
      if (unusable == null && located instanceof NotRunnable) {
        unusable = located;
      }
    }
    return unusable != null
        ? unusable
        : new Missing(program + " was not found on the PATH; install it or give its path");
  }

  private static void remember(Name name, String place, @Nullable Path found) {
    // A relative place means another folder for each child, so it is looked up anew.
    if (found != null && place.startsWith("/") && FOUND.size() < MOST_REMEMBERED) {
      FOUND.put(name, found);
    }
  }

  private static Located judge(String program, Path file) {
    if (Files.isDirectory(file)) {
      return new NotRunnable(program + " is a folder (" + file + "); name a program");
    }
    if (!Files.exists(file)) {
      return new Missing(program + " does not exist (looked for " + file + ")");
    }
    return Files.isExecutable(file)
        ? new Found(file)
        : new NotRunnable(
            program + " has no execute permission (" + file + "); run chmod +x on it");
  }
}
