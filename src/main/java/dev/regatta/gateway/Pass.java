package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import java.util.Optional;

/**
 * What one attempt is let through with. Its {@link #placeholder} looks like a credential and is
 * good for nothing but this gateway, and only until the pass is closed.
 */
public final class Pass implements AutoCloseable {
  private final Gateway gateway;
  private final String attempt;
  private final Credential placeholder;
  private final Optional<String> expected;
  private volatile Credential credential;

  Pass(
      Gateway gateway,
      String attempt,
      Credential credential,
      Credential placeholder,
      Optional<String> expected) {
    this.gateway = gateway;
    this.attempt = attempt;
    this.credential = credential;
    this.placeholder = placeholder;
    this.expected = expected;
  }

  /** What the agent is given in place of the credential: of the same kind, under the same name. */
  public Credential placeholder() {
    return placeholder;
  }

  String attempt() {
    return attempt;
  }

  /** What its requests carry beyond the gateway now. */
  public Credential credential() {
    return credential;
  }

  /** From now on they carry another, because the one before was refused. */
  void carry(Credential instead) {
    credential = instead;
  }

  Optional<String> expected() {
    return expected;
  }

  /** From now on the placeholder is unknown, and exchanges that are still open are broken off. */
  @Override
  public void close() {
    gateway.revoke(this);
  }
}
