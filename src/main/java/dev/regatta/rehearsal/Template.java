package dev.regatta.rehearsal;

import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Texts in which {@code ${1}} stands for what a group of a pattern found. */
final class Template {
  private static final Pattern GROUP = Pattern.compile("\\$\\{(\\d{1,4})\\}");

  private Template() {}

  /** The text with its groups filled in; a group that took no part is empty. */
  static String fill(String template, MatchResult found) {
    return GROUP
        .matcher(template)
        .replaceAll(place -> {
          String text = found.group(Integer.parseInt(place.group(1)));
          return text == null ? "" : Matcher.quoteReplacement(text);
        });
  }

  /** The tree with the groups of all its texts filled in. */
  static JsonNode fill(JsonNode tree, MatchResult found) {
    if (tree instanceof ObjectNode object) {
      ObjectNode filled = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(it -> filled.set(it.getKey(), fill(it.getValue(), found)));
      return filled;
    }
    if (tree instanceof ArrayNode array) {
      ArrayNode filled = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> filled.add(fill(item, found)));
      return filled;
    }
    return tree.isString()
        ? JsonNodeFactory.instance.stringNode(fill(tree.asString(), found))
        : tree;
  }

  /** The greatest group that the text names. */
  static OptionalInt greatestGroup(String template) {
    return GROUP.matcher(template).results().mapToInt(it -> Integer.parseInt(it.group(1))).max();
  }
}
