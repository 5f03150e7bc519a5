package dev.regatta.agent;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt's process ended, as seen from outside.
 *
 * @param exitCode its exit code; null when a signal ended it
 * @param signal the signal that ended it; null when it exited
 * @param stopped whether and why we stopped it
 * @param outputBytes how much it printed on standard output
 * @param errorBytes how much it printed on standard error
 * @param binary whether its standard output is not text
 * @param limit the limit it was stopped at
 * @param setBy who can give it another limit, and how
 */
public record Ending(
    @Nullable Integer exitCode,
    @Nullable Integer signal,
    Stopped stopped,
    long outputBytes,
    long errorBytes,
    boolean binary,
    Optional<Duration> limit,
    SetBy setBy) {

  /** In whose words a reason says what to do about a limit. */
  public enum SetBy {
    /** By options of a command. */
    OPTIONS("raise it with --timeout", "raise --stall"),
    /** By params of a client's request. */
    PARAMS("ask for a longer timeout", "ask for a longer stall_timeout");

    private final String whole;
    private final String silence;

    SetBy(String whole, String silence) {
      this.whole = whole;
      this.silence = silence;
    }

    /** What to do when it ran too long. */
    String whole() {
      return whole;
    }

    /** What to do when it was silent for too long. */
    String silence() {
      return silence;
    }
  }

  /** One whose limits are options. */
  public Ending(
      @Nullable Integer exitCode,
      @Nullable Integer signal,
      Stopped stopped,
      long outputBytes,
      long errorBytes,
      boolean binary,
      Optional<Duration> limit) {
    this(exitCode, signal, stopped, outputBytes, errorBytes, binary, limit, SetBy.OPTIONS);
  }
}
