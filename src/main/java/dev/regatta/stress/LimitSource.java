package dev.regatta.stress;

/** Where the limits of a task come from. */
public enum LimitSource {
  /** The task or its category says so. */
  SUITE,
  /** The suite's limit for tasks that have none. */
  DEFAULT,
  /** From how long it took before. */
  LEARNED
}
