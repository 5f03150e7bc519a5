package dev.regatta.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The {@code .regatta} folder: all that Regatta keeps, for its owner only, and ignored by git.
 *
 * @param path where it is, absolute
 */
public record RegattaHome(Path path) {

  /** The folder cannot be used; the message names it, and says why and what helps. */
  public static final class HomeProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HomeProblem(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Makes the folder if it is not there.
   *
   * @throws HomeProblem if it cannot be made or written
   */
  public static RegattaHome open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path.getParent());
        Files.createDirectory(path, ownerOnly(path));
      }
      Path ignore = path.resolve(".gitignore");
      if (!Files.exists(ignore)) {
        Files.writeString(ignore, "*\n");
      }
      Files.createDirectories(path.resolve("runs"));
      return new RegattaHome(path);
    } catch (IOException e) {
      throw new HomeProblem(
          "the folder "
              + path
              + " cannot be used ("
              + reason(e)
              + "): it must be a folder you can write; --home DIR names another",
          e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException ignored -> "permission denied";
      case FileAlreadyExistsException ignored -> "a file is in the way";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Where a run keeps its files unless it was told otherwise. */
  public Path runFolder(String run) {
    return path.resolve("runs").resolve(run);
  }

  /** The store's file. */
  public Path database() {
    return path.resolve("regatta.db");
  }
}
