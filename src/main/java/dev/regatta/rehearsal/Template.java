package dev.regatta.rehearsal;

import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Texts in which {@code ${1}} stands for what a group of a pattern found, and {@code ${result}} for
 * what a tool said; in a tree, a text that is nothing but {@code ${json:1}} stands for the JSON
 * that a group found.
 */
final class Template {
  private static final Pattern GROUP = Pattern.compile("\\$\\{(?:json:)?(\\d{1,4})\\}");
  private static final Pattern JSON = Pattern.compile("\\$\\{json:(\\d{1,4})\\}");
  private static final Pattern PLACE = Pattern.compile("\\$\\{(?:(\\d{1,4})|(result))\\}");

  private Template() {}

  /** The text with its groups filled in; a group that took no part is empty. */
  static String fill(String template, MatchResult found, String result) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> {
          String text =
              place.group(2) == null ? found.group(Integer.parseInt(place.group(1))) : result;
          return text == null ? "" : Matcher.quoteReplacement(text);
        });
  }

  /** The tree with the groups of all its texts filled in. */
  static JsonNode fill(JsonNode tree, MatchResult found, String result) {
    if (tree instanceof ObjectNode object) {
      ObjectNode filled = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(it -> filled.set(it.getKey(), fill(it.getValue(), found, result)));
      return filled;
    }
    if (tree instanceof ArrayNode array) {
      ArrayNode filled = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> filled.add(fill(item, found, result)));
      return filled;
    }
    return tree.isString() ? text(tree.asString(), found, result) : tree;
  }

  private static JsonNode text(String template, MatchResult found, String result) {
    Matcher json = JSON.matcher(template);
    if (!json.matches()) {
      return JsonNodeFactory.instance.stringNode(fill(template, found, result));
    }
    String text = found.group(Integer.parseInt(json.group(1)));
    try {
      return JsonMapper.shared().readTree(text == null ? "null" : text);
    } catch (JacksonException e) {
      return JsonNodeFactory.instance.stringNode(text); // a prompt may hold what it likes
    }
  }

  /** The greatest group that the text names. */
  static OptionalInt greatestGroup(String template) {
    return GROUP.matcher(template).results().mapToInt(it -> Integer.parseInt(it.group(1))).max();
  }
}
