package dev.regatta.agent;

import dev.regatta.agent.Endings.Judgement;
import dev.regatta.journal.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the {@code gemini} CLI's failures mean. It reports those of the API as {@code [API Error:
 * …]} with the API's own JSON or one sentence of it, and ends with the HTTP status modulo 256
 * (measured with 0.61.0).
 */
final class GeminiFailures {
  private static final String API = "[API Error:";
  private static final String REFUSED_KEY = "API_KEY_INVALID";
  private static final int LONGEST = 100_000;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int LAST_STATUS = 599;
  // 400 to 511 modulo 256; those above would be codes that the CLI has for itself.
  private static final int FIRST_FOLDED = 144;
  private static final int LAST_FOLDED = 255;

  private GeminiFailures() {}

  /**
   * What the API said.
   *
   * @param status the HTTP status, null where it doesn't stand there
   * @param message the sentence about it
   * @param badKey whether the key is what it doesn't like
   */
  private record Said(@Nullable Integer status, String message, boolean badKey) {}

  /**
   * The API's failure.
   *
   * @param message the error's message in the CLI's result
   * @param exitCode what the CLI ended with
   * @return empty when it was not the API
   */
  static Optional<Judgement> api(String message, @Nullable Integer exitCode) {
    if (!message.startsWith(API)) {
      return Optional.empty();
    }
    Said said = said(message);
    int status = said.status() == null ? folded(exitCode) : said.status();
    if (said.badKey() || status == UNAUTHORIZED || status == FORBIDDEN) {
      return Optional.of(because(refused(status), said.message()));
    }
    if (status >= BAD_REQUEST) {
      return Failures.api(status, null, said.message());
    }
    return unknownModel(said.message())
        ? Failures.api(null, "model_not_found", said.message())
        : Optional.of(
            because(new Judgement(Outcome.API_ERROR, "the API call failed"), said.message()));
  }

  private static Judgement refused(int status) {
    return new Judgement(
        Outcome.UNAUTHORIZED, "the credential was refused (" + status + "); check or replace it");
  }

  /** The status that stands in the error, or 0. */
  static @Nullable Integer status(String message) {
    return message.startsWith(API) ? said(message).status() : null;
  }

  private static int folded(@Nullable Integer exitCode) {
    return exitCode != null && exitCode >= FIRST_FOLDED && exitCode <= LAST_FOLDED
        ? exitCode + 256
        : 0;
  }

  /** Of this one the CLI keeps but the sentence, and ends with 1. */
  private static boolean unknownModel(String message) {
    return message.contains(" is not found for API version ");
  }

  private static Said said(String message) {
    int from = message.indexOf('{');
    int to = message.lastIndexOf('}');
    String plain = message.substring(API.length()).strip();
    if (from < 0 || to < from || to - from > LONGEST) {
      return new Said(null, plain, false);
    }
    try {
      JsonNode error = JsonMapper.shared().readTree(message.substring(from, to + 1)).path("error");
      String told = Numbers.text(error, "message");
      return new Said(
          Numbers.small(error, "code", LAST_STATUS), told == null ? plain : told, badKey(error));
    } catch (JacksonException e) {
      return new Said(null, plain, false); // no JSON, so it is words
    }
  }

  private static boolean badKey(JsonNode error) {
    for (JsonNode detail : error.path("details")) {
      if (REFUSED_KEY.equals(Numbers.text(detail, "reason"))) {
        return true;
      }
    }
    return false;
  }

  /** What the CLI's own exit codes mean; empty for those that say nothing more. */
  static Optional<Judgement> ownExit(@Nullable Integer exitCode, String said) {
    return switch (exitCode == null ? 0 : exitCode) {
      case 41 ->
          Optional.of(
              because(
                  new Judgement(Outcome.UNAUTHORIZED, "the CLI could not log in (exit 41)"), said));
      case 42 -> own("the CLI takes no such prompt or option (exit 42)", true, said);
      case 44 -> own("its sandbox failed (exit 44)", false, said);
      case 52 -> own("its settings are wrong (exit 52)", true, said);
      case 53 -> own("stopped at its greatest number of turns (exit 53)", false, said);
      case 54 -> own("a tool failed so that it could not go on (exit 54)", false, said);
      case 55 -> own("it does not trust its folder (exit 55)", true, said);
      case 130 -> own("it was cancelled (exit 130)", false, said);
      default -> Optional.empty();
    };
  }

  private static Optional<Judgement> own(String what, boolean hopeless, String said) {
    return Optional.of(because(new Judgement(Outcome.AGENT_ERROR, what, hopeless), said));
  }

  static Judgement because(Judgement judgement, String said) {
    String quoted = Words.quote(said);
    return quoted.isEmpty()
        ? judgement
        : new Judgement(
            judgement.outcome(), judgement.reason() + ": " + quoted, judgement.hopeless());
  }
}
