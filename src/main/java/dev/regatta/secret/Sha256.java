package dev.regatta.secret;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), and how it is written: hexadecimal, lower case. */
public final class Sha256 {
  private Sha256() {}

  /** A digest to be fed; for one thread. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The 64 digits of what a digest was fed, which begins anew. */
  public static String of(MessageDigest fed) {
    return HexFormat.of().formatHex(fed.digest());
  }

  /** The 64 digits of these bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(begin().digest(bytes));
  }
}
