package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import java.util.Map;

/** What the gateway saw. */
public sealed interface Sighting {
  /**
   * The head of a response came, be it the last of the answer's bytes or minutes before them.
   *
   * @param credential what it was asked with
   * @param status the HTTP status
   * @param headers the headers that tell limits and retries, by their lower-case names
   */
  record Began(Credential credential, int status, Map<String, String> headers) implements Sighting {
    /** Copies. */
    public Began {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * A request that was refused for a limit is asked again with another credential.
   *
   * @param attempt the attempt whose request it is
   * @param exchange number of the exchange that was refused
   * @param refused what it was asked with
   * @param credential what it is asked with now
   * @param atNanos when, on the run's elapsed axis
   */
  record AskedAgain(
      String attempt, long exchange, Credential refused, Credential credential, long atNanos)
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
