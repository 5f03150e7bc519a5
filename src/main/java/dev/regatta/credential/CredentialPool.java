package dev.regatta.credential;

import dev.regatta.provider.Provider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives out the credentials of a run. One that is near a limit is passed over while another has
 * room; one that hit a limit rests until the time that the provider named; one that was refused is
 * out. Safe for many threads.
 */
public final class CredentialPool {
  /**
   * From this share of a limit on a credential is near it, where the user does not say otherwise.
   */
  public static final double USUAL_THRESHOLD = 0.95;

  /** Of one credential, where providers name about six: an agent may print any number of others. */
  private static final int MOST_LIMITS = 32;

  private final List<Held> all = new ArrayList<>();
  private final InstantSource clock;
  private final double threshold;

  private static final class Held {
    final Credential credential;
    int users;
    Instant restsUntil = Instant.MIN;

    /** What was last said of each of its limits. */
    final Map<String, Allowance> allowances = new HashMap<>();

    /** Why it is out for good; empty while it is not. */
    Optional<String> out = Optional.empty();

    Held(Credential credential) {
      this.credential = credential;
    }

    boolean may(Instant now) {
      return out.isEmpty() && !restsUntil.isAfter(now);
    }

    /** The greatest share that is used of a limit that has not been counted anew since. */
    double used(Instant now) {
      return allowances.values().stream()
          .filter(allowance -> allowance.resets().isAfter(now))
          .mapToDouble(Allowance::used)
          .max()
          .orElse(0);
    }
  }

  /** A pool with the usual threshold. */
  public CredentialPool(List<Credential> credentials, InstantSource clock) {
    this(credentials, clock, USUAL_THRESHOLD);
  }

  /**
   * A pool.
   *
   * @param credentials at least one
   * @param clock the wall clock, by which credentials rest
   * @param threshold the share of a limit, above 0, from which on a credential is near it
   */
  public CredentialPool(List<Credential> credentials, InstantSource clock, double threshold) {
    if (!(threshold > 0)) {
      throw new IllegalArgumentException("a threshold is above 0, not " + threshold);
    }
    this.threshold = threshold;
    if (credentials.isEmpty()) {
      throw new IllegalArgumentException("a pool needs at least one credential");
    }
    credentials.forEach(credential -> all.add(new Held(credential)));
    this.clock = clock;
  }

  /**
   * Grants, of the provider's credentials that have room, the one with the fewest users; among
   * equals the one whose turn it is. Where all are near their limits it is the one that is used
   * least: near is not refused.
   *
   * @param task the task's number, from 0: the i-th task prefers the i-th credential
   * @param provider whose API it is to open
   */
  public synchronized Grant grant(int task, Provider provider) {
    List<Held> fitting =
        all.stream().filter(held -> held.credential.provider() == provider).toList();
    if (fitting.isEmpty()) {
      return new Grant.NoneLeft("there is no credential of " + provider.called() + "'s");
    }
    Instant now = clock.instant();
    int size = fitting.size();
    List<Held> turn = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      turn.add(fitting.get(Math.floorMod(task + i, size)));
    }
    List<Held> usable = turn.stream().filter(held -> held.out.isEmpty()).toList();
    if (usable.isEmpty()) {
      return new Grant.NoneLeft(
          fitting.stream()
              .map(held -> held.credential.name() + " (" + held.out.orElseThrow() + ")")
              .collect(Collectors.joining(", ", "no credential is left: ", "")));
    }
    List<Held> rested = usable.stream().filter(held -> held.may(now)).toList();
    if (rested.isEmpty()) {
      return new Grant.WaitUntil(
          usable.stream()
              .map(held -> held.restsUntil)
              .min(Comparator.naturalOrder())
              .orElseThrow());
    }
    Held chosen =
        rested.stream()
            .filter(held -> held.used(now) < threshold)
            .min(Comparator.comparingInt(held -> held.users))
            .or(() ->
                rested.stream()
                    .min(
                        Comparator.comparingDouble((Held held) -> held.used(now))
                            .thenComparingInt(held -> held.users)))
            .orElseThrow();
    boolean reused = chosen.users++ > 0;
    return new Grant.Granted(chosen.credential, reused);
  }

  /**
   * Gives one back.
   *
   * @throws IllegalStateException if nobody has it: it would count as less used than it is
   */
  public synchronized void release(Credential credential) {
    Held held = held(credential);
    if (held.users == 0) {
      throw new IllegalStateException(credential.name() + " is given back but was not granted");
    }
    held.users--;
  }

  /**
   * Counts a user again who had given it back to wait: it goes on with the same one, whatever
   * became of that meanwhile.
   */
  public synchronized void retake(Credential credential) {
    held(credential).users++;
  }

  /** Lets one rest; the later of two times counts. */
  public synchronized void rest(Credential credential, Instant until) {
    Held held = held(credential);
    held.restsUntil = until.isAfter(held.restsUntil) ? until : held.restsUntil;
  }

  /**
   * Takes in how much of one of its limits is used; what is said last of a limit counts.
   *
   * @return whether that is near the limit
   */
  public synchronized boolean used(Credential credential, Allowance allowance) {
    Map<String, Allowance> known = held(credential).allowances;
    if (known.size() >= MOST_LIMITS && !known.containsKey(allowance.window())) {
      return false;
    }
    known.put(allowance.window(), allowance);
    return allowance.used() >= threshold && allowance.resets().isAfter(clock.instant());
  }

  /** Whether something may be started with one now: it neither rests nor is out. */
  public synchronized boolean may(Credential credential) {
    return held(credential).may(clock.instant());
  }

  /** Until when one rests; empty if it does not. */
  public synchronized Optional<Instant> restsUntil(Credential credential) {
    Instant until = held(credential).restsUntil;
    return until.isAfter(clock.instant()) ? Optional.of(until) : Optional.empty();
  }

  /** The names of all of them, in order. */
  public List<String> names() {
    return all.stream().map(held -> held.credential.name()).toList();
  }

  /** Whose APIs its credentials open. */
  public Set<Provider> providers() {
    return all.stream()
        .map(held -> held.credential.provider())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Those that rest, and until when, in their order. */
  public synchronized Map<Credential, Instant> resting() {
    Map<Credential, Instant> resting = new LinkedHashMap<>();
    for (Held held : all) {
      if (held.out.isEmpty() && !held.may(clock.instant())) {
        resting.put(held.credential, held.restsUntil);
      }
    }
    return resting;
  }

  /**
   * One to ask with in the place of those that refused, of the same kind: the least used that has
   * room. It is not granted, and must not be released.
   *
   * @param refused at least one
   */
  public synchronized Optional<Credential> instead(Set<Credential> refused) {
    Instant now = clock.instant();
    Set<Credential.Kind> kinds =
        refused.stream().map(Credential::kind).collect(Collectors.toUnmodifiableSet());
    return all.stream()
        .filter(held -> held.may(now) && held.used(now) < threshold)
        .filter(held -> !refused.contains(held.credential))
        .filter(held -> kinds.contains(held.credential.kind()))
        .min(Comparator.comparingInt(held -> held.users))
        .map(held -> held.credential);
  }

  /** Takes one out for good; the first reason counts. */
  public synchronized void retire(Credential credential, String reason) {
    Held held = held(credential);
    held.out = Optional.of(held.out.orElse(reason));
  }

  private Held held(Credential credential) {
    return all.stream()
        .filter(held -> held.credential.equals(credential))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(credential.name() + " is not of this pool"));
  }
}
