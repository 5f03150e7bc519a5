package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gathers what the JSON of a response of the Gemini API says of its message. Each event of a stream
 * is such a JSON, without a type; its counts are those of the whole so far.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">Generating content</a>
 */
final class GeminiFacts implements MessageFacts {
  private @Nullable String id;
  private @Nullable String model;
  private @Nullable String stopReason;
  private @Nullable Long prompt;
  private @Nullable Long cached;
  private @Nullable Long candidates;
  private @Nullable Long thoughts;
  private @Nullable Long total;
  private boolean found;
  private boolean text;

  @Override
  public boolean isIn(String type) {
    return type.isEmpty();
  }

  @Override
  public boolean isText(String type) {
    return type.isEmpty() && text;
  }

  @Override
  public void read(JsonNode tree) {
    text = false;
    if (tree.isArray()) {
      tree.forEach(this::response); // a stream that was not asked for as events
    } else {
      response(tree);
    }
  }

  private void response(JsonNode response) {
    if (!response.has("candidates") && !response.has("usageMetadata")) {
      return;
    }
    found = true;
    id = JsonFacts.text(response.path("responseId"), id);
    model = JsonFacts.text(response.path("modelVersion"), model);
    JsonNode candidate = response.path("candidates").path(0);
    stopReason = JsonFacts.text(candidate.path("finishReason"), stopReason);
    for (JsonNode part : candidate.path("content").path("parts")) {
      text |= part.has("functionCall") || !part.path("text").asString("").isEmpty();
    }
    usage(response.path("usageMetadata"));
  }

  private void usage(JsonNode usage) {
    prompt = JsonFacts.count(usage.path("promptTokenCount"), prompt);
    cached = JsonFacts.count(usage.path("cachedContentTokenCount"), cached);
    candidates = JsonFacts.count(usage.path("candidatesTokenCount"), candidates);
    thoughts = JsonFacts.count(usage.path("thoughtsTokenCount"), thoughts);
    total = JsonFacts.count(usage.path("totalTokenCount"), total);
  }

  /** The API counts the tokens of the cache among those of the prompt. */
  private @Nullable Long input() {
    return prompt == null ? null : Long.valueOf(Math.max(0, prompt - or0(cached)));
  }

  /** What was thought is generated and charged too, but stands apart; the total has both. */
  private @Nullable Long output() {
    if (total != null && prompt != null && total >= prompt) {
      return total - prompt;
    }
    return candidates == null && thoughts == null
        ? null
        : Long.valueOf(or0(candidates) + or0(thoughts));
  }

  private static long or0(@Nullable Long count) {
    return count == null ? 0 : count;
  }

  @Override
  public Exchange.@Nullable Message message() {
    return found
        ? new Exchange.Message(id, model, stopReason, null, input(), output(), cached, null)
        : null;
  }
}
