package dev.regatta.process;

/** A process could not be started; the message says which, why and what helps. */
public final class SpawnFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public SpawnFailed(String message) {
    super(message);
  }

  /** With a message for people and what lies behind it. */
  public SpawnFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
