package dev.regatta.gateway;

import dev.regatta.secret.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Length and SHA-256 of a body that passes by in pieces. */
final class BodyDigest {
  private final MessageDigest digest = Sha256.begin();
  private long bytes;

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
      return Sha256.of((MessageDigest) digest.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
