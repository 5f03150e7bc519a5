package dev.regatta.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folder in which the rehearsal agent reads and writes, and nowhere else. */
final class Workspace {
  private final Path folder;

  /**
   * The workspace of a folder.
   *
   * @param folder must exist
   */
  Workspace(Path folder) throws IOException {
    this.folder = folder.toRealPath();
  }

  /** What a tool said. */
  record Result(String text, boolean error) {}

  Path folder() {
    return folder;
  }

  /** Writes a file, and the folders above it. */
  Result write(String path, String content) {
    try {
      Path file = inside(path);
      if (file == null) {
        return outside(path);
      }
      Path above = file.getParent();
      if (above != null) {
        Files.createDirectories(above);
      }
      Files.writeString(file, content);
      return new Result("File created successfully at: " + path, false);
    } catch (IOException | InvalidPathException e) {
      return new Result("The file can't be written: " + e, true);
    }
  }

  /** Reads a file as text. */
  Result read(String path) {
    try {
      Path file = inside(path);
      return file == null ? outside(path) : new Result(Files.readString(file), false);
    } catch (IOException | InvalidPathException e) {
      return new Result("The file can't be read: " + e, true);
    }
  }

  // Links are followed first: one that leads out of the folder is no way out.
  private @Nullable Path inside(String path) throws IOException {
    Path file = folder.resolve(path).normalize();
    Path existing = file;
    while (existing != null && !Files.exists(existing)) {
      if (Files.isSymbolicLink(existing)) {
        return null;
      }
      existing = existing.getParent();
    }
    boolean within =
        existing != null && existing.toRealPath().startsWith(folder) && !file.equals(folder);
    return within ? file : null;
  }

  private Result outside(String path) {
    return new Result(path + " isn't inside the working folder " + folder, true);
  }
}
