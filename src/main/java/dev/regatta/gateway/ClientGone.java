package dev.regatta.gateway;

/** Writing a response to the agent failed. */
final class ClientGone extends Exception {
  private static final long serialVersionUID = 1;

  ClientGone(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
