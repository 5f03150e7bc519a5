package dev.regatta.server;

import dev.regatta.process.Child;
import dev.regatta.process.ChildCommand;
import dev.regatta.process.ChildEvent;
import dev.regatta.process.KnownProcess;
import dev.regatta.process.Launcher;
import dev.regatta.process.Signal;
import dev.regatta.process.SpawnFailed;
import dev.regatta.run.LiveRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Starts runs, each as this same program in a process of its own: what goes wrong in the server is
 * nothing to them, and they outlive even its kill, since they write into files of their own.
 */
final class RunStarts {
  /** A JVM starts in half a second; on a machine that is very busy it was seen to take ten. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MOST_SAID = 2_000;

  /** Its output would be a pipe to us otherwise, which ends when we do. */
  private static final String REDIRECTED = "in=$1; shift; exec \"$@\" >/dev/null 2>\"$0\" <\"$in\"";

  private final ServerSettings settings;
  private final Launcher launcher;
  private final Path folder;
  private final Runs runs;
  private final Set<Started> running = new HashSet<>();
  private long count;
  private boolean stopping;

  RunStarts(ServerSettings settings, Launcher launcher, Path folder, Runs runs) {
    this.settings = settings;
    this.launcher = launcher;
    this.folder = folder;
    this.runs = runs;
  }

  /** A run's process. */
  private static final class Started {
    private final Child child;
    private final Path said;
    private volatile OptionalInt exit = OptionalInt.empty();
    private volatile boolean over;

    private Started(Child child, Path said) {
      this.child = child;
      this.said = said;
    }

    private void follow() {
      try (child) {
        while (!over) {
          if (child.next(Long.MAX_VALUE) instanceof ChildEvent.Exited end) {
            exit = end.exitCode() == null ? OptionalInt.empty() : OptionalInt.of(end.exitCode());
            over = true;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody interrupts it
      } finally {
        over = true;
      }
    }
  }

  /**
   * Starts a run and waits until it has an id.
   *
   * @return the id
   * @throws Refused if it may not be started, or ended before it began, with what it said
   */
  String start(RunRequest request) throws Refused, InterruptedException {
    Instant before = Instant.now();
    RunInput input = RunInput.write(request, settings, file(""));
    Started started = spawn(request, input);
    try {
      return await(started, before);
    } finally {
      if (started.over) {
        forget(started);
      }
    }
  }

  private synchronized Path file(String kind) {
    count++;
    return folder.resolve("run-" + count + kind);
  }

  private Started spawn(RunRequest request, RunInput input) throws Refused {
    Path said = file(".err");
    List<String> words = new ArrayList<>(List.of("sh", "-c", REDIRECTED, said.toString()));
    words.add(input.standardInput().toString());
    words.addAll(runs.access().program().words().get());
    words.add(request.kind());
    words.addAll(List.of("--home=" + runs.access().home(), "--json"));
    words.addAll(input.words());
    words.addAll(request.words());
    runs.access().program().always().stream()
        .filter(option -> !request.words().contains(option))
        .forEach(words::add);
    synchronized (this) {
      if (stopping) {
        input.delete();
        throw new Refused(503, "the server is stopping");
      }
      try {
        Started started =
            new Started(
                launcher.start(
                    new ChildCommand(
                        Path.of("/bin/sh"),
                        words,
                        runs.access().program().environment(),
                        settings.folder(),
                        Optional.empty())),
                said);
        running.add(started);
        Thread.ofVirtual()
            .name("regatta-run-" + started.child.pid())
            .start(() -> {
              started.follow();
              over(started);
              input.delete();
            });
        return started;
      } catch (SpawnFailed e) {
        input.delete();
        throw new Refused(500, "the run could not be started: " + e.getMessage());
      }
    }
  }

  private synchronized void over(Started started) {
    running.remove(started);
    notifyAll();
  }

  private static void forget(Started started) {
    delete(started.said);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The folder goes when the server ends; one file more in it does no harm.
    }
  }

  private String await(Started started, Instant before) throws Refused, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < deadline) {
      boolean over = started.over; // asked before the look, which then sees all that it left
      Optional<String> id = living(started.child.pid()).or(() -> ended(over, started, before));
      if (id.isPresent()) {
        return id.get();
      }
      if (over) {
        throw Refused.invalid(said(started));
      }
      TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
    }
    started.child.signal(Signal.KILL);
    throw new Refused(504, "the run did not begin within a minute, and was stopped");
  }

  private Optional<String> living(long pid) {
    return runs.live().living().stream()
        .filter(each -> each.orchestrator().pid() == pid)
        .map(LiveRuns.Living::run)
        .filter(runs::knows) // before that nobody could look at it
        .findFirst();
  }

  /** One that was over before it was looked for: its journal says who wrote it. */
  private Optional<String> ended(boolean over, Started started, Instant before) {
    return over ? runs.startedBy(started.child.pid(), before) : Optional.empty();
  }

  private String said(Started started) {
    String text;
    try {
      text = Files.readString(started.said, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      text = "";
    }
    String words = text.isEmpty() ? "it ended with " + started.exit : text;
    return "the run did not begin: "
        + runs.access()
            .redact()
            .apply(words.length() > MOST_SAID ? words.substring(0, MOST_SAID) + "…" : words);
  }

  synchronized int count() {
    return running.size();
  }

  /** Asks those that run to stop, as Ctrl-C does; asked again they are in a hurry. */
  synchronized int stop() {
    stopping = true;
    running.forEach(
        each -> new KnownProcess(each.child.pid(), each.child.startTicks()).signal(Signal.INT));
    return running.size();
  }

  /** Waits until none runs, and asks again when somebody is in a hurry. */
  synchronized void awaitNone(BooleanSupplier hurry) throws InterruptedException {
    boolean hurried = false;
    while (!running.isEmpty()) {
      if (!hurried && hurry.getAsBoolean()) {
        hurried = true;
        stop();
      }
      TimeUnit.MILLISECONDS.timedWait(this, 50);
    }
  }
}
