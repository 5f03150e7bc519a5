package dev.regatta.process;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long a child may take; a limit that is not there does not end it.
 *
 * @param whole from its start to its end
 * @param firstOutput from its start to its first byte
 * @param stall from one byte to the next, and from the start to the first one
 */
public record Limits(
    Optional<Duration> whole, Optional<Duration> firstOutput, Optional<Duration> stall) {

  /** No limit at all. */
  public static final Limits NONE =
      new Limits(Optional.empty(), Optional.empty(), Optional.empty());

  /** Which limit was passed. */
  public enum Overrun {
    /** It ran longer than it may. */
    WHOLE,
    /** It printed nothing in time. */
    FIRST_OUTPUT,
    /** It fell silent for too long. */
    STALL
  }

  /** Checks that each limit is above zero. */
  public Limits {
    whole.ifPresent(limit -> positive("the time limit", limit));
    firstOutput.ifPresent(limit -> positive("the first-output limit", limit));
    stall.ifPresent(limit -> positive("the stall limit", limit));
  }

  private static void positive(String name, Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException(name + " must be above 0, not " + limit);
    }
  }

  /** The same limits, each that many times as long. */
  public Limits times(int factor) {
    return new Limits(
        whole.map(limit -> limit.multipliedBy(factor)),
        firstOutput.map(limit -> limit.multipliedBy(factor)),
        stall.map(limit -> limit.multipliedBy(factor)));
  }

  /**
   * The same limits, the whole no longer than that. Where nothing is left it passes at once, and is
   * still a limit.
   */
  public Limits within(Duration most) {
    Duration left = most.isPositive() ? most : Duration.ofMillis(1);
    return new Limits(
        whole.filter(own -> own.compareTo(left) < 0).or(() -> Optional.of(left)),
        firstOutput,
        stall);
  }

  /** The limits there are, by name, in seconds: as a journal has them. */
  public Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    whole.ifPresent(limit -> seconds.put("timeout", limit.toMillis() / 1000.0));
    firstOutput.ifPresent(limit -> seconds.put("firstOutput", limit.toMillis() / 1000.0));
    stall.ifPresent(limit -> seconds.put("stall", limit.toMillis() / 1000.0));
    return seconds;
  }

  /**
   * The first limit that is passed, if any. All numbers are readings of one monotonic clock.
   *
   * @param started when the child started
   * @param lastOutput when it last printed, or {@code started} when it has not
   * @param printed whether it has printed anything
   * @param now the present
   */
  public Optional<Overrun> passed(long started, long lastOutput, boolean printed, long now) {
    if (whole.isPresent() && now - started >= whole.get().toNanos()) {
      return Optional.of(Overrun.WHOLE);
    }
    if (!printed && firstOutput.isPresent() && now - started >= firstOutput.get().toNanos()) {
      return Optional.of(Overrun.FIRST_OUTPUT);
    }
    if (stall.isPresent() && now - lastOutput >= stall.get().toNanos()) {
      return Optional.of(Overrun.STALL);
    }
    return Optional.empty();
  }

  /** Nanoseconds from now until a limit can be passed; {@link Long#MAX_VALUE} when none can. */
  public long nanosLeft(long started, long lastOutput, boolean printed, long now) {
    long left = Long.MAX_VALUE;
    if (whole.isPresent()) {
      left = Math.min(left, whole.get().toNanos() - (now - started));
    }
    if (!printed && firstOutput.isPresent()) {
      left = Math.min(left, firstOutput.get().toNanos() - (now - started));
    }
    if (stall.isPresent()) {
      left = Math.min(left, stall.get().toNanos() - (now - lastOutput));
    }
    return Math.max(0, left);
  }
}
