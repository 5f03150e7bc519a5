package dev.regatta.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A file that this process holds locked until it lets go, which also deletes it. When the process
 * ends otherwise the system lets go of the lock, and the file stays.
 *
 * <p>Whoever has the lock may delete the file, so a lock counts only when the file is still the one
 * at its place: else it is a lock on what another has deleted already.
 */
final class ClaimedFile implements AutoCloseable {
  // To close any channel of a file gives up every lock that this process has on it (fcntl(2)). So a
  // file that is claimed here is never opened again, not even to read it: the claim would end, and
  // the next command would take a living run for a dead one and stop it.
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();
  private static final int TRIES = 1000;
  private static final int TRIES_SIGNED = 50;
  private static final long BETWEEN_TRIES_NANOS = 1_000_000;

  private final Path file;
  private final Path identity;
  private final FileChannel channel;

  private ClaimedFile(Path file, Path identity, FileChannel channel) {
    this.file = file;
    this.identity = identity;
    this.channel = channel;
  }

  /**
   * Claims a file, and makes it if it is not there.
   *
   * @return empty if another has it, in this process or elsewhere
   */
  static Optional<ClaimedFile> made(Path file) throws IOException {
    Path identity = identity(file);
    if (!OURS.add(identity)) {
      return Optional.empty();
    }
    Optional<FileChannel> channel = Optional.empty();
    try {
      channel = lockMade(file);
    } finally {
      if (channel.isEmpty()) {
        OURS.remove(identity);
      }
    }
    return channel.map(held -> new ClaimedFile(file, identity, held));
  }

  /**
   * Claims a file that is there with something in it. An empty one is being made: whoever makes it
   * is about to lock it, and is not to be kept from that.
   *
   * @return empty if there is none, or another has it, in this process or elsewhere
   */
  static Optional<ClaimedFile> found(Path file) throws IOException {
    Optional<FileChannel> channel = Optional.empty();
    Path identity = identity(file);
    try {
      if (Files.size(file) == 0 || !OURS.add(identity)) {
        return Optional.empty();
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      channel = signed(lock(file));
    } catch (NoSuchFileException e) {
      channel = Optional.empty(); // its owner ended well just now
    } finally {
      if (channel.isEmpty()) {
        OURS.remove(identity);
      }
    }
    return channel.map(held -> new ClaimedFile(file, identity, held));
  }

  /** Let go of if there is nothing in it: it was made anew since it was seen with something. */
  private static Optional<FileChannel> signed(Optional<FileChannel> locked) throws IOException {
    if (locked.isPresent() && locked.get().size() == 0) {
      locked.get().close();
      return Optional.empty();
    }
    return locked;
  }

  /** Whether {@link #found} would claim it; it only looks, and needs no right to write. */
  static boolean free(Path file) throws IOException {
    Path identity = identity(file);
    if (!OURS.add(identity)) {
      return false;
    }
    try {
      BasicFileAttributes before = attributes(file);
      if (before.size() == 0) {
        return false;
      }
      // A shared lock is refused while another holds its own. What is empty now was made anew
      // since,
      // maybe with the number of the one that was deleted.
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
          FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
        return lock != null
            && channel.size() > 0
            && Objects.equals(before.fileKey(), attributes(file).fileKey());
      }
    } catch (OverlappingFileLockException e) {
      return false; // ours, under another name
    } catch (NoSuchFileException e) {
      return false; // its owner ended well just now
    } finally {
      OURS.remove(identity);
    }
  }

  /** Whether this process claims it, so that it must not be opened again. */
  static boolean isOurs(Path file) throws IOException {
    return OURS.contains(identity(file));
  }

  Path file() {
    return file;
  }

  /** What it holds, read through its own channel. */
  String text() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    long at = 0;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, at);
      if (read < 0) {
        break;
      }
      at += read;
    }
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }

  /** Has it hold that text and nothing else. */
  void write(String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    channel.truncate(bytes.remaining());
    long at = 0;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Deletes it and lets go of it, in this order: what is found there is nobody's otherwise. */
  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      OURS.remove(identity);
    }
  }

  /**
   * Tries again for a while: who only looks whether its owner lives has the lock for a moment.
   * Where nothing stands in it nobody has signed it, so all that can have it is somebody who looks.
   */
  private static Optional<FileChannel> lockMade(Path file) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        // Another's, or one that a dead one left: the lock tells.
      }
      try {
        Optional<FileChannel> held = lock(file);
        if (held.isPresent() || attempt >= (Files.size(file) == 0 ? TRIES : TRIES_SIGNED)) {
          return held;
        }
        LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
      } catch (NoSuchFileException e) {
        if (attempt == TRIES) {
          throw e;
        } // deleted by who had it until now: the next try makes a new one
      }
    }
  }

  /**
   * Locks a file that is there.
   *
   * @return empty if another has it
   * @throws NoSuchFileException if it is not there, or was deleted before it was locked
   */
  private static Optional<FileChannel> lock(Path file) throws IOException {
    Object before = attributes(file).fileKey();
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean ours = false;
    try {
      if (channel.tryLock() == null) {
        return Optional.empty();
      }
      if (!Objects.equals(before, attributes(file).fileKey())) {
        throw new NoSuchFileException(file.toString());
      }
      ours = true;
      return Optional.of(channel);
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // ours, under another name
    } finally {
      if (!ours) {
        channel.close();
      }
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  /** Its one name, however its folder is written. */
  private static Path identity(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    return Objects.requireNonNull(absolute.getParent())
        .toRealPath()
        .resolve(Objects.requireNonNull(absolute.getFileName()));
  }
}
