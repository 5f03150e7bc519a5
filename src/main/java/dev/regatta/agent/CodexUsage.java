package dev.regatta.agent;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tokens as Codex counts them, in its events and its files: those of the cache are among its {@code
 * input_tokens}, and here they are not.
 */
record CodexUsage(
    @Nullable Long input,
    @Nullable Long output,
    @Nullable Long cacheRead,
    @Nullable Long cacheCreation) {

  static CodexUsage of(JsonNode usage) {
    Long all = Numbers.count(usage, "input_tokens");
    Long read = Numbers.count(usage, "cached_input_tokens");
    Long written = Numbers.count(usage, "cache_write_input_tokens");
    long cached = (read == null ? 0 : read) + (written == null ? 0 : written);
    return new CodexUsage(
        all == null ? null : Long.valueOf(Math.max(0, all - cached)),
        Numbers.count(usage, "output_tokens"),
        read,
        written);
  }
}
