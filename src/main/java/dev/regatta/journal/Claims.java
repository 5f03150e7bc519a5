package dev.regatta.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says about itself in its own JSON. Each component stands there or is null: a
 * missing field is reported as missing and never filled in from somewhere else.
 *
 * @param sessionId the agent's session id
 * @param durationMs the agent's own measure of its whole duration, milliseconds
 * @param apiDurationMs time the agent says it spent in API calls, milliseconds, retry waits
 *     included
 * @param costUsd cost in US dollars as the agent worked it out
 * @param inputTokens tokens sent, without those read from or written to the prompt cache
 * @param outputTokens tokens generated
 * @param cacheReadTokens tokens read from the prompt cache
 * @param cacheCreationTokens tokens written to the prompt cache
 * @param model the model that answered
 * @param turns number of turns as the agent counts them (not the number of API calls)
 * @param result the text of the answer
 * @param error whether the agent calls its result an error
 * @param subtype the agent's own word for the kind of result
 * @param apiErrorStatus HTTP status of the API error that ended it
 * @param terminalReason the agent's own word for why it ended
 * @param permissionDenials how many tool uses were denied
 * @param agentVersion the version the agent's program gives
 * @param models what it says of each model it used, by the model's name, sub-agents included
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Claims(
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
    @Nullable String result,
    @Nullable Boolean error,
    @Nullable String subtype,
    @Nullable Integer apiErrorStatus,
    @Nullable String terminalReason,
    @Nullable Integer permissionDenials,
    @Nullable String agentVersion,
    @Nullable Map<String, Use> models) {

  /** Copies. */
  public Claims {
    models = models == null ? null : Collections.unmodifiableMap(new TreeMap<>(models));
  }

  /**
   * What was used of one model.
   *
   * @param inputTokens tokens sent, without those of the prompt cache
   * @param outputTokens tokens generated
   * @param cacheReadTokens tokens read from the prompt cache
   * @param cacheCreationTokens tokens written to the prompt cache
   * @param costUsd cost in US dollars as the agent worked it out
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Use(
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Long cacheReadTokens,
      @Nullable Long cacheCreationTokens,
      @Nullable Double costUsd) {}

  /** An agent that claims nothing, as a plain command. */
  public static final Claims NONE =
      new Claims(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null);

  /**
   * The names of the fields that a proof needs and that are missing, in the order of the report.
   */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (sessionId == null) {
      missing.add("session_id");
    }
    if (apiDurationMs == null) {
      missing.add("duration_api_ms");
    }
    if (costUsd == null) {
      missing.add("total_cost_usd");
    }
    if (inputTokens == null) {
      missing.add("usage.input_tokens");
    }
    if (outputTokens == null) {
      missing.add("usage.output_tokens");
    }
    return List.copyOf(missing);
  }
}
