package dev.regatta.run;

import dev.regatta.process.KnownProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which runs have an orchestrator: a file for each in {@code .regatta/live}, locked by its
 * orchestrator as long as that lives. The system lets go of the lock when the process ends, however
 * it ends, so a file that can be locked belongs to a dead one; an empty one to a run that is just
 * being claimed. Nearly always the folder is empty, and looking costs nothing.
 */
public final class LiveRuns {
  private final Path folder;

  /** The live runs of a {@code .regatta} folder. */
  public LiveRuns(Path home) {
    this.folder = home.resolve("live");
  }

  /** A claim to be a run's orchestrator; closing it gives it up and says that all is in order. */
  public static final class Claim implements AutoCloseable {
    private final ClaimedFile held;

    private Claim(ClaimedFile held) {
      this.held = held;
    }

    /** Where others see it. */
    public Path file() {
      return held.file();
    }

    @Override
    public void close() {
      held.close();
    }
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
   * A run that goes on, in another process.
   *
   * @param run its id
   * @param folder its folder
   * @param orchestrator the process that carries it out
   */
  public record Living(String run, Path folder, KnownProcess orchestrator) {}

  /**
   * Claims a run for this process.
   *
   * @return empty if a living orchestrator has it
   */
  public Optional<Claim> claim(String run, Path runFolder, Optional<Path> cgroup) {
    try {
      Files.createDirectories(folder);
      Optional<ClaimedFile> held = ClaimedFile.made(folder.resolve(run));
      if (held.isPresent()) {
        sign(held.get(), runFolder, cgroup);
      }
      return held.map(Claim::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes down where the run is; a claim that cannot say it would help nobody, and is given up.
   */
  private static void sign(ClaimedFile held, Path runFolder, Optional<Path> cgroup)
      throws IOException {
    try {
      KnownProcess self = KnownProcess.self();
      held.write(
          runFolder
              + "\n"
              + cgroup.map(Path::toString).orElse("")
              + "\n"
              + self.pid()
              + " "
              + self.startTicks()
              + "\n");
    } catch (IOException | RuntimeException e) {
      try (held) {
        throw e;
      }
    }
  }

  /** The runs whose orchestrators died, each claimed. */
  public List<Dead> dead() {
    List<Dead> dead = new ArrayList<>();
    try {
      for (Path file : files()) {
        Optional<ClaimedFile> held = ClaimedFile.found(file);
        if (held.isPresent()) {
          dead.add(read(held.get()));
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
    try {
      for (Path file : files()) {
        if (ClaimedFile.free(file)) {
          abandoned.add(file.getFileName().toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    abandoned.sort(null);
    return abandoned;
  }

  /**
   * The ids of all runs that have an orchestrator, and of those whose orchestrator was killed and
   * that nobody has cleared up after yet. It opens no file, so it can be asked all the time.
   */
  public List<String> claimed() {
    try {
      return files().stream().map(file -> String.valueOf(file.getFileName())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a living orchestrator has that run, or is just claiming it; it only looks. */
  public boolean has(String run) {
    Path file = folder.resolve(run);
    try {
      return Files.exists(file) && !ClaimedFile.free(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The runs that have a living orchestrator now. */
  public List<Living> living() {
    List<Living> living = new ArrayList<>();
    try {
      for (Path file : files()) {
        living(file).ifPresent(living::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return living;
  }

  private static Optional<Living> living(Path file) throws IOException {
    List<String> lines;
    try {
      if (ClaimedFile.isOurs(file)) {
        return Optional.empty();
      }
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it ended just now
    }
    String[] words = lines.size() < 3 ? new String[0] : lines.get(2).split(" ");
    if (words.length != 2 || !words[0].matches("[0-9]{1,10}") || !words[1].matches("[0-9]{1,18}")) {
      return Optional.empty(); // being written, or of an older version
    }
    KnownProcess process = new KnownProcess(Long.parseLong(words[0]), Long.parseLong(words[1]));
    return process.lives()
        ? Optional.of(
            new Living(String.valueOf(file.getFileName()), Path.of(lines.getFirst()), process))
        : Optional.empty();
  }

  /**
   * Sees that nobody else has that run.
   *
   * @throws RunBusy if a living orchestrator has it
   */
  public void refuseLiving(String run) {
    if (has(run)) {
      throw new RunBusy(run);
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static Dead read(ClaimedFile held) throws IOException {
    List<String> lines = held.text().lines().toList();
    Optional<Path> cgroup =
        lines.size() > 1 && !lines.get(1).isEmpty()
            ? Optional.of(Path.of(lines.get(1)))
            : Optional.empty();
    String run = String.valueOf(held.file().getFileName());
    return new Dead(run, Path.of(lines.getFirst()), cgroup, new Claim(held));
  }
}
