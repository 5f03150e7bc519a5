package dev.regatta.experiment;

import dev.regatta.run.AttemptPlan;
import dev.regatta.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All tasks at once: the first ones are spawned before any is waited for, the others follow as
 * places free up.
 */
final class ParallelPhase {
  private static final int STARTERS = Runtime.getRuntime().availableProcessors();

  private final Run run;
  private final List<AttemptPlan> attempts;
  private final List<Run.Ready> first;
  private final Duration stagger;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger next;
  private final Queue<Run.StartedAttempt> started = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * Works out what is to be started, before the phase's clock runs.
   *
   * @param parallel how many at once
   * @param stagger the time between two of the first starts; zero starts them all at once
   */
  ParallelPhase(Run run, List<AttemptPlan> attempts, int parallel, Duration stagger) {
    this.run = run;
    this.attempts = attempts;
    this.first = attempts.stream().limit(parallel).map(run::ready).toList();
    this.stagger = stagger;
    this.next = new AtomicInteger(parallel);
  }

  /**
   * Carries it out, or as much of it as is done before the run is stopped.
   *
   * @param schedule writes down that an attempt's task was ready at that time
   */
  void carryOut(ObjLongConsumer<AttemptPlan> schedule) throws InterruptedException {
    long scheduled = run.clock().nanos();
    try {
      run.cancellation().join(starters());
      // Written down when all run: written before, these lines would delay the first start.
      attempts.forEach(attempt -> schedule.accept(attempt, scheduled));
    } catch (RuntimeException | Error e) {
      stopFor(e);
    } finally {
      // Those that did start must be read to their ends, also when another could not start.
      run.cancellation().join(followers());
    }
    if (failure.get() instanceof RuntimeException exception) {
      throw exception;
    } else if (failure.get() instanceof Error error) {
      throw error;
    }
  }

  /**
   * Threads that start the first ones, one a core: a start waits until the new process has become
   * its program, on a busy core for milliseconds behind those that came before. Starts that are to
   * be spaced come one after another.
   */
  private List<Thread> starters() {
    int threads = stagger.isZero() ? Math.min(STARTERS, first.size()) : 1;
    List<Thread> starters = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      starters.add(Thread.startVirtualThread(this::startInTurn));
    }
    return starters;
  }

  private void startInTurn() {
    try {
      for (int i = turn.getAndIncrement(); i < first.size(); i = turn.getAndIncrement()) {
        if (i > 0 && !run.cancellation().sleep(stagger.toNanos())) {
          return;
        }
        started.add(run.start(first.get(i)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      stopFor(e);
    }
  }

  private List<Thread> followers() {
    List<Thread> followers = new ArrayList<>();
    for (Run.StartedAttempt attempt : started) {
      followers.add(Thread.startVirtualThread(() -> follow(attempt)));
    }
    return followers;
  }

  private void follow(Run.StartedAttempt attempt) {
    try {
      attempt.follow();
      for (int i = next.getAndIncrement(); i < attempts.size(); i = next.getAndIncrement()) {
        if (run.cancellation().requested()) {
          return;
        }
        run.start(attempts.get(i)).follow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      stopFor(e);
    }
  }

  /** A full disk or a fault of ours: the others are stopped, and the caller gets the cause. */
  private void stopFor(Throwable cause) {
    failure.compareAndSet(null, cause);
    run.cancellation().request();
  }
}
