package dev.regatta.cli;

/** A command cannot do what it was asked; the message is for people. */
final class CliFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CliFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static CliFailure usage(String message) {
    return new CliFailure(ExitCode.USAGE, message);
  }

  static CliFailure environment(String message) {
    return new CliFailure(ExitCode.ENVIRONMENT, message);
  }

  static CliFailure work(String message) {
    return new CliFailure(ExitCode.FAILED, message);
  }

  int exitCode() {
    return exitCode;
  }
}
