package dev.regatta.rehearsal;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the rehearsal agent calls, and with which header.
 *
 * @param messages the address of the Messages API
 * @param source the variable that gave the credential
 * @param header name of the header that carries it
 * @param value what the header says
 */
record Endpoint(URI messages, String source, String header, String value) {
  private static final List<String> VARIABLES =
      List.of("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1\\]");

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException if the address isn't loopback, or there isn't one credential;
   *     the message shows no value
   */
  static Endpoint of(Map<String, String> environment) {
    List<String> set =
        VARIABLES.stream().filter(it -> !environment.getOrDefault(it, "").isEmpty()).toList();
    if (set.size() != 1) {
      throw new IllegalArgumentException(
          "the rehearsal agent needs exactly one of "
              + String.join(", ", VARIABLES)
              + "; set are: "
              + (set.isEmpty() ? "none" : String.join(", ", set)));
    }
    String source = set.get(0);
    URI messages = messages(environment.get("ANTHROPIC_BASE_URL"));
    String credential = environment.getOrDefault(source, "");
    return source.equals("ANTHROPIC_API_KEY")
        ? new Endpoint(messages, source, "x-api-key", credential)
        : new Endpoint(messages, source, "Authorization", "Bearer " + credential);
  }

  /** The record's own text would show the credential. */
  @Override
  public String toString() {
    return messages + " with " + source;
  }

  private static URI messages(@Nullable String base) {
    try {
      URI uri = URI.create(base == null ? "" : base.replaceAll("/+$", ""));
      String host = String.valueOf(uri.getHost());
      if ("http".equals(uri.getScheme())
          && LOOPBACK.matcher(host).matches()
          && uri.getRawUserInfo() == null) {
        return URI.create(uri + "/v1/messages");
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("ANTHROPIC_BASE_URL isn't an address", e);
    }
    throw new IllegalArgumentException(
        "the rehearsal agent calls http addresses of this machine only, for example"
            + " http://127.0.0.1:8080: set ANTHROPIC_BASE_URL to a rehearsal server's address");
  }
}
