package dev.regatta.run;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;

/**
 * The order to stop a run. Asked once, nothing new starts and what runs is stopped politely; asked
 * twice, what runs is killed.
 */
public final class Cancellation {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition requested = lock.newCondition();
  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
  private final AtomicInteger times = new AtomicInteger();

  /** Asks the run to stop. */
  public void request() {
    raise(before -> before + 1);
  }

  /** Asks, if nobody has; asked in this way it never becomes {@link #urgent}. */
  void requestOnce() {
    raise(before -> Math.max(before, 1));
  }

  /** Passes another's order on: at least as often as there, however often that is said. */
  void requestAsOften(Cancellation other) {
    raise(before -> Math.max(before, other.times.get()));
  }

  private void raise(IntUnaryOperator count) {
    lock.lock();
    try {
      times.updateAndGet(count);
      requested.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  /** Whether somebody asked. */
  public boolean requested() {
    return times.get() > 0;
  }

  /** Whether somebody asked again. */
  public boolean urgent() {
    return times.get() > 1;
  }

  /**
   * Waits, but not once the run is to stop.
   *
   * @return whether the whole time passed
   */
  public boolean sleep(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (times.get() == 0 && left > 0) {
        left = requested.awaitNanos(left);
      }
      return times.get() == 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for threads that heed this order. Interrupted, it gives the order and still waits: nobody
   * may go on while they write.
   */
  public void join(List<Thread> threads) throws InterruptedException {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          request();
        }
      }
    }
    if (interrupted) {
      throw new InterruptedException("interrupted while it waited for what runs");
    }
  }

  /**
   * Calls that at each request until the registration is closed; at once if there was one. One that
   * comes meanwhile may be heard twice.
   */
  public Registration onRequest(Runnable listener) {
    listeners.add(listener);
    if (requested()) {
      listener.run();
    }
    return () -> listeners.remove(listener);
  }

  /** Ends a registration. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
