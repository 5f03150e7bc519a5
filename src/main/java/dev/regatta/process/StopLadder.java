package dev.regatta.process;

import java.time.Duration;
import java.util.Optional;

/**
 * The steps by which a child's group is stopped, over time: INT, on which the real agents clean up
 * best; a grace time; TERM; a grace time; KILL. What left the group is found afterwards by {@link
 * Leftovers}.
 *
 * <p>It only counts: who climbs it asks {@link #due} and sends what it says, between reading the
 * child's output, so that a child that prints while it ends is not held up.
 */
public final class StopLadder {
  private final Duration afterInterrupt;
  private final Duration afterTerminate;
  private int step;
  private long since;

  /** How long each step may take before the next. */
  public record Graces(Duration afterInterrupt, Duration afterTerminate) {
    /** Three seconds to end on INT, two on TERM. */
    public static final Graces USUAL = new Graces(Duration.ofSeconds(3), Duration.ofSeconds(2));
  }

  /** A ladder nobody has stepped on. */
  public StopLadder(Graces graces) {
    this.afterInterrupt = graces.afterInterrupt();
    this.afterTerminate = graces.afterTerminate();
  }

  /** A ladder that begins at TERM, as a protocol's CANCEL does, and goes on to KILL. */
  public static StopLadder fromTerminate(Duration grace) {
    StopLadder ladder = new StopLadder(new Graces(Duration.ZERO, grace));
    ladder.step = 1;
    ladder.since = Long.MIN_VALUE / 2;
    return ladder;
  }

  /** The signal to send now, if it is time for one; each is given once. */
  public Optional<Signal> due(long now) {
    boolean time =
        switch (step) {
          case 0 -> true;
          case 1 -> now - since >= afterInterrupt.toNanos();
          case 2 -> now - since >= afterTerminate.toNanos();
          default -> false;
        };
    if (!time) {
      return Optional.empty();
    }
    step++;
    since = now;
    return Optional.of(
        switch (step) {
          case 1 -> Signal.INT;
          case 2 -> Signal.TERM;
          default -> Signal.KILL;
        });
  }

  /** Goes to the last step at once: somebody asked twice. */
  public void hurry() {
    if (step < 2) {
      step = 2;
      since = Long.MIN_VALUE / 2;
    }
  }

  /** Nanoseconds until the next step; {@link Long#MAX_VALUE} after the last. */
  public long nanosLeft(long now) {
    return switch (step) {
      case 0 -> 0;
      case 1 -> Math.max(0, afterInterrupt.toNanos() - (now - since));
      case 2 -> Math.max(0, afterTerminate.toNanos() - (now - since));
      default -> Long.MAX_VALUE;
    };
  }
}
