package dev.regatta.cli;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Event;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Rest;
import dev.regatta.store.Store;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Carries the rests of credentials from one run to the next, so that none begins by asking with
 * what the provider has refused until a time. Closing it waits until all are kept.
 */
final class SharedRests implements Consumer<Event>, AutoCloseable {
  private final RegattaHome home;
  private final List<Credential> credentials;
  private final PrintStream err;

  /** One after another, and in nobody's way: rests begin on threads that carry others' answers. */
  private final ExecutorService keeping =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("shared-rests").factory());

  SharedRests(RegattaHome home, List<Credential> credentials, PrintStream err) {
    this.home = home;
    this.credentials = List.copyOf(credentials);
    this.err = err;
  }

  /** Lets those rest that earlier runs found at their limit, and says so. */
  void bringInto(CredentialPool pool, Instant now) {
    List<Rest> rests;
    try (Store store = Store.open(home)) {
      rests = store.rests(now);
    } catch (Store.StoreProblem e) {
      err.println("regatta: " + e.getMessage()); // without it the provider says it again
      return;
    }
    for (Rest rest : rests) {
      credentials.stream()
          .filter(held -> held.value().fingerprint().equals(rest.fingerprint()))
          .findFirst()
          .ifPresent(held -> {
            pool.rest(held, rest.until());
            err.println(
                "regatta: " + held.name() + " rests until " + rest.until() + ": " + rest.reason());
          });
    }
  }

  /** Keeps a rest that has just begun; returns before it is kept. */
  @Override
  public void accept(Event event) {
    if (event instanceof Event.CredentialRested rested && rested.until() != null) {
      credentials.stream()
          .filter(held -> held.name().equals(rested.credential()))
          .findFirst()
          .ifPresent(held -> {
            Instant until = Instant.parse(rested.until());
            keeping.execute(() -> keep(held, until, rested.reason()));
          });
    }
  }

  private void keep(Credential credential, Instant until, String reason) {
    try (Store store = Store.open(home)) {
      store.rest(new Rest(credential.value().fingerprint(), credential.name(), until, reason));
    } catch (Store.StoreProblem e) {
      err.println("regatta: " + e.getMessage()); // this run knows it, and goes on
    }
  }

  @Override
  public void close() {
    keeping.close();
  }
}
