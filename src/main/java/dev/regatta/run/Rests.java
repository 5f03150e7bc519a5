package dev.regatta.run;

import dev.regatta.credential.Allowance;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.credential.LimitHeaders;
import dev.regatta.credential.LimitsTold;
import dev.regatta.gateway.CredentialLimits;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes known of the limits of a run's credentials while it goes on: from the responses that
 * the gateway sees, from what agents print, and from how attempts end. The pool heeds it and the
 * journal keeps it. Safe for many threads.
 */
public final class Rests implements CredentialLimits {
  /** A credential that hit a limit without a word on when it ends rests this long. */
  private static final Duration USUAL = Duration.ofMinutes(1);

  /**
   * Providers count anew after a week at the most. Whatever names a later time is mistaken, or an
   * agent that wants the run to stand still; after this it is asked again.
   */
  private static final Duration LONGEST = Duration.ofDays(8);

  /** Times that are told as 'in so many seconds' differ by this and are the same. */
  private static final Duration SAME = Duration.ofSeconds(1);

  private final Run run;
  private final CredentialPool pool;
  private final InstantSource wall;
  private final Map<Credential, Instant> refused = new HashMap<>();
  private final Map<Near, Instant> near = new HashMap<>();
  private boolean failover;

  private record Near(Credential credential, String limit) {}

  Rests(Run run, CredentialPool pool, InstantSource wall) {
    this.run = run;
    this.pool = pool;
    this.wall = wall;
  }

  /**
   * Until when whatever is begun with a credential must fail; empty if it need not, as it is not
   * refused, or the gateway has another to ask with.
   */
  public Optional<Instant> failsUntil(Credential credential) {
    return failsOver() && instead(Set.of(credential)).isPresent()
        ? Optional.empty()
        : pool.restsUntil(credential);
  }

  synchronized void failOver() {
    failover = true;
  }

  @Override
  public Optional<Credential> instead(Set<Credential> those) {
    return pool.instead(those);
  }

  @Override
  public boolean refused(Credential credential) {
    return pool.restsUntil(credential).isPresent();
  }

  @Override
  public void answered(Credential credential, int status, Map<String, String> headers) {
    Instant now = wall.instant();
    LimitsTold told = LimitHeaders.read(headers, status, now);
    told.allowances().forEach(allowance -> used(credential, allowance));
    if (told.until().isPresent()) {
      refused(credential, told.until().get(), now);
    } else if (told.refused() && failsOver()) {
      refused(credential, now.plus(USUAL), now); // else it would be asked with again at once
    }
  }

  @Override
  public synchronized boolean failsOver() {
    return failover;
  }

  /** An agent says that its credential is refused until a time. */
  void refused(Credential credential, Instant until) {
    refused(credential, until, wall.instant());
  }

  private void refused(Credential credential, Instant until, Instant now) {
    if (until.isAfter(now)) {
      rest(credential, until, "the credential is at its limit (429)");
    }
  }

  /** Somebody says how much of a limit is used. */
  void used(Credential credential, Allowance allowance) {
    if (pool.used(credential, allowance) && saidFirst(credential, allowance)) {
      run.record(
          new Event.CredentialNearLimit(
              credential.name(),
              allowance.window(),
              Math.round(allowance.used() * 1000) / 10.0,
              allowance.resets().toString(),
              run.clock().nanos()));
    }
  }

  /** Said once until the limit is counted anew, however many responses repeat it. */
  private synchronized boolean saidFirst(Credential credential, Allowance allowance) {
    Instant before = near.put(new Near(credential, allowance.window()), allowance.resets());
    return before == null || !before.isAfter(wall.instant());
  }

  /**
   * What an attempt's end shows about its credential.
   *
   * @return whether the credential is refused until a time that was named: then whoever waits for
   *     it only waits
   */
  boolean ended(Credential credential, AttemptResult result) {
    if (result.outcome() == Outcome.UNAUTHORIZED) {
      pool.retire(credential, result.ended().reason());
      run.record(new Event.CredentialRested(credential.name(), null, result.ended().reason()));
    }
    if (result.outcome() != Outcome.RATE_LIMITED) {
      return false;
    }
    Instant now = wall.instant();
    Optional<Instant> named = result.restUntil().or(() -> toldBefore(credential, now));
    Instant until = named.orElse(now.plus(USUAL));
    if (until.isAfter(now)) {
      rest(credential, until, result.ended().reason());
    }
    return named.isPresent() && until.isAfter(now);
  }

  private synchronized Optional<Instant> toldBefore(Credential credential, Instant now) {
    return Optional.ofNullable(refused.get(credential)).filter(until -> until.isAfter(now));
  }

  private void rest(Credential credential, Instant named, String reason) {
    Instant latest = wall.instant().plus(LONGEST);
    Instant until = named.isAfter(latest) ? latest : named;
    pool.rest(credential, until);
    if (news(credential, until)) {
      run.record(new Event.CredentialRested(credential.name(), until.toString(), reason));
    }
  }

  private synchronized boolean news(Credential credential, Instant until) {
    Instant before = refused.get(credential);
    if (before != null && !until.isAfter(before.plus(SAME))) {
      return false;
    }
    refused.put(credential, until);
    return true;
  }
}
