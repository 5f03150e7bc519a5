package dev.regatta.journal;

/** A journal cannot be written or gone on with; the message names the file and why. */
public final class JournalBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JournalBroken(String message) {
    super(message);
  }

  JournalBroken(String message, Throwable cause) {
    super(message, cause);
  }
}
