package dev.regatta.agent;

/** How far an agent may go without asking. */
public enum Permissions {
  /** What the agent allows by itself. */
  LEAST,
  /** It may change files. */
  ACCEPT_EDITS,
  /** It may do anything. */
  BYPASS
}
