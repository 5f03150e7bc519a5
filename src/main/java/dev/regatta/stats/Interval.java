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

  /** The part of it that lies in another; empty, at the nearest end of that, if there is none. */
  public Interval within(Interval other) {
    long from = Math.clamp(start, other.start, other.end);
    return new Interval(from, Math.clamp(end, from, other.end));
  }

  /** Whether an instant lies in it. */
  public boolean holds(long instant) {
    return start <= instant && instant < end;
  }

  /** Its length, nanoseconds. */
  public long length() {
    return end - start;
  }
}
