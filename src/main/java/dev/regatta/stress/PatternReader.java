package dev.regatta.stress;

import dev.regatta.agent.JsonPath;
import dev.regatta.run.Problem;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** Makes a pattern of a text or a mapping that the schema has accepted. */
final class PatternReader {
  private static final List<String> KINDS = List.of("text", "regex", "number", "json");

  private PatternReader() {}

  /** What the schema could not see; its field is within the pattern, or empty. */
  static Optional<Problem> fault(JsonNode node) {
    if (node.isString()) {
      return Optional.empty();
    }
    List<String> kinds = KINDS.stream().filter(node::has).toList();
    if (kinds.size() != 1) {
      return Optional.of(new Problem("", "must have exactly one of text, regex, number and json"));
    }
    String kind = kinds.getFirst();
    Optional<String> surplus =
        List.of("equals", "contains", "at_least", "at_most").stream()
            .filter(node::has)
            .filter(field -> !takes(kind, field))
            .findFirst();
    if (surplus.isPresent()) {
      return Optional.of(new Problem(surplus.get(), "is not for a pattern with '" + kind + "'"));
    }
    try {
      read(node);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(new Problem(kind, String.valueOf(e.getMessage())));
    }
  }

  private static boolean takes(String kind, String field) {
    return switch (kind) {
      case "json" -> true;
      case "number" -> field.startsWith("at_");
      default -> false;
    };
  }

  /** The pattern. */
  static ExpectedPattern read(JsonNode node) {
    if (node.isString()) {
      return new ExpectedPattern.Text(node.asString());
    }
    if (node.has("text")) {
      return new ExpectedPattern.Text(node.path("text").asString());
    }
    if (node.has("regex")) {
      return new ExpectedPattern.Regex(node.path("regex").asString());
    }
    if (node.has("number")) {
      return new ExpectedPattern.Bounded(node.path("number").asString(), bounds(node));
    }
    return new ExpectedPattern.Json(JsonPath.of(node.path("json").asString()), rule(node));
  }

  private static ValueRule rule(JsonNode node) {
    Bounds bounds = bounds(node);
    int rules =
        (node.has("equals") ? 1 : 0) + (node.has("contains") ? 1 : 0) + (bounds.none() ? 0 : 1);
    if (rules > 1) {
      throw new IllegalArgumentException("has more than one of equals, contains and bounds");
    }
    if (node.has("equals")) {
      return new ValueRule.Equal(node.path("equals"));
    }
    if (node.has("contains")) {
      return new ValueRule.Containing(node.path("contains").asString());
    }
    return bounds.none() ? new ValueRule.Present() : new ValueRule.Within(bounds);
  }

  private static Bounds bounds(JsonNode node) {
    return new Bounds(number(node, "at_least"), number(node, "at_most"));
  }

  private static OptionalDouble number(JsonNode node, String field) {
    return node.has(field)
        ? OptionalDouble.of(node.path(field).asDouble())
        : OptionalDouble.empty();
  }
}
