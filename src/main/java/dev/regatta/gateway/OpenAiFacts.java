package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gathers what the JSON of a response of the Responses API says of it: its own object {@code
 * response}, which the first and the last event of a stream hold.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming</a>
 */
final class OpenAiFacts implements MessageFacts {
  private @Nullable String id;
  private @Nullable String model;
  private @Nullable String stopReason;
  private @Nullable String serviceTier;
  private @Nullable Long input;
  private @Nullable Long output;
  private @Nullable Long cached;
  private @Nullable Long written;
  private boolean found;

  @Override
  public boolean isIn(String type) {
    return switch (type) {
      case "response.created", "response.completed", "response.incomplete", "response.failed" ->
          true;
      default -> false;
    };
  }

  /** Text, arguments of tools and reasoning come in events whose type ends so. */
  @Override
  public boolean isText(String type) {
    return type.endsWith(".delta");
  }

  @Override
  public void read(JsonNode tree) {
    if (tree.path("object").asString("").equals("response")) {
      response(tree);
    } else if (tree.path("response").isObject()) {
      response(tree.path("response"));
    }
  }

  private void response(JsonNode response) {
    found = true;
    id = JsonFacts.text(response.path("id"), id);
    model = JsonFacts.text(response.path("model"), model);
    serviceTier = JsonFacts.text(response.path("service_tier"), serviceTier);
    stopReason(response);
    JsonNode usage = response.path("usage");
    JsonNode details = usage.path("input_tokens_details");
    input = JsonFacts.count(usage.path("input_tokens"), input);
    output = JsonFacts.count(usage.path("output_tokens"), output);
    cached = JsonFacts.count(details.path("cached_tokens"), cached);
    written = JsonFacts.count(details.path("cache_write_tokens"), written);
  }

  /** Until then it is {@code in_progress}; one that {@code failed} came to no end of its own. */
  private void stopReason(JsonNode response) {
    String status = response.path("status").asString("");
    if (status.equals("completed") || status.equals("incomplete")) {
      stopReason = JsonFacts.text(response.path("incomplete_details").path("reason"), status);
    }
  }

  /** The API counts the tokens of the cache among those of the input. */
  private @Nullable Long withoutCache() {
    Long all = input;
    if (all == null) {
      return null;
    }
    return Math.max(0, all - (cached == null ? 0 : cached) - (written == null ? 0 : written));
  }

  @Override
  public Exchange.@Nullable Message message() {
    return found
        ? new Exchange.Message(
            id, model, stopReason, serviceTier, withoutCache(), output, cached, written)
        : null;
  }
}
