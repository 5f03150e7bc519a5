package dev.regatta.stress;

import java.time.Duration;

/** How the process of a task ended. */
public sealed interface Ending {
  /** By itself. */
  record Exited(int code) implements Ending {}

  /** By a signal that was not ours. */
  record Signalled(int number) implements Ending {}

  /** It was stopped, because it took longer than it may. */
  record TimedOut(Duration limit) implements Ending {}

  /**
   * It was stopped, because it was silent for longer than it may be.
   *
   * @param limit the longest silence
   * @param begun whether it had printed anything before
   */
  record Stalled(Duration limit, boolean begun) implements Ending {}

  /** The server did not start it. */
  record Refused(String reason) implements Ending {}

  /** What became of it is not known: the server went away, or its answers made no sense. */
  record Lost(String reason) implements Ending {}

  /** It was stopped, because the whole run was. */
  record Interrupted() implements Ending {}

  /** The word that names it. */
  default String word() {
    return switch (this) {
      case Exited _ -> "exited";
      case Signalled _ -> "signalled";
      case TimedOut _ -> "timed-out";
      case Stalled _ -> "stalled";
      case Refused _ -> "refused";
      case Lost _ -> "lost";
      case Interrupted _ -> "interrupted";
    };
  }

  /** What an exit code of the protocol means: below zero it is a signal's number. */
  static Ending ofExitCode(int code) {
    return code < 0 ? new Signalled(-code) : new Exited(code);
  }
}
