package dev.regatta.run;

import java.util.List;
import java.util.Optional;

/**
 * A file that must be there when an attempt has ended.
 *
 * @param path relative to the task's folder, and within it
 * @param contains texts that must all occur in the file, in any order; none if only its being there
 *     counts
 * @param equals what the file must hold, byte for byte in UTF-8
 */
public record CreatedFile(String path, List<String> contains, Optional<String> equals) {

  /** Checks the path. */
  public CreatedFile {
    contains = List.copyOf(contains);
    String named = path;
    RelativePath.fault(named)
        .ifPresent(fault -> {
          throw new IllegalArgumentException(
              "file '" + Visible.of(named) + "' " + fault + "; name a file below it");
        });
    if (path.endsWith("/")) {
      throw new IllegalArgumentException(
          "file '" + Visible.of(path) + "' is named like a folder; leave out the last '/'");
    }
  }
}
