package dev.regatta.cli;

import dev.regatta.ensemble.Extractor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** The options about what counts when answers are compared. */
public class ComparisonOptions {
  private static final Duration CHECK_LIMIT = Duration.ofMinutes(5);

  @Option(
      name = "extract",
      argument = "WHAT",
      description = "what counts for a consensus: last-line, number, $.path or a regex")
  @Nullable String extract;

  @OptionList(
      name = "check",
      valueSeparator = '\0',
      description = "a shell command that is run on each answer, which is its standard input")
  @Nullable List<String> checks;

  @Option(name = "check-timeout", argument = "S", description = "seconds a check may take (300)")
  @Nullable String checkTimeout;

  /** They themselves, as they were given. */
  List<String> words() {
    List<String> words =
        new ArrayList<>(Words.options("--extract", extract, "--check-timeout", checkTimeout));
    checks().forEach(check -> words.addAll(List.of("--check", check)));
    return words;
  }

  /** What of an answer counts for a consensus. */
  Extractor extractor() {
    try {
      return extract == null ? new Extractor.Whole() : Extractor.named(extract);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage("--extract: " + e.getMessage());
    }
  }

  /** The commands that are run on answers. */
  List<String> checks() {
    List<String> given = checks == null ? List.of() : checks;
    if (given.stream().anyMatch(String::isBlank)) {
      throw CliFailure.usage("--check must be a command for the shell, and one is blank");
    }
    return given;
  }

  /** How long one of them may take. */
  Duration checkLimit() {
    return Words.seconds("--check-timeout", checkTimeout).orElse(CHECK_LIMIT);
  }
}
