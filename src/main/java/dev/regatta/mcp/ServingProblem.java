package dev.regatta.mcp;

/** The tools for agents can't be served; the message is for people. */
public final class ServingProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServingProblem(String message, Throwable cause) {
    super(message, cause);
  }
}
