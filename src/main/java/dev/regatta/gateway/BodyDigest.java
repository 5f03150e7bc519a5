package dev.regatta.gateway;

import dev.regatta.secret.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Length and SHA-256 of a body that passes by in pieces. A body in {@link #later} mode is held, up
 * to a bound, and digested when somebody has time for it: that of a usual request takes a
 * millisecond, which would be added to the time to its first byte.
 */
final class BodyDigest {
  private static final int MOST_HELD = 256 * 1024;

  private final MessageDigest digest = Sha256.begin();
  private final boolean later;
  private ByteArrayOutputStream held = new ByteArrayOutputStream(0);
  private long bytes;

  private BodyDigest(boolean later) {
    this.later = later;
  }

  /** One that digests what comes at once. */
  static BodyDigest now() {
    return new BodyDigest(false);
  }

  /** One that waits for {@link #catchUp}. */
  static BodyDigest later() {
    return new BodyDigest(true);
  }

  /** Takes a piece; its position stays. */
  synchronized void accept(ByteBuffer piece) {
    bytes += piece.remaining();
    if (!later || held.size() + piece.remaining() > MOST_HELD) {
      catchUp();
      digest.update(piece.slice());
      return;
    }
    byte[] copy = new byte[piece.remaining()];
    piece.slice().get(copy);
    held.writeBytes(copy);
  }

  /** Digests what is held, and holds it no longer. */
  synchronized void catchUp() {
    if (held.size() > 0) {
      digest.update(held.toByteArray());
      held = new ByteArrayOutputStream(0);
    }
  }

  synchronized long bytes() {
    return bytes;
  }

  /** Of all so far, hexadecimal; more may follow. */
  synchronized String sha256() {
    catchUp();
    try {
      return Sha256.of((MessageDigest) digest.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
