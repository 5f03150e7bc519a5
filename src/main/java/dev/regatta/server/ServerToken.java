package dev.regatta.server;

import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

/**
 * What a client must know to be let in. It is made at first use, in a file of its owner's alone.
 */
public final class ServerToken {
  private static final int BYTES = 32;
  private static final String PREFIX = "regatta-";

  private final Path file;
  private final Secret value;
  private final byte[] digest;

  private ServerToken(Path file, Secret value) {
    this.file = file;
    this.value = value;
    this.digest = digest(value.reveal());
  }

  /**
   * The token in that folder, made if it has none.
   *
   * @param folder of the server; it is made if it is missing
   * @throws ServerProblem if others may read the file, or there is no token in it
   */
  public static ServerToken in(Path folder) {
    Path file = folder.resolve("token");
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        make(folder, file);
      }
      refuseOpenTo(file);
      String text = Files.readString(file).strip();
      if (!text.startsWith(PREFIX) || text.length() < PREFIX.length() + BYTES) {
        throw new ServerProblem(file + " holds no token: delete it, and a new one is made");
      }
      return new ServerToken(file, new Secret(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it lies. */
  public Path file() {
    return file;
  }

  /** What it is. */
  public Secret value() {
    return value;
  }

  /** Whether that is it; how long this takes says nothing of where they differ. */
  boolean is(String given) {
    return MessageDigest.isEqual(digest, digest(given));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Made whole beside its place and put there only if there is none yet: two may start at once. */
  private static void make(Path folder, Path file) throws IOException {
    Files.createDirectories(folder, only(folder, "rwx------"));
    Path fresh = folder.resolve("token-" + UUID.randomUUID() + ".part");
    Files.createFile(fresh, only(fresh, "rw-------"));
    try {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      Files.writeString(
          fresh, PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      // Another start was quicker; its token is the one.
    } finally {
      Files.delete(fresh);
    }
  }

  private static void refuseOpenTo(Path file) throws IOException {
    if (!posix(file)) {
      return;
    }
    Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
    if (!PosixFilePermissions.fromString("rw-------").containsAll(allowed)) {
      throw new ServerProblem(
          file
              + ": others may read this token ("
              + PosixFilePermissions.toString(allowed)
              + "): delete it, and a new one is made");
    }
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] only(Path file, String permissions) {
    return posix(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
