package dev.regatta.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says for people why something with a file failed; the exceptions' own texts are for programs. */
final class Reasons {
  private Reasons() {}

  /** The reason, with the file where that is known. */
  static String withFile(IOException e) {
    return e instanceof FileSystemException file && file.getFile() != null
        ? file.getFile() + ": " + of(e)
        : of(e);
  }

  /** The reason alone. */
  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException ignored -> "there is no such file or folder";
      case AccessDeniedException ignored -> "permission denied";
      case FileAlreadyExistsException ignored -> "a file of that name is in the way";
      case NotDirectoryException ignored -> "it is not a folder";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
