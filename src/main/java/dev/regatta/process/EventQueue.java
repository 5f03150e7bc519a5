package dev.regatta.process;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What waits for one child's reader: counted in bytes, so that a writer can be held back. */
final class EventQueue {
  /** A channel is not read further while more than this waits. */
  static final long FULL_BYTES = 256 * 1024;

  /**
   * Nor while more outputs than that wait. What piles up is then read in one piece, which costs a
   * busy machine less, and is not late by more than a pipe holds.
   */
  private static final int FULL_OUTPUTS = 8;

  /** Whoever waits that long waits for an event and for nothing else: three years. */
  private static final long NO_END_NANOS = 100_000_000_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<ChildEvent> events = new ArrayDeque<>(4);
  private long bytes;
  private int outputs;
  private boolean exited;
  private boolean abandoned;
  private @Nullable Throwable failure;

  /**
   * Adds an event.
   *
   * @return whether it is now full
   */
  boolean add(ChildEvent event) {
    lock.lock();
    try {
      events.add(event);
      if (event instanceof ChildEvent.Output output) {
        bytes += output.bytes().length;
        outputs++;
      } else if (event instanceof ChildEvent.Exited) {
        exited = true;
      }
      // The channels of most children close just before they end: one wake for all three instead
      // of three is a fifth of what a small command costs.
      if (exited || !(event instanceof ChildEvent.Closed)) {
        arrived.signal();
      }
      return bytes > FULL_BYTES || outputs > FULL_OUTPUTS;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will come, and not because there is nothing more: whoever takes is told why. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next event, or null when none comes in that time.
   *
   * @throws IllegalStateException once all is taken, if nobody watches the process any more
   */
  @Nullable ChildEvent take(long timeoutNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = timeoutNanos;
      while (events.isEmpty() && left > 0 && failure == null) {
        // A wait with an end costs a timer each time, which a talkative child would pay per line.
        if (left >= NO_END_NANOS) {
          arrived.await();
        } else {
          left = arrived.awaitNanos(left);
        }
      }
      if (events.isEmpty() && failure != null) {
        throw new IllegalStateException("its process is no longer watched: " + failure, failure);
      }
      ChildEvent event = events.poll();
      if (event instanceof ChildEvent.Output output) {
        bytes -= output.bytes().length;
        outputs--;
        room.signalAll();
      }
      return event;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is room again: half of what made it full is gone. */
  boolean roomy() {
    lock.lock();
    try {
      return isRoomy();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is room or nobody will read; for a thread that reads a pipe of its own. */
  void awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isRoomy() && !abandoned) {
        room.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isRoomy() {
    return bytes <= FULL_BYTES / 2 && outputs <= FULL_OUTPUTS / 2;
  }

  /** Nobody will take anything any more. */
  void abandon() {
    lock.lock();
    try {
      abandoned = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
