package dev.regatta.agent;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Signal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** What an ending says by itself, whatever the agent: the same words for all adapters. */
final class Endings {
  private Endings() {}

  /** An outcome and its reason. */
  record Judgement(Outcome outcome, String reason, boolean hopeless) {
    Judgement(Outcome outcome, String reason) {
      this(outcome, reason, false);
    }

    Conclusion conclusion() {
      return new Conclusion(outcome, reason, Claims.NONE, false, 0, 0, Optional.empty(), hopeless);
    }
  }

  /** Our own stop, if it was one of the limits or a cancellation. */
  static Optional<Judgement> stop(Ending ending) {
    return switch (ending.stopped()) {
      case NOT, HOPELESS -> Optional.empty();
      case TIMED_OUT ->
          Optional.of(
              new Judgement(
                  Outcome.TIMED_OUT,
                  "ran longer than its" + limit(ending) + " limit; " + ending.setBy().whole()));
      case FIRST_OUTPUT_TIMED_OUT ->
          Optional.of(
              new Judgement(
                  Outcome.STALLED,
                  ending.limit().isPresent()
                      ? "no first output within" + limit(ending)
                      : "no first output in time"));
      case STALLED ->
          Optional.of(
              new Judgement(
                  Outcome.STALLED,
                  "silent for"
                      + (ending.limit().isPresent() ? limit(ending) : " too long")
                      + "; "
                      + ending.setBy().silence()));
      case CANCELLED -> Optional.of(new Judgement(Outcome.CANCELLED, "cancelled"));
    };
  }

  /** How the process ended: {@code exit 3} or {@code ended by signal 9 (KILL)}. */
  static String end(Ending ending) {
    Integer signal = ending.signal();
    if (signal != null) {
      return "ended by " + Signal.describe(signal);
    }
    Integer exit = ending.exitCode();
    return exit == null ? "ended without an exit code" : "exit " + exit;
  }

  /** Whether it ended by itself with exit code 0. */
  static boolean clean(Ending ending) {
    Integer exit = ending.exitCode();
    return ending.signal() == null && exit != null && exit == 0;
  }

  private static String limit(Ending ending) {
    return ending.limit().map(limit -> " " + seconds(limit)).orElse("");
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }
}
