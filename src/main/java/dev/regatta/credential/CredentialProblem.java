package dev.regatta.credential;

/** A credential cannot be had; the message names it, says why and what helps, never a value. */
public final class CredentialProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean missing;

  private CredentialProblem(String message, boolean missing) {
    super(message);
    this.missing = missing;
  }

  /** Something that the environment lacks. */
  static CredentialProblem missing(String message) {
    return new CredentialProblem(message, true);
  }

  /** Something that was asked for in a way that cannot be. */
  static CredentialProblem refused(String message) {
    return new CredentialProblem(message, false);
  }

  /** Whether the environment lacks something, rather than the request being wrong. */
  public boolean isMissing() {
    return missing;
  }
}
