package dev.regatta.cli;

import dev.regatta.agent.Conclusion;
import dev.regatta.agent.Sign;
import dev.regatta.credential.Allowance;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.credential.Grant;
import dev.regatta.journal.Outcome;
import dev.regatta.provider.Provider;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Rest;
import dev.regatta.store.Store;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The credentials of a server's agents: found when the first agent needs them, shared by all as
 * long as the server lives, resting where a run or an agent met a limit. Safe for many threads.
 */
final class ServedCredentials {
  /** One that hit a limit without a word on when it ends rests this long. */
  private static final Duration USUAL = Duration.ofMinutes(1);

  /** Whatever names a later time is mistaken, or wants the server to stand still. */
  private static final Duration LONGEST = Duration.ofDays(8);

  private final Function<Provider, List<Credential>> source;
  private final Optional<RegattaHome> home;
  private final InstantSource clock;
  private final PrintStream err;
  private final Map<Provider, Held> held = new EnumMap<>(Provider.class);
  private int turn;

  private record Held(List<Credential> all, CredentialPool pool) {}

  /**
   * Credentials that nobody has looked for yet.
   *
   * @param source gives those that open a provider's API, or throws what is said for people
   * @param home where rests are shared with runs; empty where they are not the provider's own word
   * @param clock the wall clock, by which they rest
   */
  ServedCredentials(
      Function<Provider, List<Credential>> source,
      Optional<RegattaHome> home,
      InstantSource clock,
      PrintStream err) {
    this.source = source;
    this.home = home;
    this.clock = clock;
    this.err = err;
  }

  /**
   * One that opens that provider's API, until it is given back.
   *
   * @param wanted the name of the one that it must be
   * @throws CliFailure if none of that name is known, or none may be used now
   */
  synchronized Credential take(Provider provider, Optional<String> wanted) {
    Held known = held.computeIfAbsent(provider, this::find);
    bringRests(known);
    return wanted.isPresent()
        ? named(provider, known, wanted.get())
        : granted(provider, known.pool().grant(turn++, provider));
  }

  private Held find(Provider provider) {
    List<Credential> all = source.apply(provider);
    return new Held(all, new CredentialPool(all, clock));
  }

  private static Credential granted(Provider provider, Grant grant) {
    return switch (grant) {
      case Grant.Granted(Credential credential, boolean _) -> credential;
      case Grant.WaitUntil(Instant until) ->
          throw CliFailure.environment(
              "every credential of "
                  + provider.called()
                  + "'s rests until "
                  + until
                  + ": ask again then");
      case Grant.NoneLeft(String reason) ->
          throw CliFailure.environment(reason + ": start the server again with another");
    };
  }

  private static Credential named(Provider provider, Held known, String name) {
    Credential credential =
        known.all().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                CliFailure.usage(
                    "there is no credential '"
                        + name
                        + "' of "
                        + provider.called()
                        + "'s; there are "
                        + String.join(", ", known.pool().names())));
    if (!known.pool().may(credential)) {
      throw CliFailure.environment(
          name
              + known
                  .pool()
                  .restsUntil(credential)
                  .map(until -> " rests until " + until + ": ask again then")
                  .orElse(" was refused: leave out credential, or start the server with another"));
    }
    known.pool().retake(credential);
    return credential;
  }

  /** Runs share the store, and may have met a limit since the last look. */
  private void bringRests(Held known) {
    if (home.isEmpty()) {
      return;
    }
    try (Store store = Store.open(home.get())) {
      Map<String, Credential> all =
          known.all().stream()
              .collect(Collectors.toMap(each -> each.value().fingerprint(), Function.identity()));
      for (Rest rest : store.rests(clock.instant())) {
        Optional.ofNullable(all.get(rest.fingerprint()))
            .ifPresent(credential -> known.pool().rest(credential, rest.until()));
      }
    } catch (Store.StoreProblem e) {
      err.println("regatta: " + e.getMessage()); // without it the provider says it again
    }
  }

  /** What an agent printed about its credential's limits. */
  synchronized void heed(Credential credential, Sign sign) {
    switch (sign) {
      case Sign.Limited(Instant until) -> rest(credential, until, "the credential is at its limit");
      case Sign.Used(String limit, double share, Instant resets) -> {
        boolean _ = pool(credential).used(credential, new Allowance(limit, share, resets));
      }
      case Sign.ApiRetry _,
          Sign.Hopeless _,
          Sign.Answered _,
          Sign.Session _,
          Sign.ToolCalled _,
          Sign.ToolAnswered _ -> {
        // Nothing about a credential.
      }
    }
  }

  /**
   * Gives one back.
   *
   * @param conclusion how its agent ended; empty if it never began
   */
  synchronized void giveBack(Credential credential, Optional<Conclusion> conclusion) {
    CredentialPool pool = pool(credential);
    pool.release(credential);
    if (conclusion.isEmpty()) {
      return;
    }
    Conclusion known = conclusion.get();
    if (known.outcome() == Outcome.UNAUTHORIZED) {
      pool.retire(credential, known.reason());
    } else if (known.outcome() == Outcome.RATE_LIMITED && pool.may(credential)) {
      rest(credential, known.restUntil().orElse(clock.instant().plus(USUAL)), known.reason());
    }
  }

  private CredentialPool pool(Credential credential) {
    return Optional.ofNullable(held.get(credential.provider())).orElseThrow().pool();
  }

  private void rest(Credential credential, Instant named, String reason) {
    Instant latest = clock.instant().plus(LONGEST);
    Instant until = named.isAfter(latest) ? latest : named;
    pool(credential).rest(credential, until);
    if (home.isEmpty()) {
      return;
    }
    try (Store store = Store.open(home.get())) {
      store.rest(new Rest(credential.value().fingerprint(), credential.name(), until, reason));
    } catch (Store.StoreProblem e) {
      err.println("regatta: " + e.getMessage()); // this server knows it, and goes on
    }
  }
}
