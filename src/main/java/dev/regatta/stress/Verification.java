package dev.regatta.stress;

import dev.regatta.run.CreatedFile;
import dev.regatta.run.Expect;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What must hold for a task to pass.
 *
 * @param marker as it is written, with {@code ${TIMESTAMP}} in it
 * @param patterns what is looked for in the output
 * @param match whether one pattern is enough
 * @param failureExpected whether the task must fail
 * @param saveOutput whether the older clients kept the output
 * @param files that must be there afterwards
 * @param description words for people
 * @param others fields that are not known, as they were written
 */
public record Verification(
    Optional<String> marker,
    List<ExpectedPattern> patterns,
    Match match,
    boolean failureExpected,
    boolean saveOutput,
    List<CreatedFile> files,
    Optional<String> description,
    Map<String, JsonNode> others) {
  /** How many of the patterns must be found. */
  public enum Match {
    /** One is enough; the rule of the older suites. */
    ANY,
    /** Each of them. */
    ALL
  }

  /** Copies the lists. */
  public Verification {
    patterns = List.copyOf(patterns);
    files = List.copyOf(files);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * What does not hold about the files, one sentence each.
   *
   * @param folder where the command ran
   */
  public List<String> fileFaults(Path folder) {
    return files.isEmpty()
        ? List.of()
        : new Expect(List.of(), Optional.empty(), files).check("", folder);
  }
}
