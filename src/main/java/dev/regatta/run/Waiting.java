package dev.regatta.run;

import dev.regatta.credential.Credential;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls for others that one attempt waits for. From the first of them on its seat is lent, and
 * it gets no answer before it has the seat again: so it never works without one, and while any of
 * those it waits for is left, it never keeps one from them. Safe for many threads.
 */
final class Waiting {
  private final Optional<Seat> seat;
  private final Optional<Credential> credential;
  private final Cancellation stopping;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int calls; // that have not returned
  private int unanswered; // those of them whose agents have not all ended
  private boolean lent;
  private boolean reclaiming;
  private @Nullable Long over; // when it last had its seat again, by the monotonic clock

  Waiting(AttemptPlan plan, Cancellation stopping) {
    this.seat = plan.seat();
    this.credential = plan.assignment().credential();
    this.stopping = stopping;
  }

  /** Begins a call, which {@link #returned} must follow; false if the attempt is being stopped. */
  boolean begin() {
    lock.lock();
    try {
      if (stopping.requested()) {
        return false;
      }
      calls++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** From now on the attempt waits; {@link #end} must follow. */
  void lend() {
    lock.lock();
    try {
      unanswered++;
      if (!lent) {
        lent = true;
        seat.ifPresent(held -> held.lend(credential));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns, after all agents of a call have ended, once the attempt may work again or is stopped.
   */
  void end() throws InterruptedException {
    lock.lock();
    try (Cancellation.Registration waking = stopping.onRequest(this::wake)) {
      unanswered--;
      while (lent && !stopping.requested()) {
        if (unanswered == 0 && !reclaiming) {
          reclaim();
        } else {
          changed.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The end of its last wait, by the monotonic clock: now while it waits; empty if it never waited.
   */
  Optional<Long> over(long now) {
    lock.lock();
    try {
      return lent ? Optional.of(now) : Optional.ofNullable(over);
    } finally {
      lock.unlock();
    }
  }

  /** A call has returned; the last word on it. */
  void returned() {
    lock.lock();
    try {
      calls--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void reclaim() throws InterruptedException {
    reclaiming = true;
    lock.unlock();
    boolean back = false;
    try {
      back = seat.isEmpty() || seat.get().slot().reclaim(stopping);
    } finally {
      lock.lock();
      reclaiming = false;
      if (back && unanswered > 0) {
        seat.ifPresent(held -> held.slot().lend()); // for another call that began meanwhile
      } else if (back) {
        lent = false;
        over = System.nanoTime();
        seat.ifPresent(held -> held.countAgain(credential));
      }
      changed.signalAll();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every call has returned, after the order to stop; then nothing is lent. */
  void close() {
    lock.lock();
    try {
      while (calls > 0) {
        changed.awaitUninterruptibly();
      }
      if (lent) {
        lent = false;
        // It needs no slot any more. Its credential is given back by who took it.
        seat.ifPresent(held -> held.countAgain(credential));
      }
    } finally {
      lock.unlock();
    }
  }
}
