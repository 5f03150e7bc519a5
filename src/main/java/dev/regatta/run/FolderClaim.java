package dev.regatta.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a folder that people named to one run at a time, also when the others have a home of their
 * own. The system lets go of it when this process ends, however it ends.
 */
public final class FolderClaim implements AutoCloseable {
  private static final String NAME = ".regatta.lock";

  private final Path file;
  private final FileChannel channel;

  private FolderClaim(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Makes the folder if it is not there, and claims it.
   *
   * @throws RunBusy if another run has it
   * @throws UncheckedIOException if it cannot be written
   */
  public static FolderClaim of(Path folder) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(NAME);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new RunBusy(folder);
      }
      return new FolderClaim(file, channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another run of this very process
    }
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
