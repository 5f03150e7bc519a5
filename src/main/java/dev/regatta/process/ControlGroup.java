package dev.regatta.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A control group of Linux (cgroups(7), version 2) around one run: this process enters it before it
 * starts anything, and whatever is started inherits it, however it changes its session, its parent
 * or its environment.
 *
 * <p>It is what finds such processes after this one was killed. Where no group can be made, as in
 * most containers and for most users, a run goes on without.
 */
public final class ControlGroup implements AutoCloseable {
  private static final String PREFIX = "regatta-";
  private static final AtomicBoolean ENTERED = new AtomicBoolean();

  private final Path group;
  private final Path home;

  private ControlGroup(Path group, Path home) {
    this.group = group;
    this.home = home;
  }

  /**
   * Makes a group for a run and moves this process into it.
   *
   * @return empty where the system does not allow it, or while another run of this process has one
   */
  public static Optional<ControlGroup> enter(String run) {
    Optional<Path> home = own();
    if (home.isEmpty() || !ENTERED.compareAndSet(false, true)) {
      return Optional.empty();
    }
    Path group = home.get().resolve(PREFIX + run);
    try {
      Files.createDirectory(group);
      join(group);
      return Optional.of(new ControlGroup(group, home.get()));
    } catch (IOException e) {
      // Not allowed here: containment is weaker then, and `regatta doctor` says so.
      ENTERED.set(false);
      remove(group);
      return Optional.empty();
    }
  }

  /** Where it stands in the file system. */
  public Path path() {
    return group;
  }

  /**
   * Leaves the group, kills who is left in it and removes it.
   *
   * @return the ids of those that were killed
   */
  public List<Long> leave() {
    try {
      join(home);
    } catch (IOException e) {
      return List.of(); // we are still inside: killing the group would kill us
    } finally {
      ENTERED.set(false);
    }
    return kill(group);
  }

  @Override
  public void close() {
    leave();
  }

  /**
   * Kills all members of a group that a dead orchestrator made, and removes it.
   *
   * @param path as {@link #path} gave it then
   * @return the ids of those that were killed; empty too when there is no such group
   */
  public static List<Long> killAbandoned(Path path) {
    boolean ours = path.getFileName() != null && path.getFileName().toString().startsWith(PREFIX);
    boolean inside =
        own().filter(home -> home.startsWith(path)).isPresent(); // started by one of its members
    return ours && !inside && Files.isRegularFile(path.resolve("cgroup.kill"))
        ? kill(path)
        : List.of();
  }

  private static List<Long> kill(Path group) {
    List<Long> members = members(group);
    try {
      if (!members.isEmpty()) {
        Files.writeString(group.resolve("cgroup.kill"), "1");
      }
    } catch (IOException e) {
      return List.of(); // gone in the meantime, or a kernel before 5.14: the mark must do
    }
    remove(group);
    return members;
  }

  /** A group can be removed once its last member is gone, which takes a moment after a kill. */
  private static void remove(Path group) {
    for (int attempt = 0; attempt < 200; attempt++) {
      try {
        Files.deleteIfExists(group);
        return;
      } catch (IOException e) {
        try {
          Thread.sleep(5);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private static List<Long> members(Path group) {
    try {
      return Files.readAllLines(group.resolve("cgroup.procs")).stream()
          .map(Long::parseLong)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void join(Path group) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(ProcessHandle.current().pid()));
  }

  /** The folder of the group that this process is in. */
  private static Optional<Path> own() {
    try {
      Optional<String> mount =
          Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
              .filter(line -> line.contains(" - cgroup2 "))
              .map(line -> line.split(" ")[4])
              .findFirst();
      Optional<String> place =
          Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
              .filter(line -> line.startsWith("0::/"))
              .map(line -> line.substring(4))
              .findFirst();
      return mount.flatMap(root -> place.map(path -> Path.of(root).resolve(path)));
    } catch (IOException e) {
      return Optional.empty(); // not a Linux
    }
  }
}
