package dev.regatta.mcp;

import dev.regatta.agent.AgentTools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools over standard input and output, for programs that speak MCP that way only: each line
 * goes to the run's own listener, and each message that comes back is a line.
 */
public final class StdioBridge {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SESSION = "mcp-session-id";

  private final URI address;
  private final String token;
  private final PrintStream out;
  private final HttpClient http;
  private final AtomicReference<@Nullable String> session = new AtomicReference<>();

  private StdioBridge(URI address, String token, PrintStream out) {
    this.address = address;
    this.token = token;
    this.out = out;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(ProxySelector.of(null))
            .build();
  }

  /**
   * A bridge to the listener that the environment names.
   *
   * @return empty if it names none: this process was not started by a run that serves the tools
   */
  public static Optional<StdioBridge> of(Map<String, String> environment, PrintStream out) {
    String address = environment.getOrDefault(AgentTools.ADDRESS_VARIABLE, "");
    String token = environment.getOrDefault(AgentTools.TOKEN_VARIABLE, "");
    return address.isEmpty() || token.isEmpty()
        ? Optional.empty()
        : Optional.of(new StdioBridge(URI.create(address), token, out));
  }

  /**
   * Carries messages until the input ends and the last of them is answered. Requests are answered
   * as they are done, so that one that waits for agents holds back no other.
   */
  public void carry(InputStream in) throws IOException, InterruptedException {
    List<Thread> open = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        open.removeIf(thread -> !thread.isAlive());
        String message = line;
        if (!line.isBlank() && waits(line)) {
          open.add(Thread.ofVirtual().start(() -> forward(message)));
        } else if (!line.isBlank()) {
          forward(line);
        }
      }
    }
    for (Thread thread : open) {
      thread.join();
    }
  }

  /** All that comes before the first tool is a conversation in turns, and keeps its order. */
  private static boolean waits(String line) {
    try {
      return JSON.readTree(line).path("method").asString("").equals("tools/call");
    } catch (JacksonException e) {
      return false; // the listener says what is wrong with it
    }
  }

  private void forward(String line) {
    Optional<JsonNode> asked = asked(line);
    AtomicBoolean answered = new AtomicBoolean();
    String why;
    try {
      why =
          carryBack(
              http.send(request(line), HttpResponse.BodyHandlers.ofLines()),
              message -> {
                print(message);
                if (asked.isPresent() && isAnswer(message, asked.get())) {
                  answered.set(true);
                }
              });
    } catch (UncheckedIOException e) {
      why = "the run's answer broke off";
    } catch (IOException e) {
      why = "the run that started this program does not answer: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (asked.isPresent() && !answered.get()) {
      fail(asked.get(), why);
    }
  }

  /**
   * Hands on the messages of a response.
   *
   * @return what is to be said if none of them was the answer
   * @throws UncheckedIOException if it breaks off
   */
  private String carryBack(HttpResponse<Stream<String>> response, Consumer<String> messages) {
    response.headers().firstValue(SESSION).ifPresent(session::set);
    boolean events =
        response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
    try (Stream<String> body = response.body()) {
      if (response.statusCode() >= 400) {
        return "status " + response.statusCode() + ": " + String.join(" ", body.toList());
      }
      body.filter(text -> events ? text.startsWith("data:") : !text.isBlank())
          .forEach(text -> messages.accept(events ? text.substring(5) : text));
      return "the run's answer ended without a result";
    }
  }

  private HttpRequest request(String line) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .header("authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(line));
    String known = session.get();
    return (known == null ? request : request.header(SESSION, known)).build();
  }

  /** The id of what waits for an answer; empty for what only says something, or answers. */
  private static Optional<JsonNode> asked(String line) {
    try {
      JsonNode message = JSON.readTree(line);
      return message.has("id") && !message.has("result") && !message.has("error")
          ? Optional.of(message.path("id"))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.of(JSON.nullNode());
    }
  }

  private static boolean isAnswer(String message, JsonNode id) {
    try {
      JsonNode read = JSON.readTree(message);
      return read.path("id").equals(id) && !read.has("method");
    } catch (JacksonException e) {
      return false; // a message that was cut off
    }
  }

  private void fail(JsonNode id, String why) {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id);
    answer.putObject("error").put("code", -32000).put("message", why);
    print(answer.toString());
  }

  private void print(String message) {
    synchronized (out) {
      out.println(message.strip());
    }
  }
}
