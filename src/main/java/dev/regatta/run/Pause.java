package dev.regatta.run;

import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Event;
import dev.regatta.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The time in which every credential of one provider is refused, so that nothing that needs one can
 * start. However many tasks wait, it is one pause, said once. Safe for many threads.
 */
final class Pause {
  /** How far a time may move that is told as 'in so many seconds' without being another. */
  private static final Duration SAME = Duration.ofSeconds(2);

  /**
   * The wall clock is read again after this: somebody may set it, and the clock that sleep goes by
   * stands still while a machine is suspended.
   */
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);

  private final Run run;
  private final CredentialPool pool;
  private final Provider provider;
  private final InstantSource wall;
  private @Nullable Instant said;

  Pause(Run run, CredentialPool pool, Provider provider, InstantSource wall) {
    this.run = run;
    this.pool = pool;
    this.provider = provider;
    this.wall = wall;
  }

  /**
   * Waits for that time, or a part of the way there.
   *
   * @param cancellation the order not to wait any longer
   * @return false if that was given
   */
  boolean await(Instant until, Cancellation cancellation) throws InterruptedException {
    say(until);
    Duration left = Duration.between(wall.instant(), until);
    Duration sleep = left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP;
    return cancellation.sleep(Math.max(1_000_000, sleep.toNanos()));
  }

  private synchronized void say(Instant until) {
    if (!until.isAfter(wall.instant())) {
      return; // it came while this task was on its way here
    }
    if (said == null || Duration.between(said, until).abs().compareTo(SAME) > 0) {
      said = until;
      run.record(new Event.RunPaused(until.toString(), reason(), run.clock().nanos()));
    }
  }

  private String reason() {
    List<String> resting =
        pool.resting().entrySet().stream()
            .filter(each -> each.getKey().provider() == provider)
            .map(each -> each.getKey().name() + " until " + each.getValue())
            .toList();
    return "every credential "
        + (pool.providers().size() > 1 ? "of " + provider.called() + "'s " : "")
        + "is refused: "
        + resting.stream().limit(5).collect(Collectors.joining(", "))
        + (resting.size() > 5 ? " and " + (resting.size() - 5) + " more" : "");
  }

  /** A task got a credential: if there was a pause, it is over. */
  synchronized void over() {
    if (said != null) {
      said = null;
      run.record(new Event.RunWentOn(run.clock().nanos()));
    }
  }
}
