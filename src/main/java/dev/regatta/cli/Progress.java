package dev.regatta.cli;

import dev.regatta.experiment.Tree;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.run.Visible;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says on standard error what goes on: on a terminal one line that is written over and goes away,
 * elsewhere a line when a phase begins, and when a try of a suite ends. That a run is paused is
 * said in any case.
 */
final class Progress implements Consumer<Event>, AutoCloseable {
  private static final long PAUSE_MILLIS = 250;

  private final PrintStream err;
  private final boolean terminal;
  private final boolean quiet;
  private final long start = System.nanoTime();
  private final Thread ticker;
  private String phase = "";
  private String paused = "";
  private int running;
  private int ended;
  private int failed;
  private int expected;
  private volatile boolean closed;
  private boolean shown;

  /**
   * Progress.
   *
   * @param terminal whether a line may be written over
   * @param quiet whether nothing is said elsewhere
   */
  Progress(PrintStream err, boolean terminal, boolean quiet) {
    this.err = err;
    this.terminal = terminal;
    this.quiet = quiet;
    this.ticker = Thread.ofPlatform().daemon().name("regatta-progress").unstarted(this::tick);
    if (terminal) {
      ticker.start();
    }
  }

  @Override
  public synchronized void accept(Event event) {
    switch (event) {
      case Event.PlanRecorded plan ->
          expected = plan.tree() == null ? plan.tasks().size() : Tree.size(plan.tree());
      case Event.PhaseStarted started -> {
        phase = started.phase() + ": ";
        ended = 0;
        failed = 0;
        if (!terminal && !quiet) {
          err.println(
              "regatta: "
                  + started.phase()
                  + ", "
                  + expected
                  + (expected == 1 ? " task" : " tasks"));
        }
      }
      case Event.AttemptStarted ignored -> running++;
      case Event.AttemptEnded end -> {
        running--;
        ended++;
        failed += end.outcome() == Outcome.SUCCEEDED ? 0 : 1;
      }
      case Event.RunPaused pause -> {
        String until =
            Until.of(Instant.parse(pause.until()), Instant.now(), ZoneId.systemDefault());
        paused = ", paused until " + until;
        say("paused until " + until + ": " + pause.reason() + "; it goes on by itself");
      }
      case Event.RunWentOn ignored -> {
        paused = "";
        say("the run goes on");
      }
      case Event.SuiteTaskPlanned planned ->
          expected += planned.skipped() == null ? planned.instances() : 0;
      case Event.TryDelayed delayed -> {
        // That try is not the last one.
        ended--;
        failed--;
        if (terminal || !quiet) {
          say(
              String.format(
                  Locale.ROOT,
                  "%s waits %.1f s for its try %d: %s",
                  delayed.task(),
                  delayed.seconds(),
                  delayed.number(),
                  Visible.line(delayed.reason(), 200)));
        }
      }
      case Event.TryJudged judged -> {
        if (!terminal && !quiet) {
          say(
              judged.attempt()
                  + (judged.passed() ? " passed: " : " failed: ")
                  + Visible.line(judged.reason(), 200));
        }
      }
      default -> {
        // Not what people wait for.
      }
    }
  }

  /**
   * A line that stays, whether or not progress is shown: nothing else tells why nothing happens.
   */
  private void say(String what) {
    clear();
    err.println("regatta: " + what);
  }

  private void tick() {
    try {
      while (!closed) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        show();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void show() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    if (closed || seconds < 1) {
      return;
    }
    String of = expected > 0 ? " of " + expected : "";
    String failures = failed > 0 ? ", " + failed + " failed" : "";
    err.print(
        String.format(
            Locale.ROOT,
            "\r\u001b[K%s%d%s done, %d running%s%s, %d:%02d",
            phase,
            ended,
            of,
            running,
            failures,
            paused,
            seconds / 60,
            seconds % 60));
    err.flush();
    shown = true;
  }

  /** Makes room for a line of output, which would otherwise be written behind the progress. */
  synchronized void clear() {
    if (shown) {
      err.print("\r\u001b[K");
      err.flush();
      shown = false;
    }
  }

  @Override
  public void close() {
    closed = true;
    ticker.interrupt();
    clear();
  }
}
