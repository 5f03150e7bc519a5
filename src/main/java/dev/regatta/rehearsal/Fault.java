package dev.regatta.rehearsal;

import java.util.Map;
import java.util.OptionalInt;

/** What goes wrong on purpose in place of an answer. */
sealed interface Fault {
  /**
   * An error of the API.
   *
   * @param status 400, 401, 403, 429, 500, 503 or 529
   * @param retryAfter seconds for the {@code retry-after} header
   * @param headers more headers, for example the provider's limits
   */
  record Refusal(int status, OptionalInt retryAfter, Map<String, String> headers) implements Fault {
    public Refusal {
      headers = Map.copyOf(headers);
    }

    /** The {@code error.type} that the Messages API gives this status. */
    String type() {
      return switch (status) {
        case 400 -> "invalid_request_error";
        case 401 -> "authentication_error";
        case 403 -> "permission_error";
        case 429 -> "rate_limit_error";
        case 529 -> "overloaded_error";
        default -> "api_error";
      };
    }
  }

  /** A broken answer. Stalls last until the server closes. */
  enum Break implements Fault {
    /** Part of the answer, then silence. */
    STALL,
    /** Part of the answer, then the connection ends. */
    BREAK_STREAM,
    /** An event, or a body, that isn't JSON. */
    MALFORMED,
    /** Status 200 and nothing else. */
    EMPTY_STREAM,
    /** Not even a status line. */
    NO_HEADERS
  }
}
