package dev.regatta.doctor;

import dev.regatta.process.Channel;
import dev.regatta.process.Child;
import dev.regatta.process.ChildCommand;
import dev.regatta.process.ChildEvent;
import dev.regatta.process.Launcher;
import dev.regatta.process.Leftovers;
import dev.regatta.process.Mark;
import dev.regatta.process.Signal;
import dev.regatta.process.SpawnFailed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program for a moment, to hear what it says. It gets no credential, and whatever it leaves
 * behind is stopped.
 */
final class ShortRun {
  private static final int KEPT_BYTES = 16 << 10;
  private static final long LAST_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LC_ALL",
          "TMPDIR",
          "LD_LIBRARY_PATH");

  /** So that a question about the version is no occasion to update, to report or to log. */
  private static final Map<String, String> QUIET =
      Map.of(
          "DISABLE_AUTOUPDATER", "1",
          "DISABLE_TELEMETRY", "1",
          "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1",
          "NO_UPDATE_NOTIFIER", "1",
          "NO_COLOR", "1",
          "npm_config_update_notifier", "false",
          "npm_config_logs_max", "0");

  private final Launcher launcher;
  private final Map<String, String> environment;
  private final Duration limit;

  ShortRun(Launcher launcher, Map<String, String> inherited, Duration limit) {
    this.launcher = launcher;
    this.limit = limit;
    this.environment = new HashMap<>(QUIET);
    inherited.forEach((name, value) -> {
      if (PASSED_ON.contains(name) || name.equals(Mark.VARIABLE)) {
        environment.put(name, value);
      }
    });
  }

  /** What came of it. */
  sealed interface Answer permits Ended, NotStarted, Silent {}

  /**
   * It ended by itself.
   *
   * @param how its exit code or signal, in words; empty when it ended well
   * @param output the beginning of what it printed
   * @param error the beginning of what it printed on standard error
   */
  record Ended(Optional<String> how, String output, String error) implements Answer {}

  /** The system refused to start it. */
  record NotStarted(String why) implements Answer {}

  /** It was stopped because it took too long. */
  record Silent(Duration limit) implements Answer {}

  /** Runs it, in no folder of the user's. */
  Answer of(Path program, String... arguments) throws InterruptedException {
    Mark mark = Mark.of("doctor-" + ProcessHandle.current().pid(), program.toString(), environment);
    Map<String, String> marked = new HashMap<>(environment);
    marked.put(Mark.VARIABLE, mark.value());
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(List.of(arguments));
    try (Child child =
        launcher.start(new ChildCommand(program, line, marked, Path.of("/"), Optional.empty()))) {
      try {
        return listen(child);
      } finally {
        child.signal(Signal.KILL); // to who is left of its group; it itself is mostly gone
        launcher
            .leftovers()
            .stopEnded(List.of(new Leftovers.Ended(mark, child.pid(), System.nanoTime())));
      }
    } catch (SpawnFailed e) {
      return new NotStarted(String.valueOf(e.getMessage()));
    }
  }

  private Answer listen(Child child) throws InterruptedException {
    Kept output = new Kept();
    Kept error = new Kept();
    ChildEvent.@Nullable Exited exit = null;
    int open = 2;
    long end = System.nanoTime() + limit.toNanos();
    while (exit == null || open > 0) {
      ChildEvent event = child.next(Math.max(1, end - System.nanoTime()));
      if (event == null || System.nanoTime() - end >= 0) {
        break;
      }
      switch (event) {
        case ChildEvent.Output printed ->
            (printed.channel() == Channel.OUTPUT ? output : error).add(printed.bytes());
        case ChildEvent.Closed ignored -> open--;
        case ChildEvent.Exited exited -> {
          exit = exited;
          // What it started may hold its pipes open for ever; its own words are there by now.
          end = Math.min(end, System.nanoTime() + LAST_WORDS_NANOS);
        }
        case ChildEvent.Nudged ignored -> {
          // nobody has orders for us
        }
      }
    }
    return exit == null ? new Silent(limit) : new Ended(how(exit), output.text(), error.text());
  }

  private static Optional<String> how(ChildEvent.Exited exit) {
    if (exit.signal() != null) {
      return Optional.of("was ended by signal " + exit.signal());
    }
    Integer code = exit.exitCode();
    return code != null && code == 0 ? Optional.empty() : Optional.of("ended with " + code);
  }

  /** The beginning of a channel; the rest is read and dropped, so that the program can go on. */
  private static final class Kept {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void add(byte[] more) {
      bytes.write(more, 0, Math.min(more.length, KEPT_BYTES - bytes.size()));
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
