package dev.regatta.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A loopback server that a test owns, and that would pass for the provider: it answers as the
 * rehearsal server does, but without any of that one's marks.
 */
final class TestOwnedProvider implements AutoCloseable {
  private static final Pattern MARK = Pattern.compile("(msg|req)_rehearsal_");

  private final RehearsalServer behind = RehearsalServer.start(Script.standard(), 0, 1);
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<String> credentials = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;

  TestOwnedProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The credentials it was called with, one for each message. */
  Queue<String> credentials() {
    return credentials;
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("POST")) {
        credentials.add(credential(exchange));
      }
      HttpResponse<String> response = ask(exchange);
      byte[] answer =
          MARK.matcher(response.body()).replaceAll("$1_01").getBytes(StandardCharsets.UTF_8);
      response
          .headers()
          .firstValue("content-type")
          .ifPresent(type -> exchange.getResponseHeaders().set("content-type", type));
      exchange.getResponseHeaders().set("request-id", "req_01test" + requests.incrementAndGet());
      boolean bare = exchange.getRequestMethod().equals("HEAD") || answer.length == 0;
      exchange.sendResponseHeaders(response.statusCode(), bare ? -1 : answer.length);
      if (!bare) {
        exchange.getResponseBody().write(answer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<String> ask(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(behind.baseUrl() + exchange.getRequestURI().toString()))
            .header("x-api-key", "passed-on")
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String credential(HttpExchange exchange) {
    String key = exchange.getRequestHeaders().getFirst("x-api-key");
    String bearer = exchange.getRequestHeaders().getFirst("Authorization");
    return key != null ? key : String.valueOf(bearer).replaceFirst("^Bearer ", "");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
    behind.close();
  }
}
