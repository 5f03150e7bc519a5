package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.client.Request;

/** The exchanges that are going on. Safe for many threads. */
final class OpenExchanges {
  private final Map<ExchangeWitness, Optional<Request>> open = new HashMap<>();

  synchronized void began(ExchangeWitness witness) {
    open.put(witness, Optional.empty());
  }

  /** Whether it is still open. */
  synchronized boolean sending(ExchangeWitness witness, Request onward) {
    return open.replace(witness, Optional.of(onward)) != null;
  }

  synchronized void over(ExchangeWitness witness) {
    open.remove(witness);
    notifyAll();
  }

  /** Waits for those of a pass, and breaks off what is open after that. */
  void endAll(Pass pass, Duration patience) {
    for (ExchangeWitness witness : left(pass, patience)) {
      Optional<Request> onward = remove(witness);
      // Said first: what fails from now on fails for this, and only the first ending counts.
      try {
        witness.ended(Exchange.Ending.ATTEMPT_ENDED, "the attempt ended while it was open");
      } finally {
        onward.ifPresent(request -> request.abort(new IllegalStateException("the attempt ended")));
      }
    }
  }

  private synchronized Optional<Request> remove(ExchangeWitness witness) {
    Optional<Request> onward = open.remove(witness);
    return onward == null ? Optional.empty() : onward;
  }

  private synchronized List<ExchangeWitness> left(Pass pass, Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    List<ExchangeWitness> left = of(pass);
    try {
      for (long nanos = patience.toNanos();
          !left.isEmpty() && nanos > 0;
          nanos = until - System.nanoTime()) {
        wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
        left = of(pass);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever asks to stop gets what is open broken off
    }
    return left;
  }

  private List<ExchangeWitness> of(Pass pass) {
    return open.keySet().stream().filter(witness -> witness.pass() == pass).toList();
  }
}
