package dev.regatta.stress;

import dev.regatta.agent.JsonPath;
import dev.regatta.run.Visible;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** One thing that is looked for in the output of a task. */
public sealed interface ExpectedPattern {
  /** A text, its case ignored. */
  record Text(String text) implements ExpectedPattern {}

  /** A regular expression that must be found. */
  record Regex(String expression) implements ExpectedPattern {
    /** Checks the expression. */
    public Regex {
      compile(expression);
    }

    Pattern compiled() {
      return compile(expression);
    }
  }

  /** A number that a regular expression finds with its first group, held against bounds. */
  record Bounded(String expression, Bounds bounds) implements ExpectedPattern {
    /** Checks the expression. */
    public Bounded {
      if (compile(expression).matcher("").groupCount() == 0) {
        throw new IllegalArgumentException(
            "needs a group around the number: 'took (\\d+) s', for example");
      }
      if (bounds.none()) {
        throw new IllegalArgumentException("needs at_least or at_most");
      }
    }

    Pattern compiled() {
      return compile(expression);
    }
  }

  /** A value in output that is JSON, as a whole or by lines. */
  record Json(JsonPath path, ValueRule rule) implements ExpectedPattern {}

  /** For people, on one line. */
  default String shown() {
    return switch (this) {
      case Text(String text) -> "'" + Visible.line(text, 80) + "'";
      case Regex(String expression) -> "/" + Visible.line(expression, 80) + "/";
      case Bounded(String expression, Bounds bounds) ->
          "/" + Visible.line(expression, 80) + "/ " + bounds.words();
      case Json(JsonPath path, ValueRule rule) ->
          Visible.line(path.text(), 80) + " " + Visible.line(rule.words(), 80);
    };
  }

  private static Pattern compile(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "is no regular expression: " + Visible.line(e.getDescription(), 100), e);
    }
  }
}
