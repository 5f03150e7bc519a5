package dev.regatta.server;

import java.util.function.LongSupplier;

/**
 * How many messages a client may send: so many a second for long, and more at once. For one thread
 * at a time.
 */
final class MessageRate {
  private static final double NANOS = 1e9;

  private final int perSecond;
  private final int atOnce;
  private final LongSupplier nanos;
  private double left;
  private long last;

  /**
   * Nothing was sent yet.
   *
   * @param nanos a monotonic clock
   */
  MessageRate(int perSecond, int atOnce, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.atOnce = atOnce;
    this.nanos = nanos;
    this.left = atOnce;
    this.last = nanos.getAsLong();
  }

  /** Counts one more; gives whether it may be carried out. */
  boolean takes() {
    long now = nanos.getAsLong();
    left = Math.min(atOnce, left + (now - last) / NANOS * perSecond);
    last = now;
    if (left < 1) {
      return false;
    }
    left -= 1;
    return true;
  }
}
