package dev.regatta.provider;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Who offers models, and what is to be known of its API before anything is sent there. */
public enum Provider {
  /**
   * Anthropic's Messages API.
   *
   * @see <a href="https://docs.anthropic.com/en/api/messages">Messages</a>
   */
  ANTHROPIC(
      "Anthropic",
      "api.anthropic.com",
      new ModelPaths(
          "/v1/messages", "/v1/messages/count_tokens", "/v1/models(/[A-Za-z0-9._-]{1,200})?"),
      // Servers that stand in for it, such as LiteLLM, tell limits in the way of OpenAI.
      new Headers(
          "request-id",
          Set.of("anthropic-organization-id"),
          Set.of("anthropic-ratelimit-", "x-ratelimit-")),
      new Names(
          "CLAUDE_CODE_TOKEN",
          Set.of("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
          "ANTHROPIC_BASE_URL")),

  /**
   * OpenAI's Responses API.
   *
   * @see <a href="https://platform.openai.com/docs/api-reference/responses">Responses</a>
   */
  OPENAI(
      "OpenAI",
      "api.openai.com",
      new ModelPaths(
          "/v1/responses", "/v1/responses/compact", "/v1/models(/[A-Za-z0-9._:-]{1,200})?"),
      new Headers(
          "x-request-id",
          Set.of("openai-organization", "openai-processing-ms"),
          Set.of("x-ratelimit-", "x-codex-")),
      new Names("OPENAI_API_KEY", Set.of("CODEX_API_KEY"), "OPENAI_BASE_URL")),

  /**
   * Google's Gemini API. A model is part of the path there, and no header names the request: only a
   * rehearsal has that one, otherwise the id of the response stands for it.
   *
   * @see <a href="https://ai.google.dev/api/generate-content">Generating content</a>
   */
  GOOGLE(
      "Google",
      "generativelanguage.googleapis.com",
      new ModelPaths(
          "/v1(?:beta)?/models/([A-Za-z0-9._-]{1,200}):(?:streamG|g)enerateContent",
          "/v1(?:beta)?/models/([A-Za-z0-9._-]{1,200}):countTokens",
          "/v1(?:beta)?/models(/[A-Za-z0-9._-]{1,200})?"),
      new Headers("x-request-id", Set.of(), Set.of("x-ratelimit-")),
      new Names("GEMINI_API_KEY", Set.of("GOOGLE_API_KEY"), "GOOGLE_GEMINI_BASE_URL"));

  private static final Set<String> RETRIES =
      Set.of("retry-after", "retry-after-ms", "x-should-retry");
  private static final int NUMBERED = 9;

  private final String called;
  private final String host;
  private final ModelPaths paths;
  private final Headers headers;
  private final Names names;

  Provider(String called, String host, ModelPaths paths, Headers headers, Names names) {
    this.called = called;
    this.host = host;
    this.paths = paths;
    this.headers = headers;
    this.names = names;
  }

  /**
   * Headers of responses, in small letters.
   *
   * @param requestId the one that names the request
   * @param told further ones that are worth keeping
   * @param limits how those begin that tell of limits
   */
  private record Headers(String requestId, Set<String> told, Set<String> limits) {}

  /**
   * Variables.
   *
   * @param first where credentials are looked for: under this name, and with 1 to 9 behind it
   * @param others where agents look themselves, and we only if they are named
   * @param address where agents look for another address
   */
  private record Names(String first, Set<String> others, String address) {}

  /** Its name, for people. */
  public String called() {
    return called;
  }

  /** The host of its own API. */
  public String host() {
    return host;
  }

  /** Where its own API is, without a slash at the end. */
  public URI url() {
    return URI.create("https://" + host);
  }

  /** Whether an address is that of its own API, over TLS. */
  public boolean isAt(URI address) {
    return "https".equalsIgnoreCase(address.getScheme())
        && host.equalsIgnoreCase(address.getHost())
        && (address.getPort() == -1 || address.getPort() == 443)
        && address.getUserInfo() == null;
  }

  /** Whether agents make such a request of its API. */
  public boolean serves(String method, String path) {
    return paths.serves(method, path);
  }

  /** The model that a path names, where paths do. */
  public Optional<String> modelIn(String path) {
    return paths.modelIn(path);
  }

  /** Whose API answers a {@code POST} to that path with a message of a model. */
  public static Optional<Provider> answering(String path) {
    return Arrays.stream(values()).filter(each -> each.paths.answers(path)).findFirst();
  }

  /** The response's header that names the request, in small letters. */
  public String requestIdHeader() {
    return headers.requestId();
  }

  /** Whether a response's header, in small letters, tells of limits or of when to try again. */
  public boolean tells(String header) {
    return RETRIES.contains(header)
        || headers.told().contains(header)
        || headers.limits().stream().anyMatch(header::startsWith);
  }

  /** The variables in which its credentials are looked for when none is named, in this order. */
  public List<String> variables() {
    return Stream.concat(
            Stream.of(names.first()),
            IntStream.rangeClosed(1, NUMBERED).mapToObj(number -> names.first() + number))
        .toList();
  }

  /** Where its agents look for a credential by themselves, and we only if it is named. */
  public Set<String> agentsOwnVariables() {
    return names.others();
  }

  /** Where its agents look for another address of its API. */
  public String addressVariable() {
    return names.address();
  }

  /** All variables in which its credentials usually are. */
  public Set<String> allVariables() {
    return Stream.concat(variables().stream(), names.others().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whose credential a variable of that name usually holds. */
  public static Optional<Provider> ofVariable(String name) {
    return Arrays.stream(values()).filter(each -> each.allVariables().contains(name)).findFirst();
  }
}
