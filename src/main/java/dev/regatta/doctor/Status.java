package dev.regatta.doctor;

/** How a finding is meant. */
public enum Status {
  /** As it should be. */
  OK,
  /** Good to know; nothing has to be done. */
  INFO,
  /** It works, but not as well as it could. */
  WARN,
  /** Something will fail because of it. */
  FAIL
}
