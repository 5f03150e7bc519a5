package dev.regatta.process;

import java.time.Duration;

/**
 * How long a process that ended is read on while others may hold its channels open.
 *
 * @param endNanos when it ended, on the monotonic clock
 * @param seenNanos when its reader heard of that. A reader that comes late, on a machine that is
 *     too busy, takes what is there before it gives up
 */
public record Lingering(long endNanos, long seenNanos) {
  /** How long channels may stay open before we look who holds them. */
  private static final long LINGER_NANOS = Duration.ofMillis(50).toNanos();

  /** How long they may stay open after that; then they are given up. */
  private static final long GIVE_UP_NANOS = Duration.ofSeconds(2).toNanos();

  /** Whether it is time to stop what it left behind. */
  public boolean isSweepDue(long now) {
    return now - endNanos >= LINGER_NANOS;
  }

  /**
   * How long an event is worth waiting for; 0 or less not at all.
   *
   * @param swept whether what it left behind has been stopped
   */
  public long nanosLeft(boolean swept, long now) {
    return swept ? GIVE_UP_NANOS - (now - seenNanos) : LINGER_NANOS - (now - endNanos);
  }

  /**
   * Whether channels that are still open are given up: a process that hides from us holds them.
   *
   * @param heard whether there was something to take just now, for which there is as long again
   */
  public boolean isOver(boolean heard, long now) {
    return now - seenNanos >= (heard ? 2 : 1) * GIVE_UP_NANOS;
  }
}
