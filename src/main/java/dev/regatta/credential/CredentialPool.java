package dev.regatta.credential;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gives out the credentials of a run. One that hit a limit rests until the time that the provider
 * named; one that was refused is out. Safe for many threads.
 */
public final class CredentialPool {
  private final List<Held> all = new ArrayList<>();
  private final InstantSource clock;

  private static final class Held {
    final Credential credential;
    int users;
    Instant restsUntil = Instant.MIN;

    /** Why it is out for good; empty while it is not. */
    Optional<String> out = Optional.empty();

    Held(Credential credential) {
      this.credential = credential;
    }
  }

  /**
   * A pool.
   *
   * @param credentials at least one
   * @param clock the wall clock, by which credentials rest
   */
  public CredentialPool(List<Credential> credentials, InstantSource clock) {
    if (credentials.isEmpty()) {
      throw new IllegalArgumentException("a pool needs at least one credential");
    }
    credentials.forEach(credential -> all.add(new Held(credential)));
    this.clock = clock;
  }

  /**
   * Grants the credential with the fewest users; among equals the one whose turn it is.
   *
   * @param task the task's number, from 0: the i-th task prefers the i-th credential
   */
  public synchronized Grant grant(int task) {
    Instant now = clock.instant();
    int size = all.size();
    List<Held> turn = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      turn.add(all.get(Math.floorMod(task + i, size)));
    }
    List<Held> usable = turn.stream().filter(held -> held.out.isEmpty()).toList();
    if (usable.isEmpty()) {
      return new Grant.NoneLeft(
          all.stream()
              .map(held -> held.credential.name() + " (" + held.out.orElseThrow() + ")")
              .collect(Collectors.joining(", ", "no credential is left: ", "")));
    }
    List<Held> rested = usable.stream().filter(held -> !held.restsUntil.isAfter(now)).toList();
    if (rested.isEmpty()) {
      return new Grant.WaitUntil(
          usable.stream()
              .map(held -> held.restsUntil)
              .min(Comparator.naturalOrder())
              .orElseThrow());
    }
    Held chosen = rested.stream().min(Comparator.comparingInt(held -> held.users)).orElseThrow();
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
