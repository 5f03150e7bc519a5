package dev.regatta.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The {@code .regatta} folder: all that Regatta keeps, for its owner only, and ignored by git.
 *
 * @param path where it is, absolute
 */
public record RegattaHome(Path path) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** The folder cannot be used; the message names it, and says why and what helps. */
  public static final class HomeProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HomeProblem(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Makes the folder if it is not there. One that is empty is taken over: it becomes the owner's
   * alone and is ignored by git. One that holds other things already is used as it is.
   *
   * @throws HomeProblem if it cannot be made or written
   */
  public static RegattaHome open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      make(path);
      if (empty(path)) {
        takeOver(path);
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

  private static void make(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    Files.createDirectories(path.getParent());
    try {
      Files.createDirectory(path, ownerOnly(path));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw e;
      } // else another process made it meanwhile
    }
  }

  private static boolean empty(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }

  private static void takeOver(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null && !view.readAttributes().permissions().equals(OWNER_ONLY)) {
      view.setPermissions(OWNER_ONLY);
    }
    Files.writeString(path.resolve(".gitignore"), "*\n");
  }

  private static String reason(IOException e) {
    return switch (e) {
      case FileAlreadyExistsException ignored -> "a file of that name is there";
      case AccessDeniedException ignored -> "permission denied";
      case NoSuchFileException ignored -> "it cannot be made there";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
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
