package dev.regatta.gateway;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks in the text of a response for what a challenge asks for, while the response passes by. The
 * text comes in pieces; less of it is kept than what is looked for is long.
 */
final class ChallengeSearch {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String expected;
  private String tail = "";
  private int block = -1;
  private boolean found;

  ChallengeSearch(String expected) {
    this.expected = expected;
  }

  /** Takes the JSON of an event, or of a whole message. */
  void read(byte[] bytes) {
    if (found) {
      return;
    }
    JsonNode tree;
    try {
      tree = JSON.readTree(bytes);
    } catch (JacksonException e) {
      return; // what isn't JSON is no text of a model's
    }
    switch (tree.path("type").asString("")) {
      case "content_block_delta" ->
          text(tree.path("index").asInt(0), tree.path("delta"), "text_delta");
      case "message" -> {
        int index = 0;
        for (JsonNode part : tree.path("content")) {
          text(index++, part, "text");
        }
      }
      default -> {}
    }
  }

  private void text(int index, JsonNode part, String type) {
    if (!type.equals(part.path("type").asString("")) || !part.path("text").isString()) {
      return; // what a tool gets is no answer
    }
    String all = (index == block ? tail : "") + part.path("text").asString();
    block = index;
    found = found || all.contains(expected);
    tail = all.substring(Math.max(0, all.length() - expected.length() + 1));
  }

  boolean found() {
    return found;
  }
}
