package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the protocol: the JDK's, which keeps all that it hears in order. */
public final class Peer implements WebSocket.Listener, AutoCloseable {
  /** How long it waits for what must come. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
  private final StringBuilder frame = new StringBuilder();
  private volatile boolean reading = true;
  private volatile int status = -1;
  private volatile boolean broken;
  private int ids = 1_000;
  private volatile boolean counting;
  private volatile long counted;

  private Peer(URI address, Optional<String> token) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    token.ifPresent(value -> builder.header("Authorization", "Bearer " + value));
    this.socket = builder.buildAsync(address, this).join();
  }

  public static Peer of(CommandServer server, String path) {
    return new Peer(address(server, path), Optional.empty());
  }

  /** One at an address such as {@code ws://127.0.0.1:8004/ws}. */
  public static Peer at(String address, Optional<String> token) {
    return new Peer(URI.create(address), token);
  }

  public static Peer of(CommandServer server) {
    return of(server, "/ws");
  }

  public static Peer with(CommandServer server, String token) {
    return new Peer(address(server, "/ws"), Optional.of(token));
  }

  private static URI address(CommandServer server, String path) {
    return URI.create("ws" + server.baseUrl().toString().substring(4) + path);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    frame.append(data);
    if (last) {
      hear(JSON.readTree(frame.toString()));
      frame.setLength(0);
    }
    if (reading) {
      from.request(1);
    }
    return null;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one message after another
  private void hear(JsonNode message) {
    if (counting && message.path("method").asString("").equals("process.output")) {
      counted += message.get("params").get("data").asString().length();
    } else {
      heard.add(message);
    }
  }

  /** From now on it keeps no outputs, and only counts their characters. */
  public void countOutput() {
    counting = true;
  }

  /** How many characters of output it counted. */
  public long counted() {
    return counted;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    status = code;
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    broken = true;
  }

  /** From now on it leaves in its socket what the server sends. */
  public void stopReading() {
    reading = false;
  }

  public void readOn() {
    reading = true;
    socket.request(1);
  }

  public void send(String text) {
    socket.sendText(text, true).join();
  }

  public void sendBytes(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** Sends a request and gives the answer to it. */
  public JsonNode ask(String method, String params) {
    int id = ++ids;
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}");
    return until(message -> message.path("id").asInt(-1) == id && !message.has("method"));
  }

  /** The same, when it must succeed. */
  public JsonNode result(String method, String params) {
    JsonNode answer = ask(method, params);
    assertThat(answer.has("result")).as("%s", answer).isTrue();
    return answer.get("result");
  }

  /** The same, when it must fail. */
  public JsonNode error(String method, String params) {
    JsonNode answer = ask(method, params);
    assertThat(answer.has("error")).as("%s", answer).isTrue();
    return answer.get("error");
  }

  public JsonNode execute(String command) {
    return result("execute", JSON.writeValueAsString(Map.of("command", command)));
  }

  public JsonNode execute(String command, String id) {
    return result("execute", JSON.writeValueAsString(Map.of("command", command, "id", id)));
  }

  public JsonNode until(Predicate<JsonNode> wanted) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> heard.stream().anyMatch(wanted));
    return heard.stream().filter(wanted).findFirst().orElseThrow();
  }

  /** The params of the first notification of that kind. */
  public JsonNode notice(String method) {
    return until(message -> message.path("method").asString("").equals(method)).get("params");
  }

  /** That of an execution with an id. */
  public JsonNode notice(String method, String id) {
    return until(message ->
            message.path("method").asString("").equals(method)
                && message.path("params").path("id").asString("").equals(id))
        .get("params");
  }

  /** All messages so far, by what they are. */
  public List<String> kinds() {
    return heard.stream()
        .map(message ->
            message.has("method")
                ? message.get("method").asString()
                : message.has("result") ? "result" : "error")
        .toList();
  }

  public List<JsonNode> heard() {
    return new ArrayList<>(heard);
  }

  public void forget() {
    heard.clear();
  }

  /** What was printed on a channel so far. */
  public String printed(String type) {
    return heard.stream()
        .filter(message -> message.path("method").asString("").equals("process.output"))
        .map(message -> message.get("params"))
        .filter(params -> params.get("type").asString().equals(type))
        .map(params -> params.get("data").asString())
        .collect(Collectors.joining());
  }

  public int closedWith() {
    await().atMost(PATIENCE).until(() -> status >= 0 || broken);
    return status;
  }

  public boolean open() {
    return status < 0 && !broken && !socket.isInputClosed();
  }

  /** Goes away without a word. */
  public void vanish() {
    socket.abort();
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }
}
