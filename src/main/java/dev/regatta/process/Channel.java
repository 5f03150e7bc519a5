package dev.regatta.process;

/** Where a child's bytes came from. */
public enum Channel {
  /** Standard output. */
  OUTPUT,
  /** Standard error. */
  ERROR
}
