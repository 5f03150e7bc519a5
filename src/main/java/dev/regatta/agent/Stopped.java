package dev.regatta.agent;

/** Whether and why we stopped an attempt. */
public enum Stopped {
  /** It ended by itself. */
  NOT("not"),
  /** It ran longer than it may. */
  TIMED_OUT("timed-out"),
  /** Its first output did not come in time. */
  FIRST_OUTPUT_TIMED_OUT("first-output-timed-out"),
  /** It was silent longer than it may be. */
  STALLED("stalled"),
  /** Somebody stopped it. */
  CANCELLED("cancelled"),
  /** It printed a sign that going on is of no use. */
  HOPELESS("hopeless");

  private final String word;

  Stopped(String word) {
    this.word = word;
  }

  /** The word used in journals and messages. */
  public String word() {
    return word;
  }
}
