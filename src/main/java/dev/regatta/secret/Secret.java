package dev.regatta.secret;

import java.nio.charset.StandardCharsets;

/**
 * A value that is never shown: its text form, its equality and its hash say nothing but its
 * fingerprint.
 */
public final class Secret {
  private final String value;
  private final String fingerprint;

  /**
   * Wraps a value.
   *
   * @param value the token or key, not empty
   * @throws IllegalArgumentException if it is empty
   */
  public Secret(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a secret cannot be empty");
    }
    this.value = value;
    this.fingerprint = fingerprintOf(value);
  }

  /**
   * The value itself, for the environment of a child or the header of a request and for nothing
   * else.
   */
  public String reveal() {
    return value;
  }

  /** The first 12 hexadecimal digits of the value's SHA-256: enough to tell credentials apart. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The fingerprint that a value has. */
  public static String fingerprintOf(String value) {
    return Sha256.of(value.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "secret " + fingerprint;
  }
}
