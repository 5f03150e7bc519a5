package dev.regatta.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What must hold after an attempt for it to count; if it does not, the outcome is
 * verification-failed.
 *
 * @param contains texts that must all occur in the answer, in any order
 * @param matches a Java regular expression of which at least one match must be found in the answer
 * @param files files that must be there
 */
public record Expect(List<String> contains, Optional<String> matches, List<CreatedFile> files) {

  /** Checks that the expression can be compiled and that something is expected at all. */
  public Expect {
    contains = List.copyOf(contains);
    files = List.copyOf(files);
    if (contains.isEmpty() && matches.isEmpty() && files.isEmpty()) {
      throw new IllegalArgumentException(
          "an expectation must name at least one of contains, matches and files");
    }
    if (contains.contains("")) {
      throw new IllegalArgumentException(
          "an empty text is contained in everything; name a text to look for");
    }
    matches.ifPresent(Expect::compile);
  }

  /**
   * Checks an attempt. Reading is bounded, and no file outside of the folder is opened, also not
   * through a symbolic link.
   *
   * @param answer the agent's answer, or a command's standard output
   * @param folder the folder the attempt worked in
   * @return what does not hold, one sentence each, safe to show; empty if all holds
   */
  public List<String> check(String answer, Path folder) {
    List<String> failures = new ArrayList<>(answerFailures(answer));
    for (CreatedFile file : files) {
      failures.addAll(FileCheck.failures(file, folder));
    }
    return List.copyOf(failures);
  }

  /** What does not hold about the answer, one sentence each. */
  List<String> answerFailures(String answer) {
    List<String> failures = new ArrayList<>();
    for (String text : contains) {
      if (!answer.contains(text)) {
        failures.add("the answer does not contain '" + Visible.line(text, 80) + "'");
      }
    }
    matches.ifPresent(expression -> {
      switch (BoundedSearch.find(compile(expression), answer)) {
        case FOUND -> {}
        case NOT_FOUND ->
            failures.add("nothing in the answer matches '" + Visible.line(expression, 80) + "'");
        case GIVEN_UP ->
            failures.add(
                "the search for '"
                    + Visible.line(expression, 80)
                    + "' in the answer took too many steps; use a simpler expression");
      }
    });
    return List.copyOf(failures);
  }

  private static Pattern compile(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + Visible.line(expression, 80) + "' is no regular expression: " + e.getDescription(),
          e);
    }
  }
}
