package dev.regatta.server;

/** The server can't start; the message says why and what helps. */
public final class ServerProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerProblem(String message) {
    super(message);
  }

  ServerProblem(String message, Throwable cause) {
    super(message, cause);
  }
}
