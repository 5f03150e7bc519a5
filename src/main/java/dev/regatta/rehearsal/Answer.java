package dev.regatta.rehearsal;

import java.util.ArrayList;
import java.util.List;
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
  // Unpaced text comes in pieces of this size, paced text token by token.
  private static final int PIECE = 24;
  private static final int TOKEN = 4;

  /** A tool to use. */
  record ToolUse(String id, String name, JsonNode input) {}

  /** A text in the pieces in which it is sent. */
  List<String> pieces(String whole) {
    int size = tokensPerSecond > 0 ? TOKEN : PIECE;
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < whole.length(); ) {
      int to = Math.min(from + size, whole.length());
      // A surrogate pair cut in two wouldn't survive UTF-8.
      to += to < whole.length() && Character.isLowSurrogate(whole.charAt(to)) ? 1 : 0;
      pieces.add(whole.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** Tokens it costs, at four characters each. */
  int tokens() {
    return tokens(tool.map(it -> it.input().toString()).orElse(text).length());
  }

  /** The usual rule of thumb for English text and JSON. */
  static int tokens(int characters) {
    return Math.max(1, characters / 4);
  }
}
