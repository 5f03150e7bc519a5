package dev.regatta.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which runs have an orchestrator: a file for each in {@code .regatta/live}, locked by its
 * orchestrator as long as that lives. The system lets go of the lock when the process ends, however
 * it ends, so a file that can be locked belongs to a dead one. Nearly always the folder is empty,
 * and looking costs nothing.
 */
public final class LiveRuns {
  // To close any channel of a file gives up every lock that this process has on it (fcntl(2)). So a
  // file that is claimed here is not opened again: a look would end the claim, and the next command
  // would take a living run for a dead one and stop it.
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path folder;

  /** The live runs of a {@code .regatta} folder. */
  public LiveRuns(Path home) {
    this.folder = home.resolve("live");
  }

  /** A claim to be a run's orchestrator; closing it gives it up and says that all is in order. */
  public record Claim(Path file, FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try (channel) {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        OURS.remove(identity(file));
      }
    }
  }

  private static Path identity(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /**
   * A run whose orchestrator died.
   *
   * @param run its id
   * @param folder its folder
   * @param cgroup the control group it made, if any
   * @param claim held from now on, so that nobody else clears up after it at the same time
   */
  public record Dead(String run, Path folder, Optional<Path> cgroup, Claim claim) {}

  /**
   * Claims a run for this process.
   *
   * @return empty if a living orchestrator has it
   */
  public Optional<Claim> claim(String run, Path runFolder, Optional<Path> cgroup) {
    try {
      Files.createDirectories(folder);
      Optional<Claim> claim = lock(folder.resolve(run));
      if (claim.isPresent()) {
        String text = runFolder + "\n" + cgroup.map(Path::toString).orElse("") + "\n";
        claim.get().channel().write(StandardCharsets.UTF_8.encode(text), 0);
      }
      return claim;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The runs whose orchestrators died, each claimed. */
  public List<Dead> dead() {
    List<Dead> dead = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return dead;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Optional<Claim> claim = lock(file);
        if (claim.isPresent()) {
          dead.add(read(file, claim.get()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return dead;
  }

  /** The ids of the runs whose orchestrators died; it only looks, and claims and clears nothing. */
  public List<String> abandoned() {
    List<String> abandoned = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return abandoned;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (lockable(file)) {
          abandoned.add(file.getFileName().toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    abandoned.sort(null);
    return abandoned;
  }

  private static boolean lockable(Path file) throws IOException {
    // A shared lock is refused while an orchestrator holds its own, and needs no right to write.
    if (OURS.contains(identity(file))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // a run of this very process
    } catch (NoSuchFileException e) {
      return false; // it ended well just now
    }
  }

  private static Dead read(Path file, Claim claim) throws IOException {
    List<String> lines = Files.readAllLines(file);
    Path runFolder = Path.of(lines.isEmpty() ? "" : lines.get(0));
    Optional<Path> cgroup =
        lines.size() > 1 && !lines.get(1).isEmpty()
            ? Optional.of(Path.of(lines.get(1)))
            : Optional.empty();
    return new Dead(file.getFileName().toString(), runFolder, cgroup, claim);
  }

  private static Optional<Claim> lock(Path file) throws IOException {
    if (!OURS.add(identity(file))) {
      return Optional.empty(); // another run of this very process
    }
    Optional<Claim> claim = Optional.empty();
    try {
      claim = lockAnew(file);
    } finally {
      if (claim.isEmpty()) {
        OURS.remove(identity(file));
      }
    }
    return claim;
  }

  private static Optional<Claim> lockAnew(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // the same file under another name
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new Claim(file, channel));
  }
}
