package dev.regatta.gateway;

import tools.jackson.databind.JsonNode;

/**
 * Looks in the text of a response for what a challenge asks for, while the response passes by. The
 * text comes in pieces; less of it is kept than what is looked for is long. The forms of the three
 * APIs tell themselves apart.
 */
final class ChallengeSearch {
  private final String expected;
  private String tail = "";
  private int block = -1;
  private boolean found;

  ChallengeSearch(String expected) {
    this.expected = expected;
  }

  /** Takes the JSON of an event, or of a whole message. */
  void read(JsonNode tree) {
    if (found) {
      return;
    }
    switch (tree.path("type").asString("")) {
      case "content_block_delta" ->
          part(tree.path("index").asInt(0), tree.path("delta"), "text_delta");
      case "message" -> parts(tree.path("content"), "text");
      case "response.output_text.delta" ->
          text(tree.path("output_index").asInt(0), tree.path("delta"));
      default -> {
        for (JsonNode item : tree.path("output")) {
          parts(item.path("content"), "output_text");
        }
        gemini(tree);
      }
    }
  }

  private void parts(JsonNode parts, String type) {
    int index = 0;
    for (JsonNode part : parts) {
      part(index++, part, type);
    }
  }

  /** What a tool gets is no answer, and neither is what the model thought. */
  private void part(int index, JsonNode part, String type) {
    if (type.equals(part.path("type").asString(""))) {
      text(index, part.path("text"));
    }
  }

  /** All of them continue one text; a response that was asked for as a whole may be several. */
  private void gemini(JsonNode tree) {
    if (tree.isArray()) {
      tree.forEach(this::gemini);
      return;
    }
    for (JsonNode part : tree.path("candidates").path(0).path("content").path("parts")) {
      if (!part.path("thought").asBoolean(false)) {
        text(0, part.path("text"));
      }
    }
  }

  private void text(int index, JsonNode text) {
    if (!text.isString()) {
      return;
    }
    String all = (index == block ? tail : "") + text.asString();
    block = index;
    found = found || all.contains(expected);
    tail = all.substring(Math.max(0, all.length() - expected.length() + 1));
  }

  boolean found() {
    return found;
  }
}
