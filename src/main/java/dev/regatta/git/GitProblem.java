package dev.regatta.git;

/** Git could not do it; the message is for people: what, where, and why by git's own words. */
public final class GitProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GitProblem(String message) {
    super(message);
  }
}
