package dev.regatta.stats;

/**
 * A half-open stretch of time [start, end), nanoseconds.
 *
 * @param start its first instant
 * @param end the first instant after it; not before the start
 */
public record Interval(long start, long end) {
  /** Checks the order. */
  public Interval {
    if (end < start) {
      throw new IllegalArgumentException("an interval ends at " + end + ", before " + start);
    }
  }

  /** Its length, nanoseconds. */
  public long length() {
    return end - start;
  }
}
