package dev.regatta.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file of a run that takes no more; the system's own words do not say which. */
final class Unwritable {
  private Unwritable() {}

  static UncheckedIOException of(Path file, IOException e) {
    String why =
        e instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : String.valueOf(e.getMessage());
    return new UncheckedIOException(file + " could not be written: " + why, e);
  }
}
