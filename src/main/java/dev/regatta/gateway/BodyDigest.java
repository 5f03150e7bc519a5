package dev.regatta.gateway;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Length and SHA-256 of a body that passes by in pieces. */
final class BodyDigest {
  private final MessageDigest digest;
  private long bytes;

  BodyDigest() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Takes a piece; its position stays. */
  void accept(ByteBuffer piece) {
    bytes += piece.remaining();
    digest.update(piece.slice());
  }

  long bytes() {
    return bytes;
  }

  /** Of all so far, hexadecimal; more may follow. */
  String sha256() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
