package dev.regatta.cli;

/** Standard output takes nothing any more: its reader has gone, or its disk is full. */
final class OutputGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean closedPipe;

  private OutputGone(String message, Throwable cause, boolean closedPipe) {
    super(message, cause);
    this.closedPipe = closedPipe;
  }

  static OutputGone of(java.io.IOException e) {
    String why = String.valueOf(e.getMessage());
    return new OutputGone(
        "standard output could not be written (" + why + "); send it somewhere else",
        e,
        why.contains("Broken pipe"));
  }

  /** Whether the reader has gone, as {@code head} does when it has seen enough. */
  boolean closedPipe() {
    return closedPipe;
  }
}
