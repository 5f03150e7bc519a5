package dev.regatta.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A journal cannot be written or gone on with; the message names the file and why. */
public final class JournalBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JournalBroken(String message) {
    super(message);
  }

  JournalBroken(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * What could not be done to a file.
   *
   * @param done for example {@code written}
   */
  JournalBroken(Path file, String done, IOException cause) {
    this("the journal " + file + " could not be " + done + ": " + reason(cause), cause);
  }

  /** Many of these exceptions say nothing but the path, which the message has already. */
  private static String reason(IOException cause) {
    return switch (cause) {
      case NoSuchFileException ignored -> "there is no such file or folder";
      case AccessDeniedException ignored -> "permission denied";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }
}
