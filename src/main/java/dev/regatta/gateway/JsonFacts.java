package dev.regatta.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values as they stand in a response's JSON; what is of another kind or absurd was not told. */
final class JsonFacts {
  private static final int LONGEST = 200;

  private JsonFacts() {}

  static @Nullable String text(JsonNode node, @Nullable String otherwise) {
    return node.isString() && node.asString().length() <= LONGEST ? node.asString() : otherwise;
  }

  static @Nullable Long count(JsonNode node, @Nullable Long otherwise) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= 0
        ? Long.valueOf(node.asLong())
        : otherwise;
  }
}
