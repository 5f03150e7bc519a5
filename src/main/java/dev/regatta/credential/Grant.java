package dev.regatta.credential;

import java.time.Instant;

/** What the pool answers to who wants a credential. */
public sealed interface Grant {
  /**
   * Here is one; it must be released.
   *
   * @param reused whether somebody else has it at the same time
   */
  record Granted(Credential credential, boolean reused) implements Grant {}

  /** All that are left rest; the first is rested then. */
  record WaitUntil(Instant until) implements Grant {}

  /** None will ever be granted again. */
  record NoneLeft(String why) implements Grant {}
}
