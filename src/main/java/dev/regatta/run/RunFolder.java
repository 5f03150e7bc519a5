package dev.regatta.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The folder of one run: its journal, its reports, each attempt's raw output and the folders in
 * which attempts work. A manifest lists every file the run made, so that the next run in the same
 * place can clear those, and only those.
 */
public final class RunFolder {
  /** Name of the journal. */
  public static final String JOURNAL = "journal.jsonl";

  private static final String MANIFEST = "manifest.txt";
  private static final String MANIFEST_HEAD =
      "# files made by regatta; the next run here removes them";
  private static final List<String> OWN_FOLDERS = List.of("attempts", "work", "config");

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes the folder, or clears what an earlier run left in it.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public static RunFolder prepare(Path path) {
    try {
      Files.createDirectories(path);
      RunFolder folder = new RunFolder(path.toRealPath());
      folder.clearEarlier();
      Path attempts = folder.path.resolve("attempts");
      Files.createDirectories(attempts);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder that an earlier run left, to read or to go on in. */
  public static RunFolder of(Path path) {
    return new RunFolder(path);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** The journal's file. */
  public Path journal() {
    return path.resolve(JOURNAL);
  }

  /** Where an attempt's standard output is kept; the file exists only if it printed something. */
  public Path output(String attempt) {
    return path.resolve("attempts").resolve(attempt + ".out");
  }

  /** Where an attempt's standard error is kept; likewise. */
  public Path error(String attempt) {
    return path.resolve("attempts").resolve(attempt + ".err");
  }

  /** A fresh folder for an attempt to work in. */
  public Path work(String attempt) {
    return made(path.resolve("work").resolve(attempt));
  }

  /** A configuration folder for the agents that use one credential. */
  public Path config(String credential) {
    return made(path.resolve("config").resolve(credential));
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes down which files are the run's own: all under its own subfolders, the journal, and those
   * named.
   */
  public void recordManifest(Collection<String> names) {
    TreeSet<String> files = new TreeSet<>(names);
    files.add(JOURNAL);
    files.add(MANIFEST);
    try {
      for (String own : OWN_FOLDERS) {
        collect(path.resolve(own), files);
      }
      List<String> lines = new ArrayList<>(List.of(MANIFEST_HEAD));
      lines.addAll(files);
      Files.write(path.resolve(MANIFEST), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void collect(Path folder, Set<String> files) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = path.relativize(file).toString();
            if (name.indexOf('\n') < 0) { // a name that would forge a line is left where it is
              files.add(name);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // an agent's work may vanish while we look
          }
        });
  }

  /** Removes what the manifest lists, then the folders that this leaves empty. */
  private void clearEarlier() throws IOException {
    Path manifest = path.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    TreeSet<Path> folders = new TreeSet<>(Comparator.reverseOrder());
    for (String line : Files.readAllLines(manifest)) {
      Path file = path.resolve(line).normalize();
      if (line.startsWith("#") || line.isBlank() || !insideWithoutLinks(file)) {
        continue;
      }
      if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(file);
      }
      for (Path at = file.getParent(); at != null && !at.equals(path); at = at.getParent()) {
        folders.add(at);
      }
    }
    for (String own : OWN_FOLDERS) {
      emptyFolders(path.resolve(own), folders);
    }
    for (Path folder : folders) { // deepest first, as a longer path sorts after its beginning
      deleteIfEmpty(folder);
    }
  }

  private void emptyFolders(Path folder, Set<Path> folders) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var paths = Files.walk(folder)) {
      paths.filter(at -> Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)).forEach(folders::add);
    }
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try (var entries = Files.newDirectoryStream(folder)) {
      if (entries.iterator().hasNext()) {
        return;
      }
    } catch (java.nio.file.NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(folder);
  }

  /** A manifest is a file that others can write: it must not lead out of the folder. */
  private boolean insideWithoutLinks(Path file) {
    if (!file.startsWith(path) || file.equals(path)) {
      return false;
    }
    for (Path at = file.getParent(); at != null && !at.equals(path); at = at.getParent()) {
      if (Files.isSymbolicLink(at)) {
        return false;
      }
    }
    return true;
  }

  /** Keeps the run's files to their owner: they hold prompts, answers and environments. */
  static void ownerOnly(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }
}
