package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import dev.regatta.process.LineSplitter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the lines of one file of a session of Codex. */
final class RolloutReading {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int MOST_MESSAGES = 10_000;
  private static final int LONGEST_TEXT = 200;
  private static final String RECORD = "token_usage_record";

  private final String session;
  private final Map<String, Transcript.Message> messages;
  private @Nullable String model;
  private String fault = "";

  /** Adds what it finds to those messages. */
  RolloutReading(String session, Map<String, Transcript.Message> messages) {
    this.session = session;
    this.messages = messages;
  }

  /** Why it could not be read whole; empty if it could. */
  String fault() {
    return fault;
  }

  void line(LineSplitter.Line line) {
    if (line.text().isBlank()) {
      return;
    }
    if (line.cut()) {
      // A tool's result may be as long as it likes; what counts tokens is short.
      fault = line.text().contains("\"type\":\"" + RECORD) ? "a line is too long" : fault;
      return;
    }
    try {
      event(MAPPER.readTree(line.text()));
    } catch (JacksonException e) {
      fault = "a line is not JSON";
    }
  }

  private void event(JsonNode event) {
    JsonNode payload = event.path("payload");
    switch (Numbers.text(event, "type")) {
      case "session_meta" -> ofThisSession(payload);
      case "turn_context" -> {
        String named = text(payload, "model");
        model = named == null ? model : named;
      }
      case RECORD -> {
        if (ofThisSession(payload)) {
          record(payload, text(event, "timestamp"));
        }
      }
      case null, default -> {
        // Kinds of lines come and go with versions.
      }
    }
  }

  private boolean ofThisSession(JsonNode payload) {
    boolean same = session.equals(Numbers.text(payload, "session_id"));
    fault = same ? fault : "it holds lines of another session";
    return same;
  }

  /** One response of the model. */
  private void record(JsonNode payload, @Nullable String at) {
    String id = text(payload, "response_id");
    if (id == null) {
      fault = "it counts tokens without the response's id";
      return;
    }
    if (messages.size() >= MOST_MESSAGES && !messages.containsKey(id)) {
      fault = "only its first " + MOST_MESSAGES + " messages were read";
      return;
    }
    CodexUsage usage = CodexUsage.of(payload.path("usage"));
    messages.put(
        id,
        new Transcript.Message(
            id,
            null,
            model,
            at,
            null,
            usage.input(),
            usage.output(),
            usage.cacheRead(),
            usage.cacheCreation()));
  }

  private static @Nullable String text(JsonNode parent, String field) {
    String text = Numbers.text(parent, field);
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
