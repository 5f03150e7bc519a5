package dev.regatta.rehearsal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Writes one response: whole, in events, as an error, or broken on purpose. */
final class Exchange {
  private static final double FOR_EVER = Integer.MAX_VALUE;

  private final Response response;
  private final Api api;
  private final String requestId;
  private final CountDownLatch closing;
  private @Nullable Long firstTextNanos;

  Exchange(Response response, Api api, String requestId, CountDownLatch closing) {
    this.response = response;
    this.api = api;
    this.requestId = requestId;
    this.closing = closing;
    response.getHeaders().put(api.requestIdHeader(), requestId);
    response.getHeaders().put("x-regatta-rehearsal", "true");
  }

  String requestId() {
    return requestId;
  }

  /** Just before the first piece of an answer was written, or null. */
  @Nullable Long firstTextNanos() {
    return firstTextNanos;
  }

  /** The status sent; 0 if none was. */
  int status() {
    return response.isCommitted() ? response.getStatus() : 0;
  }

  /** Sends a JSON body with its status. */
  void send(int status, String body) throws IOException {
    response.setStatus(status);
    response.getHeaders().put("content-type", "application/json");
    write(true, body);
  }

  /** Sends an error in the API's form. */
  void refuse(int status, String type, String message) throws IOException {
    send(status, api.error(status, type, message, requestId));
  }

  /** Sends an error about the request's method, with those that would do. */
  void refuseMethod(String allowed, String message) throws IOException {
    response.getHeaders().put("allow", allowed);
    refuse(405, "invalid_request_error", message);
  }

  /**
   * Sends an answer as its rule wants it.
   *
   * @throws IOException if the connection ends early, on purpose or not
   * @throws InterruptedException if the thread is told to end
   */
  void play(Answer answer, AnswerForm message, boolean streamed)
      throws IOException, InterruptedException {
    pause(answer.seconds());
    switch (answer.fault().orElse(null)) {
      case null -> whole(answer, message, streamed);
      case Fault.Refusal refusal -> refuse(refusal);
      case Fault.Break broken -> breakOff(broken, message, streamed);
    }
  }

  private void whole(Answer answer, AnswerForm message, boolean streamed)
      throws IOException, InterruptedException {
    double pace = answer.tokensPerSecond();
    if (!streamed) {
      pause(pace > 0 ? answer.tokens() / pace : 0);
      send(200, message.whole());
      return;
    }
    startEvents();
    write(false, String.join("", message.opening()));
    if (pace > 0) {
      for (String delta : message.deltas()) {
        pause(1 / pace);
        textBegins();
        write(false, delta);
      }
    } else {
      textBegins();
      write(false, String.join("", message.deltas()));
    }
    write(true, String.join("", message.closing()));
  }

  private void textBegins() {
    firstTextNanos = firstTextNanos == null ? Long.valueOf(System.nanoTime()) : firstTextNanos;
  }

  private void refuse(Fault.Refusal fault) throws IOException {
    fault.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    fault.retryAfter().ifPresent(it -> response.getHeaders().put("retry-after", it));
    String why = "REHEARSAL: the script refuses this request";
    send(fault.status(), api.error(fault, why, requestId));
  }

  private void breakOff(Fault.Break fault, AnswerForm message, boolean streamed)
      throws IOException, InterruptedException {
    if (fault == Fault.Break.NO_HEADERS) {
      pause(FOR_EVER);
    }
    if (!streamed) {
      response.getHeaders().put("content-type", "application/json");
    } else {
      startEvents();
    }
    String whole = message.whole();
    List<String> deltas = message.deltas();
    String part =
        streamed
            ? String.join("", message.opening()) + deltas.stream().findFirst().orElse("")
            : whole.substring(0, whole.length() / 2);
    switch (fault) {
      case EMPTY_STREAM -> write(true, "");
      case MALFORMED ->
          write(true, streamed ? part + "event: content_block_delta\ndata: {\"type\":\n\n" : part);
      case BREAK_STREAM -> {
        write(false, part);
        throw new EofException("the script breaks this answer off");
      }
      case STALL, NO_HEADERS -> {
        write(false, part);
        pause(FOR_EVER);
      }
    }
  }

  private void startEvents() {
    response.setStatus(200);
    response.getHeaders().put("content-type", "text/event-stream; charset=utf-8");
    response.getHeaders().put("cache-control", "no-cache");
  }

  private void write(boolean last, String text) throws IOException {
    Content.Sink.write(response, last, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void pause(double seconds) throws IOException, InterruptedException {
    if (closing.await((long) (seconds * 1e9), TimeUnit.NANOSECONDS)) {
      throw new EofException("the server closes");
    }
  }
}
