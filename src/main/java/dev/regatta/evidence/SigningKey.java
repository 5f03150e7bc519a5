package dev.regatta.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Set;
import java.util.UUID;

/**
 * The Ed25519 key with which this place signs its evidence (RFC 8032). It is made at first use and
 * readable by its owner only.
 */
public final class SigningKey {
  private static final String ALGORITHM = "Ed25519";
  private static final String PRIVATE = "PRIVATE KEY";

  private final PrivateKey secret;
  private final PublicKey open;

  private SigningKey(PrivateKey secret, PublicKey open) {
    this.secret = secret;
    this.open = open;
  }

  /** The key can't be used; the message says which file and why. */
  public static final class KeyProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyProblem(String message) {
      super(message);
    }
  }

  /**
   * The key in that folder, made if it has none.
   *
   * @param folder owner-only; it is made if it is missing
   * @throws KeyProblem if there is one that can't be read, or that others may read
   */
  public static SigningKey in(Path folder) {
    Path file = folder.resolve("evidence-ed25519.pem");
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        make(folder, file);
      }
      refuseOpenTo(file);
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuseOpenTo(Path file) throws IOException {
    if (!hasPermissions(file)) {
      return;
    }
    Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
    if (!PosixFilePermissions.fromString("rw-------").containsAll(allowed)) {
      throw new KeyProblem(
          file
              + ": others may read this key ("
              + PosixFilePermissions.toString(allowed)
              + "), so what it signed proves nothing: delete it, and a new one is made");
    }
  }

  /** Made whole beside its place and put there only if there is none yet: two may start at once. */
  private static void make(Path folder, Path file) throws IOException {
    Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
    Path fresh = folder.resolve("evidence-" + UUID.randomUUID() + ".part");
    Files.createFile(fresh, ownerOnly(fresh, "rw-------"));
    try {
      KeyPair pair = pair();
      Files.writeString(
          fresh,
          PublicKeys.pem(PRIVATE, pair.getPrivate().getEncoded())
              + PublicKeys.pem(pair.getPublic()),
          StandardOpenOption.TRUNCATE_EXISTING);
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      // Another start was quicker; its key is the one.
    } finally {
      Files.delete(fresh);
    }
  }

  private static boolean hasPermissions(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
    return hasPermissions(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform from 15 on has Ed25519", e);
    }
  }

  private static SigningKey read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    try {
      PrivateKey secret =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(PublicKeys.der(PRIVATE, text)));
      return new SigningKey(secret, PublicKeys.read(text));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new KeyProblem(
          file + " is no key of ours: " + e.getMessage() + "; delete it, and a new one is made");
    }
  }

  /** The key that others check with. */
  public PublicKey open() {
    return open;
  }

  byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs anything", e);
    }
  }
}
