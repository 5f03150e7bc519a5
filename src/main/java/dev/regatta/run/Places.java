package dev.regatta.run;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Says where in the text problems are. The text is read a second time for it, which only a broken
 * file costs.
 */
public final class Places {
  private final JsonParser parser;
  private final Set<String> wanted;
  private final Map<String, TokenStreamLocation> found = new HashMap<>();

  private Places(JsonParser parser, Set<String> wanted) {
    this.parser = parser;
    this.wanted = wanted;
  }

  /** The problems as lines {@code FILE:LINE:COLUMN: FIELD: RULE}, in the order of the file. */
  static TaskFileProblem locate(TaskText text, List<Problem> problems) {
    return new TaskFileProblem(lines(text, problems));
  }

  /** The same lines, for those who show them otherwise. */
  public static List<String> lines(TaskText text, List<Problem> problems) {
    Set<String> wanted = problems.stream().map(Problem::field).collect(Collectors.toSet());
    try (JsonParser parser = text.parser()) {
      Places places = new Places(parser, wanted);
      parser.nextToken();
      places.walk("");
      return problems.stream()
          .sorted(Comparator.comparingLong(places::order))
          .map(problem -> places.line(text, problem))
          .distinct()
          .toList();
    }
  }

  private void walk(String field) {
    if (wanted.contains(field)) {
      found.putIfAbsent(field, parser.currentTokenLocation());
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String inner = Problem.within(field, parser.currentName());
        if (wanted.contains(inner)) {
          found.putIfAbsent(inner, parser.currentTokenLocation());
        }
        parser.nextToken();
        walk(inner);
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
        walk(Problem.within(field, index));
      }
    }
  }

  private long order(Problem problem) {
    TokenStreamLocation place = found.get(problem.field());
    return place == null ? 0 : (long) place.getLineNr() << 32 | place.getColumnNr();
  }

  private String line(TaskText text, Problem problem) {
    TokenStreamLocation place = found.get(problem.field());
    String at = place == null ? "" : ":" + place.getLineNr() + ":" + place.getColumnNr();
    String field = problem.field().isEmpty() ? "" : Visible.line(problem.field(), 200) + ": ";
    return text.label() + at + ": " + field + problem.rule();
  }
}
