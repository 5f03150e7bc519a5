package dev.regatta.evidence;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Transcript;
import java.util.List;
import java.util.Optional;

/**
 * What there is about one attempt's calls, from independent places.
 *
 * @param claims what the agent's own JSON says
 * @param transcript what it wrote into its files, if there is any
 * @param witnessed whether the gateway stood between it and the model API
 * @param exchanges what the gateway saw
 * @param retryWaitMs what the agent says it waited before repeated calls, which it counts as API
 *     time
 * @param prices what models cost, if costs are to be compared
 * @param challenge whether its answer held what it had to carry back; empty if nothing was asked
 */
public record Testimony(
    Claims claims,
    Optional<Transcript> transcript,
    boolean witnessed,
    List<Exchange> exchanges,
    long retryWaitMs,
    Optional<PriceTable> prices,
    Optional<Boolean> challenge) {

  /** Copies. */
  public Testimony {
    exchanges = List.copyOf(exchanges);
  }

  /** The exchanges that brought a message of a model. */
  List<Exchange> calls() {
    return exchanges.stream().filter(Exchange::broughtMessage).toList();
  }

  /** How long the requests for messages were open, added up, milliseconds. */
  long apiTimeMs() {
    return exchanges.stream()
            .filter(exchange -> exchange.asked().forMessage())
            .mapToLong(exchange -> exchange.times().endNanos() - exchange.times().startNanos())
            .sum()
        / 1_000_000;
  }

  /** Whether a model was seen to give the answer to the challenge that the agent gave. */
  boolean challengeSeen() {
    return challenge.equals(Optional.of(true))
        && calls().stream()
            .anyMatch(call ->
                call.answered() != null && Boolean.TRUE.equals(call.answered().holdsChallenge()));
  }

  /** Whether every call that was seen came to its end, so that sums can be compared. */
  boolean whole() {
    return calls().stream().allMatch(call -> call.ending() == Exchange.Ending.COMPLETE);
  }
}
