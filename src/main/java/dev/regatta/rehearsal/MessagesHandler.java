package dev.regatta.rehearsal;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The paths of the models' APIs that agents call. */
final class MessagesHandler extends Handler.Abstract {
  private static final int BODY_LIMIT = 32 << 20;
  private static final String MODELS =
      """
      {"object":"list","data":[{"type":"model","object":"model","id":"claude-rehearsal",\
      "display_name":"Rehearsal","created_at":"2026-01-01T00:00:00Z"}],"has_more":false,\
      "first_id":"claude-rehearsal","last_id":"claude-rehearsal"}\
      """;

  private static final String GEMINI_MODELS =
      """
      {"models":[{"name":"models/gemini-rehearsal","displayName":"Rehearsal",\
      "supportedGenerationMethods":["generateContent","countTokens"]}]}\
      """;

  private final Stage stage;
  private final long seed;
  private final CountDownLatch closing;
  private final Semaphore places;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger greatestOpen = new AtomicInteger();
  private final Queue<Served> served = new ConcurrentLinkedQueue<>();

  MessagesHandler(Script script, long seed, CountDownLatch closing) {
    this.stage = new Stage(script, seed);
    this.seed = seed;
    this.closing = closing;
    this.places = new Semaphore(script.concurrency(), true);
  }

  List<Served> served() {
    return List.copyOf(served);
  }

  int greatestOpen() {
    return greatestOpen.get();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String number = Fingerprint.of(seed + "\0request\0" + requests.incrementAndGet());
    String path = Request.getPathInContext(request);
    Api api = Api.at(path);
    Exchange exchange =
        new Exchange(response, api, "req_rehearsal_" + number.substring(0, 24), closing);
    try {
      switch (request.getMethod() + " " + place(path)) {
        case "HEAD /", "GET /" -> exchange.send(200, "{}");
        case "GET /v1/models" -> exchange.send(200, MODELS);
        case "POST /v1/messages", "POST " + ResponsesApi.PATH, "POST " + ChatApi.PATH ->
            messages(request, api, exchange);
        case "POST /v1/messages/count_tokens" ->
            countTokens(request, api, exchange, "input_tokens");
        case "GET " + GeminiApi.MODELS -> exchange.send(200, GEMINI_MODELS);
        case "POST " + GeminiApi.GENERATE -> messages(request, api, exchange);
        case "POST " + GeminiApi.COUNT -> countTokens(request, api, exchange, "totalTokens");
        default -> refuse(exchange, request.getMethod(), path);
      }
      callback.succeeded();
    } catch (IOException e) {
      abandon(request, callback, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandon(request, callback, e);
    }
    return true;
  }

  /** A path, without the model that stands in it in one API. */
  private static String place(String path) {
    return GeminiApi.has(path) ? GeminiApi.place(path) : path;
  }

  private static void refuse(Exchange exchange, String method, String path) throws IOException {
    String allowed =
        switch (place(path)) {
          case "/" -> "GET, HEAD";
          case "/v1/models", GeminiApi.MODELS -> "GET";
          case "/v1/messages", "/v1/messages/count_tokens", ResponsesApi.PATH, ChatApi.PATH ->
              "POST";
          case GeminiApi.GENERATE, GeminiApi.COUNT -> "POST";
          default -> "";
        };
    if (allowed.isEmpty()) {
      exchange.refuse(404, "not_found_error", "REHEARSAL: no such path: " + path);
    } else {
      exchange.refuseMethod(
          allowed, "REHEARSAL: " + path + " takes " + allowed + ", not " + method);
    }
  }

  // Jetty would answer a failure with a page of its own: the connection goes first.
  private static void abandon(Request request, Callback callback, Exception why) {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
    callback.failed(why);
  }

  private void messages(Request request, Api api, Exchange exchange)
      throws IOException, InterruptedException {
    long arrived = System.nanoTime();
    String fingerprint = fingerprint(request);
    String model = "";
    boolean streamed = false;
    try {
      Body body = body(request, api, exchange, fingerprint);
      if (body != null) {
        model = body.ask().model();
        streamed = body.ask().streamed();
        answer(body, api, exchange);
      }
    } finally {
      served.add(
          new Served(
              exchange.requestId(),
              fingerprint,
              arrived,
              exchange.firstTextNanos(),
              System.nanoTime(),
              exchange.status(),
              model,
              streamed));
    }
  }

  private void answer(Body body, Api api, Exchange exchange)
      throws IOException, InterruptedException {
    Ask ask = body.ask();
    if (ask.auxiliary()) {
      play(body, api, exchange);
      return;
    }
    greatestOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    try {
      places.acquire();
      try {
        play(body, api, exchange);
      } finally {
        places.release();
      }
    } finally {
      open.decrementAndGet();
    }
  }

  private void play(Body body, Api api, Exchange exchange)
      throws IOException, InterruptedException {
    Ask ask = body.ask();
    Answer answer = stage.answer(ask);
    exchange.play(answer, api.form(answer, ask, body.tokens()), ask.streamed());
  }

  private static void countTokens(Request request, Api api, Exchange exchange, String field)
      throws IOException {
    Body body = body(request, api, exchange, fingerprint(request));
    if (body != null) {
      exchange.send(200, "{\"" + field + "\":" + body.tokens() + "}");
    }
  }

  /** A request that was understood, and its size. */
  private record Body(Ask ask, int tokens) {}

  /** What the request asks; null if it was refused. */
  private static @Nullable Body body(
      Request request, Api api, Exchange exchange, String fingerprint) throws IOException {
    if (fingerprint.isEmpty()) {
      exchange.refuse(401, "authentication_error", "x-api-key or authorization header is required");
      return null;
    }
    byte[] bytes = Content.Source.asInputStream(request).readNBytes(BODY_LIMIT + 1);
    if (bytes.length > BODY_LIMIT) {
      exchange.refuse(413, "request_too_large", "Request exceeds the maximum size of 32 MiB");
      return null;
    }
    try {
      JsonNode tree = JsonMapper.shared().readTree(bytes);
      return new Body(
          api.ask(tree, Request.getPathInContext(request)), Answer.tokens(bytes.length));
    } catch (JacksonException e) {
      exchange.refuse(400, "invalid_request_error", "The request body is not valid JSON");
    } catch (IllegalArgumentException e) {
      exchange.refuse(400, "invalid_request_error", String.valueOf(e.getMessage()));
    }
    return null;
  }

  private static String fingerprint(Request request) {
    String key = request.getHeaders().get("x-api-key");
    key = key == null ? request.getHeaders().get("x-goog-api-key") : key;
    String bearer = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (key == null && bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7)) {
      key = bearer.substring(7).strip();
    }
    return key == null || key.isEmpty() ? "" : Fingerprint.of(key).substring(0, 12);
  }
}
