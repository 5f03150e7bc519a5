package dev.regatta.process;

import java.util.Locale;

/** The signals that are sent to a child's group; numbers as on Linux (signal(7)). */
public enum Signal {
  /** What Ctrl-C sends. */
  INT(2),
  /** Cannot be refused. */
  KILL(9),
  /** The polite request to end. */
  TERM(15),
  /** Goes on after {@link #STOP}. */
  CONT(18),
  /** Pauses. */
  STOP(19);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** Its number. */
  public int number() {
    return number;
  }

  /**
   * What people call a signal.
   *
   * @param number of any signal
   * @return for example {@code signal 9 (KILL)}
   */
  public static String describe(int number) {
    String name =
        switch (number) {
          case 1 -> "HUP";
          case 2 -> "INT";
          case 3 -> "QUIT";
          case 4 -> "ILL";
          case 6 -> "ABRT";
          case 7 -> "BUS";
          case 8 -> "FPE";
          case 9 -> "KILL";
          case 11 -> "SEGV";
          case 13 -> "PIPE";
          case 14 -> "ALRM";
          case 15 -> "TERM";
          default -> "";
        };
    return name.isEmpty()
        ? "signal " + number
        : String.format(Locale.ROOT, "signal %d (%s)", number, name);
  }
}
