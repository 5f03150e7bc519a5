package dev.regatta.gateway;

import dev.regatta.journal.Exchange;

/** What the gateway saw. */
public sealed interface Sighting {
  /** A request that went on to the model API, when it is over. */
  record Passed(Exchange exchange) implements Sighting {}

  /**
   * A request that did not go on.
   *
   * @param attempt the attempt whose pass it carried; empty if it had none that is valid
   * @param method the HTTP method
   * @param path the path, at most 200 characters of it
   * @param status what it was answered: 401 without a valid pass, 404 for a path that is not the
   *     model API's
   * @param atNanos when, on the run's elapsed axis
   */
  record Refused(String attempt, String method, String path, int status, long atNanos)
      implements Sighting {}
}
