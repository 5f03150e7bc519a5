package dev.regatta.git;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Calls the {@code git} program in one folder, and waits for its end. */
final class Git {
  /** A checkout of a large tree on a slow disk takes minutes; hours are a fault. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private static final int KEPT_BYTES = 4 << 20;

  // No hook of the user's runs for a worktree that they never see, and no file system monitor is
  // started for it; both are said for this call alone, so their configuration stays as it is.
  private static final List<String> PROGRAM =
      List.of("git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false");

  private final Path folder;
  private final Map<String, String> environment;

  /**
   * Git in a folder.
   *
   * @param inherited this process's environment; what would send git to another repository is left
   *     out, as a hook of git's sets that for whatever it calls
   */
  Git(Path folder, Map<String, String> inherited) {
    this.folder = folder;
    this.environment = new TreeMap<>();
    inherited.forEach((name, value) -> {
      if (!name.startsWith("GIT_")) {
        environment.put(name, value);
      }
    });
    // Its words are read in one place: whether a folder is no repository.
    environment.put("LC_ALL", "C");
    environment.put("GIT_TERMINAL_PROMPT", "0");
  }

  private Git(Path folder, TreeMap<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /** The same with another variable. */
  Git with(String name, String value) {
    TreeMap<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return new Git(folder, more);
  }

  /**
   * How a call ended.
   *
   * @param exit its exit code
   * @param output what it printed, at most 4 MiB of it
   * @param whole whether that is all of it
   * @param error what it complained of
   */
  record Ended(int exit, String output, boolean whole, String error) {
    boolean well() {
      return exit == 0;
    }
  }

  /**
   * Its output, without the line end.
   *
   * @throws GitProblem if it fails, or prints more than is kept: whoever decides by a part of it
   *     what may be removed would remove what stands in the rest
   */
  String say(String... arguments) {
    Ended ended = call(arguments);
    if (!ended.well()) {
      throw problem(ended, arguments);
    }
    if (!ended.whole()) {
      throw new GitProblem(
          "git "
              + arguments[0]
              + " in "
              + folder
              + " printed more than 4 MiB: too much has changed");
    }
    return ended.output().strip();
  }

  /** Calls it, however it ends. */
  Ended call(String... arguments) {
    List<String> line = new ArrayList<>(PROGRAM);
    line.addAll(List.of(arguments));
    Process process = start(line);
    try {
      Reader error = new Reader(process.getErrorStream());
      Reader output = new Reader(process.getInputStream());
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new GitProblem(
            "git "
                + arguments[0]
                + " in "
                + folder
                + " did not end within "
                + LIMIT.toMinutes()
                + " minutes, and was stopped");
      }
      return new Ended(process.exitValue(), output.text(), output.whole(), error.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitProblem("git " + arguments[0] + " in " + folder + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(List<String> line) {
    try {
      ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      return builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
    } catch (IOException e) {
      throw new GitProblem(
          "git could not be started in " + folder + ": install git, and put it on the PATH");
    }
  }

  GitProblem problem(Ended ended, String... arguments) {
    String why = ended.error().strip().lines().findFirst().orElse("exit code " + ended.exit());
    return new GitProblem("git " + arguments[0] + " in " + folder + " failed: " + why);
  }

  /** Reads one stream to its end, on a thread of the platform: the other must not wait for it. */
  private static final class Reader {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread thread;
    private boolean cut;

    Reader(InputStream stream) {
      thread = Thread.ofPlatform().daemon().name("regatta-git").start(() -> read(stream));
    }

    private void read(InputStream stream) {
      byte[] buffer = new byte[8192];
      try (stream) {
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          int room = Math.min(count, KEPT_BYTES - kept.size());
          kept.write(buffer, 0, room);
          cut |= room < count;
        }
      } catch (IOException e) {
        return; // it was stopped, and whoever stopped it says why
      }
    }

    String text() throws InterruptedException {
      thread.join();
      return kept.toString(StandardCharsets.UTF_8);
    }

    /** Whether the text is all that was printed; to be asked after it. */
    boolean whole() {
      return !cut;
    }
  }
}
