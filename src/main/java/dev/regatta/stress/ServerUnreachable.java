package dev.regatta.stress;

/** A server can't be talked to; the message says which, and why. */
public final class ServerUnreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerUnreachable(String message) {
    super(message);
  }
}
