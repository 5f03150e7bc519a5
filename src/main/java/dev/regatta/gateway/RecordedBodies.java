package dev.regatta.gateway;

import dev.regatta.secret.Redactor;
import java.nio.file.Path;

/**
 * Keeps the bodies of exchanges, for whoever wants to read what was said: each in a file of its own
 * that its owner alone may read, {@code ATTEMPT.NUMBER.request} and {@code .response}. Every byte
 * passes the redactor, so that a file may differ from the body whose digest the exchange has.
 */
public final class RecordedBodies {
  private final Path folder;
  private final Redactor redactor;

  /**
   * Into that folder.
   *
   * @param redactor knows what must not stand in it
   */
  public RecordedBodies(Path folder, Redactor redactor) {
    this.folder = folder;
    this.redactor = redactor;
  }

  RecordedBody request(String attempt, long exchange) {
    return body(attempt, exchange, "request");
  }

  RecordedBody response(String attempt, long exchange) {
    return body(attempt, exchange, "response");
  }

  private RecordedBody body(String attempt, long exchange, String side) {
    return new RecordedBody(folder.resolve(attempt + "." + exchange + "." + side), redactor);
  }
}
