package dev.regatta.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The check of one file that an attempt had to leave. */
final class FileCheck {
  /** The largest file whose content is looked at, in bytes. */
  static final int BOUND = 16 * 1024 * 1024;

  private FileCheck() {}

  /** What does not hold about this file, one sentence each. */
  static List<String> failures(CreatedFile expected, Path folder) {
    String shown = "file '" + Visible.line(expected.path(), 200) + "'";
    try {
      Path root = folder.toRealPath();
      Path file = root.resolve(expected.path()).toRealPath();
      if (!file.startsWith(root)) {
        return List.of(shown + " is a link that leaves the folder; it was not opened");
      }
      // A pipe or a device would be waited on for ever.
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return List.of(shown + " is not a regular file");
      }
      return content(expected, file, shown);
    } catch (NoSuchFileException e) {
      return List.of(shown + " is missing");
    } catch (IOException e) {
      return List.of(
          shown + " could not be read: " + Visible.line(String.valueOf(e.getMessage()), 200));
    }
  }

  private static List<String> content(CreatedFile expected, Path file, String shown)
      throws IOException {
    Optional<String> equals = expected.equals();
    if (equals.isEmpty() && expected.contains().isEmpty()) {
      return List.of();
    }
    byte[] content;
    // The real path is opened without following: a link put in its place since is an error.
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      content = in.readNBytes(BOUND + 1);
    }
    if (content.length > BOUND) {
      return List.of(shown + " is larger than 16 MB, so its content was not checked");
    }
    List<String> failures = new ArrayList<>();
    if (equals.isPresent()) {
      byte[] wanted = equals.get().getBytes(StandardCharsets.UTF_8);
      int difference = Arrays.mismatch(wanted, content);
      if (difference >= 0) {
        failures.add(
            "%s differs from what it must equal, first at byte %d (it has %d bytes, %d expected)"
                .formatted(shown, difference + 1, content.length, wanted.length));
      }
    }
    String text = new String(content, StandardCharsets.UTF_8);
    for (String part : expected.contains()) {
      if (!text.contains(part)) {
        failures.add(shown + " does not contain '" + Visible.line(part, 80) + "'");
      }
    }
    return failures;
  }
}
