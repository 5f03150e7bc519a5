package dev.regatta.agent;

import dev.regatta.journal.Claims;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code result} event of the {@code gemini} CLI says, each component from where it stands,
 * null where it is missing.
 *
 * @param status {@code success} or {@code error}
 * @param errorType its word for the kind of error
 * @param message its sentence about the error
 * @param at when it was printed, by its own clock
 * @param durationMs its measure of the whole
 * @param use what it used of all models
 * @param models what it used of each
 */
record GeminiResult(
    @Nullable String status,
    @Nullable String errorType,
    String message,
    @Nullable Instant at,
    @Nullable Long durationMs,
    Claims.Use use,
    Map<String, Claims.Use> models) {
  private static final int MOST_MODELS = 100;
  private static final int LONGEST_MODEL = 200;

  static GeminiResult of(JsonNode event) {
    JsonNode stats = event.path("stats");
    JsonNode error = event.path("error");
    String message = Numbers.text(error, "message");
    return new GeminiResult(
        Numbers.text(event, "status"),
        Numbers.text(error, "type"),
        message == null ? "" : message,
        time(Numbers.text(event, "timestamp")),
        Numbers.count(stats, "duration_ms"),
        use(stats),
        models(stats.path("models")));
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null; // not a time, so it was not told
    }
  }

  private static Map<String, Claims.Use> models(JsonNode models) {
    Map<String, Claims.Use> uses = new TreeMap<>();
    for (Map.Entry<String, JsonNode> model : models.properties()) {
      Long total = Numbers.count(model.getValue(), "total_tokens");
      boolean used = total != null && total > 0; // one whose calls all failed stands there with 0
      if (used && uses.size() < MOST_MODELS && model.getKey().length() <= LONGEST_MODEL) {
        uses.put(model.getKey(), use(model.getValue()));
      }
    }
    return uses;
  }

  /**
   * Its {@code output_tokens} leave out what the model thought, which is generated and charged all
   * the same: what is not read is generated.
   */
  private static Claims.Use use(JsonNode stats) {
    Long total = Numbers.count(stats, "total_tokens");
    Long read = Numbers.count(stats, "input_tokens");
    return new Claims.Use(
        Numbers.count(stats, "input"),
        total == null || read == null || read > total ? null : Long.valueOf(total - read),
        Numbers.count(stats, "cached"),
        null,
        null);
  }

  boolean good() {
    return "success".equals(status);
  }

  boolean failed() {
    return "error".equals(status);
  }
}
