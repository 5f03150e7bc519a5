package dev.regatta.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent wrote into its own files about one session, as far as it tells of API calls.
 *
 * @param sessionId the session it is about
 * @param files the files that were read, sub-agents' included
 * @param messages the messages of the model, each once
 * @param fault why it could not be read whole; empty if it was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Transcript(
    String sessionId, List<Source> files, List<Message> messages, String fault) {

  /** Copies. */
  public Transcript {
    files = List.copyOf(files);
    messages = List.copyOf(messages);
  }

  /**
   * A file.
   *
   * @param path relative to the agent's configuration folder
   * @param bytes how much of it was read
   * @param sha256 of that, hexadecimal
   */
  public record Source(String path, long bytes, String sha256) {}

  /**
   * A message of the model. Its lines repeat id and usage, one line a block: the last one counts.
   *
   * @param id the message's id
   * @param requestId the API's id of the request, or null
   * @param model the model
   * @param at the first line's wall-clock time, ISO 8601, or null
   * @param stopReason why it stopped, or null
   * @param inputTokens tokens read, without those of the cache
   * @param outputTokens tokens generated
   * @param cacheReadTokens tokens read from the cache
   * @param cacheCreationTokens tokens written to the cache
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Message(
      String id,
      @Nullable String requestId,
      @Nullable String model,
      @Nullable String at,
      @Nullable String stopReason,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Long cacheReadTokens,
      @Nullable Long cacheCreationTokens) {

    /** The same, begun at another time. */
    public Message since(@Nullable String start) {
      return new Message(
          id,
          requestId,
          model,
          start,
          stopReason,
          inputTokens,
          outputTokens,
          cacheReadTokens,
          cacheCreationTokens);
    }
  }
}
