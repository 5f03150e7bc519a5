package dev.regatta.agent;

import dev.regatta.journal.Claims;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code result} event says, each component from where it stands, null where it is missing.
 *
 * @param error whether it calls itself an error
 * @param model the only model it used; null when there were several
 * @param models what it says of each model
 */
record Result(
    @Nullable String sessionId,
    @Nullable Long durationMs,
    @Nullable Long apiDurationMs,
    @Nullable Double costUsd,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens,
    @Nullable Long cacheReadTokens,
    @Nullable Long cacheCreationTokens,
    @Nullable String model,
    @Nullable Integer turns,
    @Nullable String text,
    @Nullable Boolean error,
    @Nullable String subtype,
    @Nullable Integer apiErrorStatus,
    @Nullable String terminalReason,
    @Nullable Integer permissionDenials,
    @Nullable Map<String, Claims.Use> models) {
  private static final int MOST_TURNS = 1_000_000;
  private static final int LAST_STATUS = 599;
  private static final int MOST_MODELS = 100;
  private static final int LONGEST_MODEL = 200;

  static Result of(JsonNode event) {
    JsonNode usage = event.path("usage");
    JsonNode models = event.path("modelUsage");
    JsonNode error = event.path("is_error");
    JsonNode denials = event.path("permission_denials");
    return new Result(
        Numbers.text(event, "session_id"),
        Numbers.count(event, "duration_ms"),
        Numbers.count(event, "duration_api_ms"),
        Numbers.dollars(event, "total_cost_usd"),
        Numbers.count(usage, "input_tokens"),
        Numbers.count(usage, "output_tokens"),
        Numbers.count(usage, "cache_read_input_tokens"),
        Numbers.count(usage, "cache_creation_input_tokens"),
        models.isObject() && models.size() == 1 ? models.propertyNames().iterator().next() : null,
        Numbers.small(event, "num_turns", MOST_TURNS),
        Numbers.text(event, "result"),
        error.isBoolean() ? error.booleanValue() : null,
        Numbers.text(event, "subtype"),
        Numbers.small(event, "api_error_status", LAST_STATUS),
        Numbers.text(event, "terminal_reason"),
        denials.isArray() ? denials.size() : null,
        models.isObject() ? models(models) : null);
  }

  private static Map<String, Claims.Use> models(JsonNode models) {
    Map<String, Claims.Use> uses = new TreeMap<>();
    for (Map.Entry<String, JsonNode> model : models.properties()) {
      if (uses.size() < MOST_MODELS && model.getKey().length() <= LONGEST_MODEL) {
        JsonNode use = model.getValue();
        uses.put(
            model.getKey(),
            new Claims.Use(
                Numbers.count(use, "inputTokens"),
                Numbers.count(use, "outputTokens"),
                Numbers.count(use, "cacheReadInputTokens"),
                Numbers.count(use, "cacheCreationInputTokens"),
                Numbers.dollars(use, "costUSD")));
      }
    }
    return uses;
  }

  /** Whether it is an error, by either of its two words for it. */
  boolean failed() {
    return Boolean.TRUE.equals(error) || (subtype != null && subtype.startsWith("error"));
  }

  /** Whether it says of itself that it is none. */
  boolean good() {
    return Boolean.FALSE.equals(error) && !failed();
  }
}
