package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import dev.regatta.provider.Provider;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gathers what the JSON of a response says of its message: an answer as a whole, or the events of a
 * stream, one after another. What isn't JSON says nothing; the agent gets it as it is.
 */
sealed interface MessageFacts permits AnthropicFacts, OpenAiFacts, GeminiFacts {
  /** Whether events of that type tell something of the message; empty where events have no type. */
  boolean isIn(String type);

  /** Whether the event of that type that was just read, or passed by, carries generated text. */
  boolean isText(String type);

  /** Reads a JSON: a message, or an event that holds one or a part of one. */
  void read(JsonNode tree);

  /** What was found; null if there was no message. */
  Exchange.@Nullable Message message();

  /** Empty ones, for answers in the form of that provider's API. */
  static MessageFacts of(Provider provider) {
    return switch (provider) {
      case ANTHROPIC -> new AnthropicFacts();
      case OPENAI -> new OpenAiFacts();
      case GOOGLE -> new GeminiFacts();
    };
  }
}
