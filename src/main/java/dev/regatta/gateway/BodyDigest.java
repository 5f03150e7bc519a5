package dev.regatta.gateway;

import dev.regatta.secret.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Length and SHA-256 of a body that passes by in pieces. A body in {@link #later} mode is held, up
 * to a bound, and digested when somebody has time for it: that of a usual request takes a
 * millisecond, which would be added to the time to its first byte.
 */
final class BodyDigest {
  private static final int MOST_HELD = 256 * 1024;

  private final MessageDigest digest = Sha256.begin();
  private final boolean later;
  private final List<byte[]> held = new ArrayList<>();
  private int heldBytes;
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
    if (!later || heldBytes + piece.remaining() > MOST_HELD) {
      catchUp();
      digest.update(piece.slice());
      return;
    }
    byte[] copy = new byte[piece.remaining()];
    piece.slice().get(copy);
    held.add(copy);
    heldBytes += copy.length;
  }

  /** Digests what is held, and holds it no longer. */
  synchronized void catchUp() {
    held.forEach(digest::update);
    held.clear();
    heldBytes = 0;
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
