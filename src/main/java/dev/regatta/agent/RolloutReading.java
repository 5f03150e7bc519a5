package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the lines of one file of a session of Codex. */
final class RolloutReading extends TranscriptLines {
  private static final String RECORD = "token_usage_record";

  private @Nullable String model;

  /** Adds what it finds to those messages. */
  RolloutReading(String session, Map<String, Transcript.Message> messages) {
    super(session, "\"type\":\"" + RECORD, messages);
  }

  @Override
  void event(JsonNode event) {
    JsonNode payload = event.path("payload");
    switch (Numbers.text(event, "type")) {
      case "session_meta" -> isOfThisSession(Numbers.text(payload, "session_id"));
      case "turn_context" -> {
        String named = text(payload, "model");
        model = named == null ? model : named;
      }
      case RECORD -> {
        if (isOfThisSession(Numbers.text(payload, "session_id"))) {
          record(payload, text(event, "timestamp"));
        }
      }
      case null, default -> {
        // Kinds of lines come and go with versions.
      }
    }
  }

  /** One response of the model. */
  private void record(JsonNode payload, @Nullable String at) {
    String id = text(payload, "response_id");
    if (id == null) {
      notWhole("it counts tokens without the response's id");
      return;
    }
    if (!hasRoomFor(id)) {
      return;
    }
    CodexUsage usage = CodexUsage.of(payload.path("usage"));
    messages()
        .put(
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
}
