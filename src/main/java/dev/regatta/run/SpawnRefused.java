package dev.regatta.run;

/** An agent asked for others, and gets none; the message is for it to read. */
public final class SpawnRefused extends Exception {
  private static final long serialVersionUID = 1L;

  SpawnRefused(String reason) {
    super(reason);
  }

  /** Why, in one line. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
