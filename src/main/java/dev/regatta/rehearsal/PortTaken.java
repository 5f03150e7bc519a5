package dev.regatta.rehearsal;

/** The port that the server was to listen at can't be had. The message says what to do. */
public final class PortTaken extends RuntimeException {
  private static final long serialVersionUID = 1;

  PortTaken(int port, Throwable cause) {
    super(
        "Port %d of 127.0.0.1 can't be used (%s). Stop what listens there, or choose another with --port (0 takes any free one)."
            .formatted(port, cause.getMessage()),
        cause);
  }
}
