package dev.regatta.run;

import java.time.Duration;

/**
 * Spaces the starts of heavy agents where cores are few: twenty at once on two cores took 8 to 10
 * seconds each to their first request, spaced by 0.3 s they took 0.6 s each. How long a task waited
 * here lies between its scheduling and its start, never in its duration.
 */
final class Starts {
  private long next = System.nanoTime();

  /**
   * Waits for a turn.
   *
   * @param gap between two starts
   * @param cancellation the order not to wait any longer
   * @return false if that was given
   */
  boolean await(Duration gap, Cancellation cancellation) throws InterruptedException {
    long turn;
    synchronized (this) {
      turn = Math.max(System.nanoTime(), next);
      next = turn + gap.toNanos();
    }
    return cancellation.sleep(turn - System.nanoTime());
  }
}
