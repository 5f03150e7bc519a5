package dev.regatta.stress;

import dev.regatta.agent.JsonPath;
import dev.regatta.run.BoundedSearch;
import dev.regatta.run.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks for patterns in the output of a task. */
final class OutputSearch {
  private static final int PLAIN =
      Pattern.LITERAL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

  private final String output;

  OutputSearch(String output) {
    this.output = output;
  }

  /** Whether and where that pattern is in it. */
  Sighting look(ExpectedPattern pattern) {
    return switch (pattern) {
      case ExpectedPattern.Text(String text) -> plain(pattern, text);
      case ExpectedPattern.Regex regex -> found(pattern, regex.compiled(), null);
      case ExpectedPattern.Bounded number -> found(pattern, number.compiled(), number.bounds());
      case ExpectedPattern.Json(JsonPath path, ValueRule rule) -> json(pattern, path, rule);
    };
  }

  private Sighting plain(ExpectedPattern pattern, String text) {
    Matcher matcher = Pattern.compile(text, PLAIN).matcher(output);
    return matcher.find() ? at(pattern, matcher.start()) : missing(pattern, "");
  }

  private Sighting found(ExpectedPattern pattern, Pattern expression, @Nullable Bounds bounds) {
    List<Sighting> first = new ArrayList<>();
    BoundedSearch.Found found =
        BoundedSearch.find(
            expression,
            output,
            match ->
                first.add(
                    bounds == null
                        ? at(pattern, match.start())
                        : number(pattern, String.valueOf(match.group(1)), bounds, match.start())));
    return switch (found) {
      case FOUND -> first.getFirst();
      case NOT_FOUND -> missing(pattern, "");
      case GIVEN_UP -> missing(pattern, "the search took too many steps; use a simpler expression");
    };
  }

  private Sighting number(ExpectedPattern pattern, String digits, Bounds bounds, int start) {
    String where = " at line " + line(start);
    try {
      double number = Double.parseDouble(digits);
      return bounds.hold(number)
          ? at(pattern, start)
          : missing(pattern, Bounds.plain(number) + where + " is not " + bounds.words());
    } catch (NumberFormatException e) {
      return missing(pattern, "'" + Visible.line(digits, 40) + "'" + where + " is no number");
    }
  }

  private Sighting json(ExpectedPattern pattern, JsonPath path, ValueRule rule) {
    List<JsonNode> values = new ArrayList<>();
    Predicate<JsonNode> holds =
        document -> {
          List<JsonNode> here = path.values(document).toList();
          values.addAll(here);
          return here.stream().anyMatch(rule::holds);
        };
    OptionalInt line = documentLine(holds);
    if (line.isPresent()) {
      return new Sighting(pattern.shown(), line, "");
    }
    return missing(
        pattern,
        values.isEmpty()
            ? "nothing is there"
            : "there is " + Visible.line(values.getLast().toString(), 60));
  }

  /** The line of the first document for which it holds: the whole output, or a line of it. */
  private OptionalInt documentLine(Predicate<JsonNode> holds) {
    List<JsonNode> whole = document(output);
    if (!whole.isEmpty()) {
      return holds.test(whole.getFirst()) ? OptionalInt.of(1) : OptionalInt.empty();
    }
    List<String> lines = output.lines().toList();
    for (int at = 0; at < lines.size(); at++) {
      if (document(lines.get(at)).stream().anyMatch(holds)) {
        return OptionalInt.of(at + 1);
      }
    }
    return OptionalInt.empty();
  }

  private static List<JsonNode> document(String text) {
    String start = text.stripLeading();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return List.of();
    }
    try {
      return List.of(JsonMapper.shared().readTree(text));
    } catch (JacksonException e) {
      return List.of(); // most lines of most programs are no JSON
    }
  }

  private Sighting at(ExpectedPattern pattern, int start) {
    return new Sighting(pattern.shown(), OptionalInt.of(line(start)), "");
  }

  private static Sighting missing(ExpectedPattern pattern, String detail) {
    return new Sighting(pattern.shown(), OptionalInt.empty(), detail);
  }

  private int line(int start) {
    return 1 + (int) output.chars().limit(start).filter(character -> character == '\n').count();
  }
}
