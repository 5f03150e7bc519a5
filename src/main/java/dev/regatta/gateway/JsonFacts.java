package dev.regatta.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Values as they stand in a response's JSON; what is of another kind or absurd was not told. */
final class JsonFacts {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LONGEST = 200;

  private JsonFacts() {}

  /** The JSON; a missing node for what is none, which says nothing: the agent gets it as it is. */
  static JsonNode tree(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  static @Nullable String text(JsonNode node, @Nullable String otherwise) {
    return node.isString() && node.asString().length() <= LONGEST ? node.asString() : otherwise;
  }

  static @Nullable Long count(JsonNode node, @Nullable Long otherwise) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= 0
        ? Long.valueOf(node.asLong())
        : otherwise;
  }
}
