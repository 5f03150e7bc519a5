package dev.regatta.run;

import java.time.Duration;

/**
 * Spaces the starts of heavy agents where cores are few: twenty at once on two cores took 8 to 10
 * seconds each to their first request, spaced by 0.3 s they took 0.6 s each. How long a task waited
 * here lies between its scheduling and its start, never in its duration.
 */
final class Starts {
  private final Cancellation cancellation;
  private long next = System.nanoTime();

  Starts(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /**
   * Waits for a turn.
   *
   * @param gap between two starts
   * @return false if the run is to stop meanwhile
   */
  boolean await(Duration gap) throws InterruptedException {
    long turn;
    synchronized (this) {
      turn = Math.max(System.nanoTime(), next);
      next = turn + gap.toNanos();
    }
    return cancellation.sleep(turn - System.nanoTime());
  }
}
