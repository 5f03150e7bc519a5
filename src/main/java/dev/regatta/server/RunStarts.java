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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Starts runs, each as this same program in a process of its own: what goes wrong in the server is
 * nothing to them, and they outlive even its kill, since they write into files of their own.
 */
final class RunStarts {
  /** Whoever is in a hurry waits so long for runs that were told so: they have files to write. */
  private static final long HURRIED_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How a command ends when its environment lacks something; its advice is for who typed it. */
  private static final int LACKING = 3;

  private static final String IN_A_REQUEST =
      " (in a request: \"rehearsal\":true needs no credential; what is lacking is set in the"
          + " environment in which regatta serve is started)";

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
    private final KnownProcess process;
    private final Path said;
    private final AtomicInteger readers = new AtomicInteger(2);
    private volatile OptionalInt exit = OptionalInt.empty();
    private volatile boolean over;

    private Started(Child child, Path said) {
      this.child = child;
      this.process = KnownProcess.of(child.pid());
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

    /** What it said is kept until it is over and nobody waits for its beginning any more. */
    private void letGo() {
      if (readers.decrementAndGet() == 0) {
        delete(said);
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
      started.letGo();
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
      if (running.size() >= settings.limits().runs()) {
        input.delete();
        throw tooMany();
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
              started.letGo();
            });
        return started;
      } catch (SpawnFailed e) {
        input.delete();
        throw new Refused(500, "the run could not be started: " + e.getMessage());
      }
    }
  }

  private Refused tooMany() {
    int most = settings.limits().runs();
    return new Refused(
        503,
        (most == 1
                ? "1 run that this server started goes on"
                : most + " runs that this server started go on")
            + ", and it starts no more at a time; try again when one has ended, or cancel one");
  }

  private synchronized void over(Started started) {
    running.remove(started);
    notifyAll();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The folder goes when the server ends; one file more in it does no harm.
    }
  }

  private String await(Started started, Instant before) throws Refused, InterruptedException {
    Duration patience = settings.times().patience();
    long deadline = System.nanoTime() + patience.toNanos();
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
    throw new Refused(
        504, "the run did not begin within " + patience.toSeconds() + " seconds, and was stopped");
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
    String words = text.isEmpty() ? end(started.exit) + " and said nothing" : text;
    boolean lacking = started.exit.equals(OptionalInt.of(LACKING));
    return "the run did not begin: "
        + runs.access()
            .redact()
            .apply(words.length() > MOST_SAID ? words.substring(0, MOST_SAID) + "…" : words)
        + (lacking && text.contains("--rehearsal") ? IN_A_REQUEST : "");
  }

  private static String end(OptionalInt exit) {
    return exit.isPresent()
        ? "it ended with exit code " + exit.getAsInt()
        : "it was ended by a signal";
  }

  /** Asks those that run to stop, as Ctrl-C does; asked again they are in a hurry. */
  synchronized int stop() {
    stopping = true;
    running.forEach(each -> each.process.signal(Signal.INT));
    return running.size();
  }

  /**
   * Waits until none runs, but not without end for one that hangs. When somebody is in a hurry it
   * asks them again, and waits for a moment only.
   *
   * @return the processes of those that still run; they are left alone from now on
   */
  synchronized List<Long> awaitNone(BooleanSupplier hurry) throws InterruptedException {
    long start = System.nanoTime();
    long most = settings.times().patience().toNanos();
    boolean hurried = false;
    while (!running.isEmpty() && System.nanoTime() - start < most) {
      if (!hurried && hurry.getAsBoolean()) {
        hurried = true;
        most = Math.min(most, System.nanoTime() - start + HURRIED_NANOS);
        stop();
      }
      TimeUnit.MILLISECONDS.timedWait(this, 50);
    }
    List<Long> left = running.stream().map(each -> each.child.pid()).sorted().toList();
    running.clear();
    return left;
  }
}
