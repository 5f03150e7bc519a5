package dev.regatta.run;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What changes when somebody writes to a file, and even when he then sets its time back: Linux and
 * macOS keep the time of the last change of a file's data about itself, which programs can't set.
 *
 * @param attributes the file's own number, its size, and its times
 */
record FileState(Map<String, Object> attributes) {
  private static final String LOOKED_AT =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
          ? "unix:dev,ino,size,lastModifiedTime,ctime"
          : "fileKey,size,lastModifiedTime,creationTime";

  /** How a file is now, links followed; empty if it is not there or can't be looked at. */
  static Optional<FileState> of(Path file) {
    try {
      return Optional.of(new FileState(Files.readAttributes(file, LOOKED_AT)));
    } catch (IOException e) {
      // What can't be looked at now is either made by the attempt, or is found out by its check.
      return Optional.empty();
    }
  }
}
