package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads the lines of one transcript of {@code claude}. */
final class TranscriptReading extends TranscriptLines {
  /** Adds what it finds to those messages. */
  TranscriptReading(String session, Map<String, Transcript.Message> messages) {
    super(session, "\"type\":\"assistant\"", messages);
  }

  @Override
  void event(JsonNode event) {
    JsonNode message = event.path("message");
    String id = text(message, "id");
    if (!"assistant".equals(Numbers.text(event, "type")) || id == null) {
      return; // kinds of lines come and go with versions
    }
    if (isOfThisSession(Numbers.text(event, "sessionId"))
        && !message.path("usage").isMissingNode()
        && !isOfTheCliItself(message)
        && hasRoomFor(id)) {
      messages().merge(id, read(event, message, id), (first, last) -> last.since(first.at()));
    }
  }

  /** An error is told as a message that no model wrote. */
  private static boolean isOfTheCliItself(JsonNode message) {
    String model = Numbers.text(message, "model");
    return model != null && model.startsWith("<");
  }

  private static Transcript.Message read(JsonNode event, JsonNode message, String id) {
    JsonNode usage = message.path("usage");
    return new Transcript.Message(
        id,
        text(event, "requestId"),
        text(message, "model"),
        text(event, "timestamp"),
        text(message, "stop_reason"),
        Numbers.count(usage, "input_tokens"),
        Numbers.count(usage, "output_tokens"),
        Numbers.count(usage, "cache_read_input_tokens"),
        Numbers.count(usage, "cache_creation_input_tokens"));
  }
}
