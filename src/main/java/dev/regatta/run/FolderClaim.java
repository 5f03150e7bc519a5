package dev.regatta.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps a folder that people named to one run at a time, also when the others have a home of their
 * own. The system lets go of it when this process ends, however it ends.
 */
public final class FolderClaim implements AutoCloseable {
  private static final String NAME = ".regatta.lock";

  private final ClaimedFile file;

  private FolderClaim(ClaimedFile file) {
    this.file = file;
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
      return ClaimedFile.made(folder.resolve(NAME))
          .map(FolderClaim::new)
          .orElseThrow(() -> new RunBusy(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
