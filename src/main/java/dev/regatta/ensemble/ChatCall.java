package dev.regatta.ensemble;

import dev.regatta.run.Cancellation;
import dev.regatta.run.Visible;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One question to a model through OpenAI's chat completions. */
final class ChatCall {
  // A verdict and its reason are short; whatever answers with more is no judge.
  private static final int MOST_BYTES = 4 << 20;
  private static final int OK = 200;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_ERROR = 500;

  private final HttpClient client;
  private final Judge.Model judge;
  private final Duration limit;

  /**
   * Calls of one judge.
   *
   * @param limit how long one may take
   */
  ChatCall(HttpClient client, Judge.Model judge, Duration limit) {
    this.client = client;
    this.judge = judge;
    this.limit = limit;
  }

  /** How a call ended. */
  sealed interface Ending {
    /**
     * With an answer.
     *
     * @param costUsd what a proxy such as LiteLLM says it cost, or null
     * @param rehearsal whether it carries the rehearsal server's mark
     */
    record Answered(
        String text,
        @Nullable String model,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Double costUsd,
        boolean rehearsal)
        implements Ending {}

    /** Without one; the reason is one line for people. */
    record Failed(String reason, boolean rehearsal) implements Ending {}
  }

  /** Asks, and waits: until the limit, or until the run is to stop. */
  Ending ask(String prompt, Cancellation cancellation) throws InterruptedException {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("model", judge.model());
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(judge.address())
            // Java asks servers without TLS to change to HTTP/2 otherwise, which few of models
            // know.
            .version(HttpClient.Version.HTTP_1_1)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    judge.key().ifPresent(key -> request.header("authorization", "Bearer " + key.reveal()));
    // The client's own limit ends with the head of the response: this one holds for all of it.
    CompletableFuture<HttpResponse<byte[]>> response =
        client.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
    try (Cancellation.Registration stopping = cancellation.onRequest(() -> response.cancel(true))) {
      return read(response.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      response.cancel(true);
      return new Ending.Failed("it did not answer within " + limit.toSeconds() + " s", false);
    } catch (CancellationException e) {
      return new Ending.Failed("the run was stopped", false);
    } catch (ExecutionException e) {
      return new Ending.Failed(why(e.getCause()), false);
    }
  }

  private String why(@Nullable Throwable cause) {
    if (cause instanceof ConnectException) {
      return "nobody listens at " + judge.address();
    }
    String message = cause == null ? "unknown" : String.valueOf(cause.getMessage());
    return message.startsWith("body exceeds capacity")
        ? "it answered with more than 4 MiB"
        : "the call broke off: " + message;
  }

  private static Ending read(HttpResponse<byte[]> response) {
    boolean rehearsal =
        response.headers().firstValue("x-regatta-rehearsal").filter("true"::equals).isPresent();
    String text = new String(response.body(), StandardCharsets.UTF_8);
    if (response.statusCode() != OK) {
      return new Ending.Failed("status " + response.statusCode() + said(text), rehearsal);
    }
    try {
      JsonNode body = JsonMapper.shared().readTree(text);
      JsonNode content = body.path("choices").path(0).path("message").path("content");
      if (!content.isString()) {
        return new Ending.Failed("its answer holds no message", rehearsal);
      }
      JsonNode usage = body.path("usage");
      return new Ending.Answered(
          content.asString(),
          body.path("model").isString()
              ? Visible.line(body.path("model").asString(), LONGEST_NAME)
              : null,
          count(usage.path("prompt_tokens")),
          count(usage.path("completion_tokens")),
          response
              .headers()
              .firstValue("x-litellm-response-cost")
              .flatMap(ChatCall::dollars)
              .orElse(null),
          rehearsal);
    } catch (JacksonException e) {
      return new Ending.Failed("its answer is no JSON", rehearsal);
    }
  }

  private static String said(String text) {
    try {
      JsonNode message = JsonMapper.shared().readTree(text).path("error").path("message");
      return message.isString() ? ": " + Visible.line(message.asString(), LONGEST_ERROR) : "";
    } catch (JacksonException e) {
      return ""; // a page of a proxy's, most likely; the status says it
    }
  }

  private static @Nullable Long count(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0
        ? Long.valueOf(node.longValue())
        : null;
  }

  private static Optional<Double> dollars(String header) {
    try {
      double value = Double.parseDouble(header.strip());
      return value >= 0 && value < 1e9 ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
