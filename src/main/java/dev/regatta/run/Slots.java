package dev.regatta.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * So many may work at once. Who waits for others lends its slot meanwhile, so that those it waits
 * for can work in it: whoever holds a slot works and will give it back, and a tree of any shape
 * comes to its end. Safe for many threads.
 */
public final class Slots {
  private final ReentrantLock lock = new ReentrantLock();
  // Those that go on come before those that begin: what is begun is finished first.
  private final Deque<Waiter> goingOn = new ArrayDeque<>();
  private final Deque<Waiter> beginning = new ArrayDeque<>();
  private int free;

  /** That many slots, at least one. */
  Slots(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least 1 slot is needed, not " + count);
    }
    this.free = count;
  }

  /** One that waits for a slot; all of it is guarded by the lock. */
  private final class Waiter {
    private final Condition changed = lock.newCondition();
    private boolean served;
  }

  /** One slot, or the right to get one back. */
  public final class Slot implements AutoCloseable {
    private boolean held = true;

    private Slot() {}

    /** Lets others work in it; nothing if it is lent already. */
    void lend() {
      lock.lock();
      try {
        if (held) {
          held = false;
          giveBack();
        }
      } finally {
        lock.unlock();
      }
    }

    /**
     * Waits until it has a slot again, if it was lent.
     *
     * @return false if the order to stop was given first; then it has none, and does not need one
     */
    boolean reclaim(Cancellation cancellation) throws InterruptedException {
      if (held()) {
        return true;
      }
      if (!acquire(goingOn, cancellation)) {
        return false;
      }
      lock.lock();
      try {
        held = true;
        return true;
      } finally {
        lock.unlock();
      }
    }

    private boolean held() {
      lock.lock();
      try {
        return held;
      } finally {
        lock.unlock();
      }
    }

    /** Gives it back for good, if it is not lent; a second time does nothing. */
    @Override
    public void close() {
      lend();
    }
  }

  /** Waits for a slot; empty if the order to stop was given first. */
  public Optional<Slot> take(Cancellation cancellation) throws InterruptedException {
    return acquire(beginning, cancellation) ? Optional.of(new Slot()) : Optional.empty();
  }

  /** How many nobody holds or waits for. */
  int free() {
    lock.lock();
    try {
      return free;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack() {
    Waiter next = goingOn.isEmpty() ? beginning.poll() : goingOn.poll();
    if (next == null) {
      free++;
    } else {
      next.served = true;
      next.changed.signal();
    }
  }

  private boolean acquire(Deque<Waiter> queue, Cancellation cancellation)
      throws InterruptedException {
    Waiter waiter;
    lock.lockInterruptibly();
    try {
      if (cancellation.requested()) {
        return false;
      }
      if (free > 0) {
        free--;
        return true;
      }
      waiter = new Waiter();
      queue.add(waiter);
    } finally {
      lock.unlock();
    }
    try (Cancellation.Registration stopping = cancellation.onRequest(() -> wake(waiter))) {
      return await(waiter, queue, cancellation);
    }
  }

  private void wake(Waiter waiter) {
    lock.lock();
    try {
      waiter.changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean await(Waiter waiter, Deque<Waiter> queue, Cancellation cancellation)
      throws InterruptedException {
    lock.lock();
    try {
      while (!waiter.served && !cancellation.requested()) {
        waiter.changed.await();
      }
      return waiter.served;
    } catch (InterruptedException e) {
      if (waiter.served) {
        giveBack(); // served at the same moment: nobody would use it
      }
      throw e;
    } finally {
      queue.remove(waiter); // who was served is not in it any more
      lock.unlock();
    }
  }
}
