package dev.regatta.cli;

/** What the exit codes mean. */
final class ExitCode {
  /** It worked. */
  static final int OK = 0;

  /** The work failed. */
  static final int FAILED = 1;

  /** It was called in a wrong way. */
  static final int USAGE = 2;

  /** The environment lacks something. */
  static final int ENVIRONMENT = 3;

  /** It was interrupted. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
