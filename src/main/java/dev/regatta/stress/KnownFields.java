package dev.regatta.stress;

import dev.regatta.run.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The fields that the published schema names, and so those that it doesn't. */
final class KnownFields {
  private final JsonNode schema;

  KnownFields(JsonNode schema) {
    this.schema = schema;
  }

  /** Every field of a suite that the schema doesn't name. */
  List<Problem> unknown(JsonNode suite) {
    List<Problem> unknown = new ArrayList<>();
    walk(schema, suite, "", unknown);
    return unknown;
  }

  /** Those of one mapping, as they were written. */
  Map<String, JsonNode> others(JsonNode mapping, String definition) {
    JsonNode known = definition.isEmpty() ? schema : schema.path("$defs").path(definition);
    Map<String, JsonNode> others = new LinkedHashMap<>();
    mapping.properties().stream()
        .filter(field -> !known.path("properties").has(field.getKey()))
        .forEach(field -> others.put(field.getKey(), field.getValue()));
    return others;
  }

  private void walk(JsonNode part, JsonNode node, String place, List<Problem> unknown) {
    JsonNode rules = resolved(part);
    JsonNode known = rules.path("properties");
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String where = Problem.within(place, field.getKey());
      if (known.has(field.getKey())) {
        walk(known.path(field.getKey()), field.getValue(), where, unknown);
      } else if (rules.has("additionalProperties")) {
        walk(rules.path("additionalProperties"), field.getValue(), where, unknown);
      } else if (!known.isEmpty()) {
        unknown.add(new Problem(where, "is no field of a suite; it is kept and has no effect"));
      }
    }
    int at = 0;
    for (JsonNode item : node.isArray() ? node.values() : List.<JsonNode>of()) {
      walk(rules.path("items"), item, Problem.within(place, at++), unknown);
    }
  }

  private JsonNode resolved(JsonNode part) {
    String reference = part.path("$ref").asString("");
    return reference.isEmpty()
        ? part
        : schema.path("$defs").path(reference.substring(reference.lastIndexOf('/') + 1));
  }
}
