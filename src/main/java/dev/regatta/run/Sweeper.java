package dev.regatta.run;

import dev.regatta.journal.Event;
import dev.regatta.process.Leftovers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks after what ended attempts may have left, for many at once: a look at the whole process
 * table costs milliseconds, and fifty agents that end together need one look and not fifty. Whoever
 * comes while a look is going on is served by the next one.
 *
 * <p>Short commands do not wait for it: they are looked after at most once a second, and at the end
 * of the run.
 */
final class Sweeper {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Run run;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition done = lock.newCondition();
  private Map<Leftovers.Ended, String> waiting = new HashMap<>();
  private boolean looking;
  private long begun;
  private long finished;
  private long last = System.nanoTime();

  Sweeper(Run run) {
    this.run = run;
  }

  /** Has an ended attempt looked after before long. */
  void later(String attempt, Leftovers.Ended ended) {
    lock.lock();
    try {
      waiting.put(ended, attempt);
      if (looking || System.nanoTime() - last < PAUSE_NANOS) {
        return;
      }
    } finally {
      lock.unlock();
    }
    finish();
  }

  /** Looks after an ended attempt, and returns when nothing is left of it. */
  void now(String attempt, Leftovers.Ended ended) {
    lock.lock();
    try {
      waiting.put(ended, attempt);
    } finally {
      lock.unlock();
    }
    finish();
  }

  /** Looks after all that wait, and returns when that is done. */
  void finish() {
    Map<Leftovers.Ended, String> due;
    long turn;
    lock.lock();
    try {
      // The look that is going on may have passed us already; the one after it serves all.
      turn = begun + 1;
      while (looking) {
        done.awaitUninterruptibly();
        if (finished >= turn) {
          return;
        }
      }
      due = waiting;
      waiting = new HashMap<>();
      looking = true;
      begun++;
    } finally {
      lock.unlock();
    }
    try {
      look(due);
    } finally {
      lock.lock();
      try {
        looking = false;
        finished = begun;
        last = System.nanoTime();
        done.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void look(Map<Leftovers.Ended, String> due) {
    for (Map.Entry<Leftovers.Ended, List<Long>> left :
        run.leftovers().stopEnded(due.keySet()).entrySet()) {
      run.record(
          new Event.LeftoversStopped(
              due.get(left.getKey()), left.getValue(), "mark", run.clock().nanos()));
    }
  }
}
