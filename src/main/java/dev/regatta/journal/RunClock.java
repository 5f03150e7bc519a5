package dev.regatta.journal;

import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The two clocks of a run: an axis of elapsed time, nanoseconds of the monotonic clock since the
 * run's origin, and the wall clock, tied to it at the origin. The wall clock may be set while a run
 * goes on; the axis is not touched by that, and comparing the two shows it.
 */
public final class RunClock {
  private static final long SECOND = 1_000_000_000L;

  private final InstantSource wall;
  private final LongSupplier monotonic;
  private final ZoneId zone;
  private final long originEpochNanos;
  private final long originReading;

  /**
   * A clock whose origin is now.
   *
   * @param wall the wall clock
   * @param monotonic readings of a monotonic clock, nanoseconds
   * @param zone the zone in which wall-clock times are shown
   */
  public RunClock(InstantSource wall, LongSupplier monotonic, ZoneId zone) {
    this(wall, monotonic, zone, epochNanos(wall.instant()), monotonic.getAsLong());
  }

  private RunClock(
      InstantSource wall,
      LongSupplier monotonic,
      ZoneId zone,
      long originEpochNanos,
      long originReading) {
    this.wall = wall;
    this.monotonic = monotonic;
    this.zone = zone;
    this.originEpochNanos = originEpochNanos;
    this.originReading = originReading;
  }

  /** The clocks of this machine, with its zone. */
  public static RunClock system() {
    return new RunClock(InstantSource.system(), System::nanoTime, ZoneId.systemDefault());
  }

  /**
   * The axis of an earlier process's run, gone on with: where on it we are is told by the wall
   * clock, because the other process's monotonic clock is gone.
   *
   * @param originEpochNanos the run's origin
   */
  public static RunClock continuing(
      long originEpochNanos, InstantSource wall, LongSupplier monotonic, ZoneId zone) {
    long since = epochNanos(wall.instant()) - originEpochNanos;
    return new RunClock(wall, monotonic, zone, originEpochNanos, monotonic.getAsLong() - since);
  }

  /** Nanoseconds since the run's origin. */
  public long nanos() {
    return nanosOf(monotonic.getAsLong());
  }

  /** The place of a reading of the monotonic clock on the axis. */
  public long nanosOf(long reading) {
    return reading - originReading;
  }

  /** The wall clock at the run's origin, nanoseconds since the epoch. */
  public long originEpochNanos() {
    return originEpochNanos;
  }

  /** The wall clock read now, not worked out from the axis. Nanoseconds since the epoch. */
  public long wallEpochNanos() {
    return epochNanos(wall.instant());
  }

  /** The wall-clock time of a place on the axis, by the anchor at the origin; milliseconds. */
  public OffsetDateTime at(long nanos) {
    return at(originEpochNanos, nanos, zone);
  }

  /**
   * The same for a run that was read from a journal.
   *
   * @param originEpochNanos the run's origin
   * @param nanos a place on its axis
   */
  public static OffsetDateTime at(long originEpochNanos, long nanos, ZoneId zone) {
    long epoch = originEpochNanos + nanos;
    return Instant.ofEpochSecond(Math.floorDiv(epoch, SECOND), Math.floorMod(epoch, SECOND))
        .truncatedTo(ChronoUnit.MILLIS)
        .atZone(zone)
        .toOffsetDateTime();
  }

  /** The zone in which wall-clock times are shown. */
  public ZoneId zone() {
    return zone;
  }

  private static long epochNanos(Instant instant) {
    return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano());
  }
}
