package dev.regatta.evidence;

import dev.regatta.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Public Ed25519 keys in PEM (RFC 7468), and what is signed with them. */
public final class PublicKeys {
  private static final String PUBLIC = "PUBLIC KEY";
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private PublicKeys() {}

  /**
   * The key in a PEM text.
   *
   * @throws IllegalArgumentException if there is none, with the reason
   */
  public static PublicKey read(String pem) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(new X509EncodedKeySpec(der(PUBLIC, pem)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("it holds no Ed25519 public key", e);
    }
  }

  /** The key as PEM. */
  public static String pem(PublicKey key) {
    return pem(PUBLIC, key.getEncoded());
  }

  static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  static byte[] der(String label, String pem) {
    String begin = "-----BEGIN " + label + "-----";
    int start = pem.indexOf(begin);
    int end = pem.indexOf("-----END " + label + "-----");
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("it holds no PEM block '" + label + "'");
    }
    return Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end).strip());
  }

  /** What a key is called: the SHA-256 of its encoding, hexadecimal. */
  public static String id(PublicKey key) {
    return Sha256.of(key.getEncoded());
  }

  static boolean signed(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // a signature of a wrong form is none
    }
  }
}
