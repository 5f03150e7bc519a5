package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gathers what the JSON of a response of the Messages API says of its message. A later value
 * replaces an earlier one: the API's {@code message_delta} gives cumulative counts.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/streaming">Streaming</a>
 */
final class AnthropicFacts implements MessageFacts {
  private boolean found;
  private @Nullable String id;
  private @Nullable String model;
  private @Nullable String stopReason;
  private @Nullable String serviceTier;
  private @Nullable Long input;
  private @Nullable Long output;
  private @Nullable Long cacheRead;
  private @Nullable Long cacheCreation;

  @Override
  public boolean isIn(String type) {
    return type.equals("message_start") || type.equals("message_delta");
  }

  @Override
  public boolean isText(String type) {
    return type.equals("content_block_delta");
  }

  @Override
  public void read(JsonNode tree) {
    switch (tree.path("type").asString("")) {
      case "message_start" -> message(tree.path("message"));
      case "message_delta" -> {
        found = true;
        stopReason = JsonFacts.text(tree.path("delta").path("stop_reason"), stopReason);
        usage(tree.path("usage"));
      }
      case "message" -> message(tree);
      default -> {}
    }
  }

  private void message(JsonNode message) {
    found = true;
    id = JsonFacts.text(message.path("id"), id);
    model = JsonFacts.text(message.path("model"), model);
    stopReason = JsonFacts.text(message.path("stop_reason"), stopReason);
    usage(message.path("usage"));
  }

  private void usage(JsonNode usage) {
    serviceTier = JsonFacts.text(usage.path("service_tier"), serviceTier);
    input = JsonFacts.count(usage.path("input_tokens"), input);
    output = JsonFacts.count(usage.path("output_tokens"), output);
    cacheRead = JsonFacts.count(usage.path("cache_read_input_tokens"), cacheRead);
    cacheCreation = JsonFacts.count(usage.path("cache_creation_input_tokens"), cacheCreation);
  }

  @Override
  public Exchange.@Nullable Message message() {
    return found
        ? new Exchange.Message(
            id, model, stopReason, serviceTier, input, output, cacheRead, cacheCreation)
        : null;
  }
}
