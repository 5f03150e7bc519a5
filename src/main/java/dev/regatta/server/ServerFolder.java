package dev.regatta.server;

import dev.regatta.process.Leftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What one server keeps on disk while it lives. A lock in it tells a dead server from a living one:
 * the system lets go of it however a process ends.
 */
final class ServerFolder implements AutoCloseable {
  private static final String PREFIX = "serve-";
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lock;

  private ServerFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * A server that was killed.
   *
   * @param id its id
   * @param stopped processes that it had left
   */
  record Dead(String id, List<Long> stopped) {}

  /** A fresh one below that folder. */
  static ServerFolder make(Path servers) throws IOException {
    Path folder = servers.resolve(PREFIX + UUID.randomUUID().toString().substring(0, 8));
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ServerFolder made = new ServerFolder(folder, channel);
    try {
      channel.lock();
      // Written once it is locked: who finds an empty one leaves it to whoever makes it.
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return made;
    } catch (IOException e) {
      try (made) {
        throw e; // a full disk, for one
      }
    }
  }

  /** What its processes are marked with. */
  String id() {
    return String.valueOf(folder.getFileName());
  }

  Path path() {
    return folder;
  }

  /** Stops what servers left that were killed, and deletes their files. */
  static List<Dead> clearUp(Path servers) throws IOException {
    List<Dead> dead = new ArrayList<>();
    if (!Files.isDirectory(servers)) {
      return dead;
    }
    List<Path> folders;
    try (Stream<Path> all = Files.list(servers)) {
      folders = all.filter(path -> String.valueOf(path.getFileName()).startsWith(PREFIX)).toList();
    }
    for (Path folder : folders) {
      if (isDead(folder)) {
        String id = String.valueOf(folder.getFileName());
        dead.add(new Dead(id, Leftovers.ofTheDead().stopRun(id)));
        delete(folder);
      }
    }
    return dead;
  }

  private static boolean isDead(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      return held != null && channel.size() > 0;
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      return false; // a server of this process, or one that is just being made or ended
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  /** Deletes it. */
  @Override
  public void close() {
    try (lock) {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
