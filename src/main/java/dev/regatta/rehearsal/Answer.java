package dev.regatta.rehearsal;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What one request gets.
 *
 * @param messageId id of the message
 * @param seconds time before it
 * @param tokensPerSecond pace of its text; 0 is all at once
 * @param text what it says; empty if it asks for a tool
 * @param tool what it asks for
 * @param fault what goes wrong in its place
 */
record Answer(
    String messageId,
    double seconds,
    double tokensPerSecond,
    String text,
    Optional<ToolUse> tool,
    Optional<Fault> fault) {

  /** A tool to use. */
  record ToolUse(String id, String name, JsonNode input) {}

  /** Tokens it costs, at four characters each. */
  int tokens() {
    return tokens(tool.map(it -> it.input().toString()).orElse(text).length());
  }

  /** The usual rule of thumb for English text and JSON. */
  static int tokens(int characters) {
    return Math.max(1, characters / 4);
  }
}
