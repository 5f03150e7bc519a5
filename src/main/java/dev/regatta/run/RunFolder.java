package dev.regatta.run;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The folder of one run: its journal, its reports, each attempt's raw output and the folders in
 * which attempts work. A manifest lists what the run made, so that the next run in the same place
 * can clear that, and only that. While the run goes on, it lists its folders as a whole, because a
 * run that is killed can list no more; at its end it lists each file.
 */
public final class RunFolder {
  /** Name of the journal. */
  public static final String JOURNAL = "journal.jsonl";

  private static final String MANIFEST = "manifest.txt";
  private static final String MANIFEST_HEAD = "# made by regatta; the next run here removes it";
  private static final String WHOLE = "all of ";
  private static final String PART = ".part";
  private static final String ATTEMPTS = "attempts";
  private static final String WORK = "work";
  private static final String CONFIG = "config";
  private static final List<String> OWN_FOLDERS = List.of(ATTEMPTS, WORK, CONFIG);

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /** Something is in a run's way that no run made. */
  public static final class Taken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Taken(Path file) {
      super(
          Visible.line(file.toString(), 400)
              + " is in the way, and no earlier run made it: name another folder, or move it away");
    }
  }

  /** The same, for a run that makes no files but the journal and its attempts'. */
  public static RunFolder prepare(Path path) {
    return prepare(path, List.of());
  }

  /**
   * Makes the folder, or clears what an earlier run left in it.
   *
   * @param files names of the files that the run will make
   * @throws Taken if there is something else where the run's own files must go; nothing is changed
   * @throws UncheckedIOException if it cannot be written
   */
  public static RunFolder prepare(Path path, Collection<String> files) {
    RunFolder folder = prepareReports(path, files);
    try {
      folder.ownFolder(ATTEMPTS);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, of a folder for further reports alone: outputs stay where the run is. */
  public static RunFolder prepareReports(Path path, Collection<String> files) {
    try {
      Files.createDirectories(path);
      RunFolder folder = new RunFolder(path.toRealPath());
      folder.clearEarlier(files);
      Path manifest = Files.createFile(folder.path.resolve(MANIFEST));
      ownerOnly(manifest);
      Files.write(manifest, List.of(MANIFEST_HEAD, MANIFEST));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether it could be prepared, as far as that can be told without any change.
   *
   * @throws Taken if there is something else where the run's own files must go
   * @throws UncheckedIOException if it cannot be read
   */
  public static void refuseTaken(Path path, Collection<String> files) {
    try {
      if (Files.isDirectory(path)) {
        new RunFolder(path.toRealPath()).earlier(files);
      }
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

  /** Where what attempts print is kept, and the bodies of their calls, if these are. */
  Path attempts() {
    return path.resolve(ATTEMPTS);
  }

  /** Where an attempt's standard output is kept; the file exists only if it printed something. */
  public Path output(String attempt) {
    return path.resolve(ATTEMPTS).resolve(attempt + ".out");
  }

  /** That file, made anew and for its owner alone, to be written. */
  public OutputStream beginOutput(String attempt) throws IOException {
    Path file = output(attempt);
    OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ownerOnly(file); // while it is empty
    return out;
  }

  /** Where an attempt's standard error is kept; likewise. */
  public Path error(String attempt) {
    return path.resolve(ATTEMPTS).resolve(attempt + ".err");
  }

  /**
   * A folder for an attempt to work in.
   *
   * @throws UncheckedIOException also if it is there already: what lies in it would count
   */
  public Path work(String attempt) {
    try {
      return Files.createDirectory(ownFolder(WORK).resolve(attempt));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A configuration folder for the agents that use one credential. */
  public synchronized Path config(String credential) {
    try {
      return Files.createDirectories(ownFolder(CONFIG).resolve(credential));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of its own folders: the run that prepared it makes it, and finds none there. */
  private Path ownFolder(String name) throws IOException {
    Path folder = path.resolve(name);
    if (!listed().contains(WHOLE + name + "/")) {
      Files.createDirectory(folder);
      made(WHOLE + name + "/");
    }
    return folder;
  }

  /** The file that is to become the one of that name when it is whole; it must be a new one. */
  public Path begin(String name) throws IOException {
    Path part = Files.createFile(path.resolve(name + PART));
    made(name + PART);
    return part;
  }

  /** The same, of a file that its owner alone may read, as the journal. */
  public Path beginOwnerOnly(String name) throws IOException {
    Path part = begin(name);
    ownerOnly(part); // while it is empty
    return part;
  }

  /** Gives a file that was begun its name, which nothing else may have by now. */
  public void complete(String name) throws IOException {
    Files.move(path.resolve(name + PART), path.resolve(name));
    made(name);
  }

  /** Notes that the run has made its journal. */
  void madeJournal() {
    try {
      made(JOURNAL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Noted after it was made, so that a file that somebody else made meanwhile is never listed. */
  private void made(String line) throws IOException {
    Files.writeString(path.resolve(MANIFEST), line + "\n", StandardOpenOption.APPEND);
  }

  /** What the manifest lists; nothing if there is none, or if it is not ours. */
  private Set<String> listed() throws IOException {
    Path manifest = path.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)) {
      return Set.of();
    }
    // Somebody else's file of this name may hold anything, also what is no text.
    String text = new String(Files.readAllBytes(manifest), StandardCharsets.UTF_8);
    Set<String> lines = text.lines().collect(Collectors.toSet());
    return text.startsWith(MANIFEST_HEAD + "\n") ? lines : Set.of();
  }

  /**
   * Lists each file of the run, when nothing more will be made: what comes into its folders later
   * is somebody else's. A folder without a manifest of ours is left alone.
   *
   * @param names further files that the run made
   */
  public void recordManifest(Collection<String> names) {
    try {
      Set<String> known = new HashSet<>(listed());
      if (known.isEmpty()) {
        return;
      }
      if (known.contains(MANIFEST + PART)) {
        Files.deleteIfExists(path.resolve(MANIFEST + PART)); // of a run that was killed in here
      }
      known.addAll(names);
      TreeSet<String> lines = new TreeSet<>();
      for (String name : known) {
        if (!OWN_FOLDERS.contains(name)
            && name.indexOf('/') < 0
            && !name.startsWith("#")
            && Files.isRegularFile(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          lines.add(name);
        }
      }
      for (String own : OWN_FOLDERS) {
        if (known.contains(WHOLE + own + "/") || known.contains(own + "/")) {
          below(path.resolve(own)).stream()
              .filter(RunFolder::isOneLine)
              .forEach(found -> lines.add(line(found)));
        }
      }
      List<String> all = new ArrayList<>(List.of(MANIFEST_HEAD));
      all.addAll(lines);
      Files.write(beginOwnerOnly(MANIFEST), all);
      Files.move(
          path.resolve(MANIFEST + PART),
          path.resolve(MANIFEST),
          StandardCopyOption.REPLACE_EXISTING); // by a name: a kill leaves the one or the other
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A name that would forge a line is not listed, and then in the way of the next run. */
  private static boolean isOneLine(Path file) {
    return file.toString().chars().noneMatch(c -> c == '\n' || c == '\r');
  }

  private String line(Path file) {
    boolean folder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    return path.relativize(file) + (folder ? "/" : "");
  }

  /** It and all below it, without following links; nothing if it is not there. */
  private static List<Path> below(Path top) throws IOException {
    List<Path> found = new ArrayList<>();
    if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      return found;
    }
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            found.add(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            found.add(file); // a folder that may not be read
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /**
   * What stands where the run's own files will, if the manifest lists all of it. Nothing else is
   * looked at, whatever a manifest says: it is a file that others can write.
   */
  private List<Path> earlier(Collection<String> files) throws IOException {
    Set<String> listed = listed();
    List<String> names = new ArrayList<>(OWN_FOLDERS);
    names.addAll(List.of(JOURNAL, MANIFEST + PART));
    for (String file : files) {
      names.addAll(List.of(file, file + PART));
    }
    names.add(MANIFEST); // last: a kill before that leaves a list of what is left
    List<Path> earlier = new ArrayList<>();
    for (String name : names) {
      List<Path> found = below(path.resolve(name));
      boolean whole =
          listed.contains(WHOLE + name + "/")
              && !found.isEmpty()
              && line(found.getFirst()).endsWith("/");
      List<Path> strangers =
          whole ? List.of() : found.stream().filter(at -> !listed.contains(line(at))).toList();
      if (!strangers.isEmpty()) {
        throw new Taken(strangers.getLast()); // a file, where a folder with some is in the way
      }
      earlier.addAll(found.reversed()); // what a folder holds before the folder
    }
    return earlier;
  }

  private void clearEarlier(Collection<String> files) throws IOException {
    for (Path at : earlier(files)) {
      Files.deleteIfExists(at);
    }
  }

  /** Keeps the run's files to their owner: they hold prompts, answers and environments. */
  static void ownerOnly(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }
}
