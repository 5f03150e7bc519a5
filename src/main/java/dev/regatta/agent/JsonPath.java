package dev.regatta.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A path into JSON that an agent printed: {@code $}, then names and positions, as in {@code
 * $.items[0]['a name'].x}; a star is every one of them. That is the part of RFC 9535 that finds
 * values; filters are not in it.
 */
public final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.([A-Za-z_][A-Za-z0-9_-]*)|\\['([^']+)'\\]|\\[(\\d{1,9})\\]|(\\.\\*|\\[\\*\\])");

  private sealed interface Step {
    record Name(String name) implements Step {}

    record Position(int index) implements Step {}

    record Every() implements Step {}
  }

  private final String text;
  private final List<Step> steps;

  private JsonPath(String text, List<Step> steps) {
    this.text = text;
    this.steps = steps;
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if it is none, with the place where it stops being one
   */
  public static JsonPath of(String text) {
    if (!text.startsWith("$")) {
      throw new IllegalArgumentException("must begin with $, as in $.result");
    }
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(text);
    int at = 1;
    while (at < text.length()) {
      if (!step.region(at, text.length()).lookingAt()) {
        throw new IllegalArgumentException(
            "is no path from character "
                + (at + 1)
                + " on; steps are .name, ['name'], [0], .* and [*]");
      }
      steps.add(step(step));
      at = step.end();
    }
    return new JsonPath(text, List.copyOf(steps));
  }

  private static Step step(Matcher step) {
    if (step.group(4) != null) {
      return new Step.Every();
    }
    if (step.group(3) != null) {
      return new Step.Position(Integer.parseInt(step.group(3)));
    }
    return new Step.Name(step.group(1) != null ? step.group(1) : step.group(2));
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** The values that it leads to. */
  public Stream<JsonNode> values(JsonNode document) {
    Stream<JsonNode> values = Stream.of(document);
    for (Step step : steps) {
      values =
          values.flatMap(value ->
              switch (step) {
                case Step.Name(String name) -> value.optional(name).stream();
                case Step.Position(int index) -> value.optional(index).stream();
                case Step.Every() -> value.values().stream();
              });
    }
    return values;
  }
}
