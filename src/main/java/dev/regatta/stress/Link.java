package dev.regatta.stress;

import dev.regatta.secret.Secret;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One WebSocket connection to a command server: requests with their answers, and notifications. It
 * is the JDK's client, which reads no further while a listener is busy.
 */
final class Link implements WebSocket.Listener, AutoCloseable {
  /** Of one message; the server cuts its lines far below. */
  private static final int LONGEST = 16 << 20;

  private final URI address;
  private final BiConsumer<String, JsonNode> notices;
  private final Consumer<String> whenBroken;
  private final Map<Long, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final StringBuilder text = new StringBuilder();
  private @Nullable WebSocket socket;
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

  /** The server's answer to a request was an error. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    Refusal(int code, String message) {
      super(message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** The connection is gone before the answer came. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  private Link(URI address, BiConsumer<String, JsonNode> notices, Consumer<String> whenBroken) {
    this.address = address;
    this.notices = notices;
    this.whenBroken = whenBroken;
  }

  /**
   * Opens one.
   *
   * @param address of the WebSocket
   * @param patience how long the server may take to let it in
   * @param notices gets each notification: its method and params
   * @param whenBroken is told once, unless it was closed from here
   * @throws ServerUnreachable if that fails
   */
  static Link open(
      HttpClient client,
      URI address,
      Optional<Secret> token,
      Duration patience,
      BiConsumer<String, JsonNode> notices,
      Consumer<String> whenBroken) {
    Link link = new Link(address, notices, whenBroken);
    WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(patience);
    token.ifPresent(known -> builder.header("Authorization", "Bearer " + known.reveal()));
    try {
      // The builder's own limit ends with the connection: who then says nothing was waited for
      // without end.
      builder.buildAsync(address, link).orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).join();
      return link;
    } catch (CompletionException e) {
      link.close();
      if (e.getCause() instanceof TimeoutException) {
        throw new ServerUnreachable(
            address
                + " does not answer within "
                + Limits.seconds(patience)
                + "; is it a command server?");
      }
      throw new ServerUnreachable(reason(address, e.getCause() == null ? e : e.getCause()));
    }
  }

  private static String reason(URI address, Throwable cause) {
    if (cause instanceof WebSocketHandshakeException refused) {
      int status = refused.getResponse().statusCode();
      return address
          + switch (status) {
            case 401 -> " wants a token (401): give its file with --server-token-file";
            case 403, 421 -> " lets this client not in (" + status + ")";
            default -> " is no command server: it answers with " + status;
          };
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      if (root instanceof ConnectException && root.getCause() instanceof ClosedChannelException) {
        // What the JDK's client says of a refused connection, without the word.
        return address
            + " can't be reached: nobody listens there (connection refused);"
            + " start the server first, or name the port that it has";
      }
      root = root.getCause();
    }
    String words = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return address + " can't be reached: " + words + "; is a server running there?";
  }

  @Override
  public void onOpen(WebSocket opened) {
    synchronized (this) {
      socket = opened;
    }
    if (closed.get()) {
      opened.abort(); // nobody waits for it any more
      return;
    }
    opened.request(1);
  }

  /** Sends a request; its result comes, or {@link Refusal} or {@link Broken}. */
  CompletableFuture<JsonNode> ask(String method, ObjectNode params) {
    long id = requests.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    ObjectNode message =
        JsonMapper.shared()
            .createObjectNode()
            .put("jsonrpc", "2.0")
            .put("id", id)
            .put("method", method);
    message.set("params", params);
    send(message.toString());
    if (closed.get()) {
      answer.completeExceptionally(new Broken("the connection is closed"));
    }
    return answer;
  }

  /** One after another: the client takes no text before the last one is on its way. */
  private synchronized void send(String message) {
    WebSocket open = socket;
    if (open == null) {
      throw new IllegalStateException("nothing is sent before the connection is open");
    }
    sent =
        sent.thenCompose(before -> open.sendText(message, true))
            .exceptionally(failure -> {
              broken("nothing more can be sent: " + failure.getMessage());
              return open;
            });
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    if (text.length() + part.length() > LONGEST) {
      from.abort();
      broken("a message is longer than " + LONGEST + " characters");
      return null;
    }
    text.append(part);
    if (last) {
      String whole = text.toString();
      text.setLength(0);
      take(whole);
    }
    from.request(1);
    return null;
  }

  private void take(String message) {
    JsonNode node;
    try {
      node = JsonMapper.shared().readTree(message);
    } catch (JacksonException e) {
      broken("it sent something that is no JSON");
      return;
    }
    JsonNode method = node.path("method");
    if (method.isString()) {
      notices.accept(method.stringValue(), node.path("params"));
      return;
    }
    JsonNode id = node.path("id");
    CompletableFuture<JsonNode> answer =
        id.canConvertToLong() ? asked.remove(id.longValue()) : null;
    JsonNode error = node.path("error");
    if (answer == null) {
      if (error.isObject()) {
        broken(error.path("message").asString("an error without words"));
      }
    } else if (error.isObject()) {
      answer.completeExceptionally(
          new Refusal(
              error.path("code").asInt(0),
              error.path("message").asString("an error without words")));
    } else {
      answer.complete(node.path("result"));
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    broken("the server closed it (" + status + (reason.isEmpty() ? "" : ", " + reason) + ")");
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    broken(error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
  }

  private void broken(String why) {
    if (closed.compareAndSet(false, true)) {
      abort();
      giveUp(why);
      whenBroken.accept(address + ": " + why);
    }
  }

  private void giveUp(String why) {
    asked.values().forEach(answer -> answer.completeExceptionally(new Broken(why)));
    asked.clear();
  }

  private synchronized void abort() {
    if (socket != null) {
      socket.abort();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      abort();
      giveUp("the connection was closed");
    }
  }
}
