package dev.regatta.doctor;

import dev.regatta.credential.Credential;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Redactor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the provider whether it accepts a credential, with the cheapest call there is: the list of
 * models, one line of it where that can be said, which costs nothing. It follows no redirect and
 * uses no proxy.
 */
record ProviderCall(
    HttpClient client, URI base, Credential credential, Duration limit, Redactor redactor)
    implements Check {
  private static final String API_VERSION = "2023-06-01";
  private static final String OAUTH = "oauth-2025-04-20";
  private static final long MOST_BYTES = 1 << 20;

  @Override
  public String id() {
    return "credential." + credential.name() + ".online";
  }

  @Override
  public List<Finding> findings() throws InterruptedException {
    String value = credential.value().reveal();
    if (value.chars().anyMatch(character -> character <= ' ' || character > '~')) {
      return List.of(
          Diagnosis.REFUSED.about(words(), "not sent: it holds a character that no token has"));
    }
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request(value),
            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES));
    try {
      // The client's own limit ends with the headers; a body may come for ever.
      return List.of(judge(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS)));
    } catch (TimeoutException e) {
      return List.of(unreachable("gave no whole answer within " + limit.toSeconds() + " s"));
    } catch (ExecutionException e) {
      return List.of(failed(e.getCause()));
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest request(String value) {
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path + models(credential.provider())))
            .header("accept", "application/json");
    return switch (credential.kind()) {
      case API_KEY ->
          request.header("anthropic-version", API_VERSION).header("x-api-key", value).build();
      case OAUTH_TOKEN ->
          request
              .header("anthropic-version", API_VERSION)
              .header("authorization", "Bearer " + value)
              .header("anthropic-beta", OAUTH)
              .build();
      case OPENAI_KEY -> request.header("authorization", "Bearer " + value).build();
      case GEMINI_KEY -> request.header("x-goog-api-key", value).build();
    };
  }

  private static String models(Provider provider) {
    return switch (provider) {
      case ANTHROPIC -> "/v1/models?limit=1";
      case OPENAI -> "/v1/models"; // it takes no limit
      case GOOGLE -> "/v1beta/models?pageSize=1";
    };
  }

  private Finding judge(HttpResponse<String> response) {
    int status = response.statusCode();
    return switch (status) {
      case 200 ->
          isModels(response.body())
              ? Diagnosis.ACCEPTED.about(
                  words(), "accepted by " + base.getAuthority() + mark(response))
              : Diagnosis.NOT_THE_API.about(
                  words(), base.getAuthority() + " answered 200, and not with a list of models");
      case 401 -> Diagnosis.REFUSED.about(words(), "refused (" + status + ")" + said(response));
      case 403 ->
          switch (credential.kind()) {
            case API_KEY, OPENAI_KEY, GEMINI_KEY ->
                Diagnosis.REFUSED.about(words(), "refused (" + status + ")" + said(response));
            case OAUTH_TOKEN ->
                Diagnosis.NOT_ALLOWED.about(words(), "may not list models (403)" + said(response));
          };
      case 429 ->
          Diagnosis.LIMITED.about(
              words(), "at its limit" + until(response) + " (429)" + said(response));
      default -> {
        if (isRefusedByGoogle(response)) {
          yield Diagnosis.REFUSED.about(words(), "refused (" + status + ")" + said(response));
        }
        if (status >= 500) {
          yield Diagnosis.PROVIDER_FAILED.about(
              words(), "not known: failed (" + status + ")" + said(response));
        }
        yield status >= 300 && status < 400
            ? Diagnosis.REDIRECTED.about(
                words(), base.getAuthority() + " answered with a redirect (" + status + ")")
            : Diagnosis.NOT_THE_API.about(
                words(), base.getAuthority() + " answered " + status + said(response));
      }
    };
  }

  /** Google answers 400 to a key that it doesn't know, as to any wrong request. */
  private static boolean isRefusedByGoogle(HttpResponse<String> response) {
    return response.statusCode() == 400
        && tree(response.body()).path("error").path("details").values().stream()
            .anyMatch(detail -> detail.path("reason").asString("").equals("API_KEY_INVALID"));
  }

  /** A rehearsal server accepts everything, so its word is worth nothing. */
  private static String mark(HttpResponse<String> response) {
    return response.headers().firstValue("x-regatta-rehearsal").isPresent()
        ? ", a REHEARSAL server, which accepts everything"
        : "";
  }

  private static boolean isModels(String body) {
    JsonNode list = tree(body);
    return list.path("data").isArray() || list.path("models").isArray();
  }

  /** The provider's sentence about it, if there is one. */
  private String said(HttpResponse<String> response) {
    // Redacted before it is cut: of a value that is cut nobody knows what is left.
    String sentence =
        redactor.redact(tree(response.body()).path("error").path("message").asString(""));
    String plain = Plain.sentence(sentence);
    return plain.isEmpty() ? "" : ": " + plain;
  }

  private static String until(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("retry-after")
        .filter(seconds -> seconds.matches("\\d{1,9}"))
        .map(seconds -> " for " + seconds + " s")
        .orElse("");
  }

  private static JsonNode tree(String body) {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      return JsonMapper.shared().createObjectNode(); // not JSON: says nothing that we could read
    }
  }

  private Finding failed(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return unreachable("has a name that is not known here");
      }
      if (cause instanceof HttpTimeoutException) {
        return unreachable("gave no whole answer within " + limit.toSeconds() + " s");
      }
      if (cause instanceof SSLException) {
        return unreachable("could not be talked to over TLS: " + message(cause));
      }
    }
    return switch (failure) {
      case ConnectException ignored -> unreachable("does not answer: nobody listens there");
      case IOException broken ->
          Diagnosis.NOT_THE_API.about(
              words(),
              base.getAuthority() + " broke off or does not speak HTTP: " + message(broken));
      case null, default -> throw new IllegalStateException("the call failed", failure);
    };
  }

  private String message(Throwable cause) {
    return Plain.sentence(redactor.redact(String.valueOf(cause.getMessage())));
  }

  private Finding unreachable(String how) {
    return Diagnosis.UNREACHABLE.about(words(), base.getAuthority() + " " + how);
  }

  private Map<String, String> words() {
    return Map.of("name", credential.name());
  }
}
