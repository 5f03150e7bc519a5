package dev.regatta.cli;

import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what the program printed as JSON; anything after it is an error. */
final class Parsed {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Parsed() {}

  static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  /** One value a line. */
  static List<JsonNode> lines(String text) {
    return text.lines().map(Parsed::json).toList();
  }
}
