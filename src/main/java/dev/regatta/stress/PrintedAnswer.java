package dev.regatta.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a printed output says that an agent answered: events of {@code claude} in JSON, one a line,
 * or its result alone. Anybody may have printed it.
 */
final class PrintedAnswer {
  private static final int MOST_PARTS = 10_000;

  private final List<Part> parts = new ArrayList<>();
  private Optional<String> session = Optional.empty();
  private Optional<String> result = Optional.empty();
  private boolean error;

  /**
   * Something that it claims.
   *
   * @param line where it was printed, from 1
   * @param tool the name of a tool that was called; empty for a text
   * @param text what was said, or the id of the call
   */
  record Part(int line, String tool, String text) {}

  private PrintedAnswer() {}

  static PrintedAnswer of(String output) {
    PrintedAnswer answer = new PrintedAnswer();
    int number = 0;
    for (String line : (Iterable<String>) output.lines()::iterator) {
      number++;
      if (line.startsWith("{")) {
        answer.take(number, line);
      }
    }
    return answer;
  }

  /** The agent's session, if it names one. */
  Optional<String> session() {
    return session;
  }

  /** All that it claims, in its order. */
  List<Part> parts() {
    return parts;
  }

  /** The answer itself, if it is marked as such. */
  Optional<String> result() {
    return result;
  }

  /** Whether the agent calls its result an error: then the words are the agent's own. */
  boolean error() {
    return error;
  }

  private void take(int number, String line) {
    JsonNode event;
    try {
      event = JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      return; // some other output
    }
    String type = event.path("type").asString("");
    if (type.equals("result")) {
      session(event);
      error = event.path("is_error").asBoolean(false);
      JsonNode text = event.path("result");
      if (text.isString() && !error) {
        result = Optional.of(text.stringValue());
        add(new Part(number, "", text.stringValue()));
      }
    } else if (type.equals("assistant")) {
      session(event);
      boolean own = event.path("message").path("model").asString("").startsWith("<");
      for (JsonNode block : event.path("message").path("content")) {
        if (!own) {
          take(number, block);
        }
      }
    }
  }

  private void take(int number, JsonNode block) {
    switch (block.path("type").asString("")) {
      case "text" -> add(new Part(number, "", block.path("text").asString("")));
      case "tool_use" ->
          add(new Part(number, block.path("name").asString("?"), block.path("id").asString("")));
      default -> {
        // Thoughts, and kinds that are not known.
      }
    }
  }

  private void session(JsonNode event) {
    if (session.isEmpty() && event.path("session_id").isString()) {
      session = Optional.of(event.path("session_id").stringValue());
    }
  }

  private void add(Part part) {
    if (!part.text().isBlank() && parts.size() < MOST_PARTS) {
      parts.add(part);
    }
  }
}
