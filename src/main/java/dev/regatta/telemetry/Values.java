package dev.regatta.telemetry;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import dev.regatta.provider.Provider;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What spans and metrics say, in the words of the conventions. */
final class Values {
  /** Agents and model APIs send what they like. */
  private static final int LONGEST = 200;

  private static final int FIRST_ERROR = 400;

  private Values() {}

  /** What every span begins with; an exchange that asks no model for anything is no operation. */
  static AttributesBuilder begin(String operation, boolean rehearsal) {
    AttributesBuilder attributes = Attributes.builder().put(GenAi.REHEARSAL, rehearsal);
    return operation.isEmpty() ? attributes : attributes.put(GenAi.OPERATION, operation);
  }

  static void put(AttributesBuilder attributes, AttributeKey<String> key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      attributes.put(key, text(value));
    }
  }

  /** A text without what terminals would act on, and not too long. */
  static String text(String value) {
    String line = value.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST / 2));
  }

  /** What an agent says of itself. */
  static void claimed(AttributesBuilder attributes, Claims claims) {
    put(attributes, GenAi.CONVERSATION, claims.sessionId());
    put(attributes, GenAi.RESPONSE_MODEL, claims.model());
    if (claims.costUsd() != null && Double.isFinite(claims.costUsd())) {
      attributes.put(GenAi.COST, claims.costUsd());
    }
    tokens(
        attributes,
        claims.inputTokens(),
        claims.outputTokens(),
        claims.cacheReadTokens(),
        claims.cacheCreationTokens());
  }

  /** In the conventions the tokens of the cache are part of the input; in journals they are not. */
  static void tokens(
      AttributesBuilder attributes,
      @Nullable Long input,
      @Nullable Long output,
      @Nullable Long cacheRead,
      @Nullable Long cacheCreation) {
    if (input != null) {
      attributes.put(GenAi.INPUT, wholeInput(input, cacheRead, cacheCreation));
    }
    if (output != null) {
      attributes.put(GenAi.OUTPUT, output);
    }
    if (cacheRead != null) {
      attributes.put(GenAi.CACHE_READ, cacheRead);
    }
    if (cacheCreation != null) {
      attributes.put(GenAi.CACHE_CREATION, cacheCreation);
    }
  }

  static long wholeInput(long input, @Nullable Long cacheRead, @Nullable Long cacheCreation) {
    return input
        + (cacheRead == null ? 0 : cacheRead)
        + (cacheCreation == null ? 0 : cacheCreation);
  }

  /** Whose models an agent of that name calls. */
  static Optional<String> provider(String agent) {
    return switch (agent) {
      case "claude", "rehearsal-agent" -> Optional.of(name(Provider.ANTHROPIC));
      case "codex" -> Optional.of(name(Provider.OPENAI));
      case "gemini" -> Optional.of(name(Provider.GOOGLE));
      default -> Optional.empty();
    };
  }

  static String name(Provider provider) {
    return switch (provider) {
      case ANTHROPIC -> "anthropic";
      case OPENAI -> "openai";
      case GOOGLE -> "gcp.gemini";
    };
  }

  static Optional<String> error(Outcome outcome) {
    return outcome == Outcome.SUCCEEDED ? Optional.empty() : Optional.of(outcome.word());
  }

  static Optional<String> error(Exchange exchange) {
    return switch (exchange.ending()) {
      case CLIENT_GONE -> Optional.of("client_gone");
      case UPSTREAM_FAILED -> Optional.of("upstream_failed");
      case ATTEMPT_ENDED -> Optional.of("attempt_ended");
      case COMPLETE ->
          Optional.ofNullable(exchange.answered())
              .map(Exchange.Answered::status)
              .filter(status -> status >= FIRST_ERROR)
              .map(String::valueOf);
    };
  }
}
