package dev.regatta.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A loopback server that answers messages, with the limits that a test gives each credential. */
final class LimitedProvider implements AutoCloseable {
  private static final String MESSAGE =
      """
      {"type":"message","id":"msg_%d","model":"fake","stop_reason":"end_turn",\
      "usage":{"input_tokens":10,"output_tokens":5}}\
      """;
  private static final String REFUSAL =
      "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"limit\"}}";

  private final Limits limits;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /** What a credential gets. */
  interface Limits {
    /**
     * One answer.
     *
     * @param credential the last part of the credential, after its last dash
     * @param times how often it was asked with, this one included
     */
    Reply reply(String credential, int times);
  }

  /** A status, and headers that tell limits. */
  record Reply(int status, Map<String, String> headers) {
    static final Reply FINE = new Reply(200, Map.of());
  }

  LimitedProvider(Limits limits) throws IOException {
    this.limits = limits;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/messages", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The credentials it was asked with, by their last parts, in order. */
  List<String> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String key = exchange.getRequestHeaders().getFirst("x-api-key");
      String credential = key.substring(key.lastIndexOf('-') + 1);
      int number;
      int times;
      synchronized (asked) {
        asked.add(credential);
        number = asked.size();
        times = (int) asked.stream().filter(credential::equals).count();
      }
      Reply reply = limits.reply(credential, times);
      byte[] body =
          (reply.status() == 200 ? MESSAGE.formatted(number) : REFUSAL)
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.getResponseHeaders().set("request-id", "req_" + number);
      reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
