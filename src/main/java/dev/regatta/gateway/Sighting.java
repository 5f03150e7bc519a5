package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import org.jspecify.annotations.Nullable;

/** What the gateway saw. */
public sealed interface Sighting {
  /**
   * A request whose credential is refused for a limit is asked with another.
   *
   * @param attempt the attempt whose request it is
   * @param exchange number of the exchange that was refused, or null if that credential was known
   *     to be refused before it was asked with
   * @param refused what it was asked with, or would have been
   * @param credential what it is asked with now
   * @param atNanos when, on the run's elapsed axis
   */
  record AskedAgain(
      String attempt,
      @Nullable Long exchange,
      Credential refused,
      Credential credential,
      long atNanos)
      implements Sighting {}

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
