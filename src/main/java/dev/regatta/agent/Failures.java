package dev.regatta.agent;

import dev.regatta.agent.Endings.Judgement;
import dev.regatta.journal.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code claude} CLI's failures mean. It reports API failures as {@code subtype:
 * "success"} with {@code is_error: true}; their kind stands in the status and in the {@code error}
 * of the assistant's last message (measured with 2.1.197 and 2.1.329).
 */
final class Failures {
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final int OVERLOADED = 529;

  private Failures() {}

  /** The refused credential; another one may work. */
  static Judgement refused() {
    return new Judgement(
        Outcome.UNAUTHORIZED, "the credential was refused (401); check or replace it");
  }

  static Judgement limited() {
    return new Judgement(Outcome.RATE_LIMITED, "the credential is at its limit (429)");
  }

  /**
   * The API's failure.
   *
   * @param status the HTTP status; null where none came
   * @param error the CLI's word for it
   * @param said the CLI's sentence about it, may be empty
   * @return empty when neither word says that it was the API
   */
  static Optional<Judgement> api(@Nullable Integer status, @Nullable String error, String said) {
    int code = status == null ? 0 : status;
    String kind = error == null ? "" : error;
    // The words tell more than the status: no credit is a 400, as a malformed request is.
    return switch (kind) {
      case "authentication_failed" -> Optional.of(because(refused(), said));
      case "rate_limit" -> Optional.of(because(limited(), said));
      case "billing_error" ->
          failure("no credit left; add credit or use another credential", said, true);
      case "model_not_found" ->
          failure("the API does not know the model; check --model", said, true);
      default -> byStatus(code, kind, said);
    };
  }

  private static Optional<Judgement> byStatus(int code, String kind, String said) {
    return switch (code) {
      case UNAUTHORIZED -> Optional.of(because(refused(), said));
      case TOO_MANY -> Optional.of(because(limited(), said));
      case OVERLOADED -> failure("the API is overloaded (529)", said, false);
      case NOT_FOUND -> failure("the API does not know the model; check --model", said, true);
      case BAD_REQUEST -> failure("the API refused the request (400)", said, true);
      default -> {
        if (code > BAD_REQUEST) {
          // What is wrong with the request stays wrong; only a time-out of it is the server's.
          boolean request = code < SERVER_ERROR && code != REQUEST_TIMEOUT;
          yield failure("the API failed (" + code + ")", said, request);
        }
        yield kind.isEmpty()
            ? Optional.empty()
            : failure("the API call failed (" + Words.quote(kind) + ")", said, false);
      }
    };
  }

  /** The agent's own failure. */
  static Judgement agent(@Nullable String subtype, String said) {
    String what =
        switch (subtype == null ? "" : subtype) {
          case "error_max_turns" -> "stopped at its greatest number of turns";
          case "error_max_budget_usd" -> "stopped at its budget";
          case "error_max_structured_output_retries" -> "did not answer in the form asked for";
          case "error_during_execution" -> "failed while it worked";
          default -> "calls its own result an error";
        };
    return because(new Judgement(Outcome.AGENT_ERROR, what), said);
  }

  private static Optional<Judgement> failure(String what, String said, boolean hopeless) {
    return Optional.of(because(new Judgement(Outcome.API_ERROR, what, hopeless), said));
  }

  private static Judgement because(Judgement judgement, String said) {
    String quoted = Words.quote(said);
    return quoted.isEmpty()
        ? judgement
        : new Judgement(
            judgement.outcome(), judgement.reason() + ": " + quoted, judgement.hopeless());
  }
}
