package dev.regatta.stress;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** What is heard of a command that a server runs. */
sealed interface Said {
  /** It began. */
  record Began(OptionalLong pid) implements Said {}

  /** It printed something. */
  record Printed(String text) implements Said {}

  /** The server gave some output up before it was read. */
  record Missed(String what) implements Said {}

  /**
   * It ended.
   *
   * @param code its exit code, below zero a signal's number; none if the server doesn't tell
   * @param reason why, in the server's word; empty if it has none
   */
  record Completed(OptionalInt code, String reason) implements Said {}

  /** The server did not start it. */
  record Refused(String reason) implements Said {}

  /** Nothing more will be heard of it. */
  record Lost(String reason) implements Said {}

  /** Whoever waits for it shall wait no longer. */
  record Abandoned() implements Said {}
}
