package dev.regatta.rehearsal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One streamed call of the Messages API. */
final class ModelCall {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Endpoint endpoint;

  ModelCall(Endpoint endpoint) {
    // The JDK would send a request that gets no answer a second time, which nobody asked for.
    System.setProperty("sun.net.http.retryPost", "false");
    this.endpoint = endpoint;
  }

  /** How a call ended. */
  sealed interface Ending {
    /** A whole message, with its content and usage filled in from the events. */
    record Answered(ObjectNode message, String requestId) implements Ending {}

    /**
     * No message.
     *
     * @param status the HTTP status of an error; 0 if there was no answer or a broken one
     * @param why for people
     */
    record Failed(int status, String why, String requestId) implements Ending {}
  }

  /** Sends one request and reads its events to the end. */
  Ending send(ObjectNode body) {
    String requestId = "";
    try {
      HttpURLConnection http = open();
      try (OutputStream out = http.getOutputStream()) {
        out.write(body.toString().getBytes(StandardCharsets.UTF_8));
      }
      int status = http.getResponseCode();
      requestId = String.valueOf(http.getHeaderField("request-id"));
      if (status != 200) {
        return new Ending.Failed(status, why(status, http.getErrorStream()), requestId);
      }
      ObjectNode message = message(http.getInputStream());
      return message == null
          ? new Ending.Failed(0, "API Error: the event stream ended early", requestId)
          : new Ending.Answered(message, requestId);
    } catch (IOException e) {
      return new Ending.Failed(0, "API Error: Connection error: " + e.getMessage(), requestId);
    } catch (JacksonException e) {
      return new Ending.Failed(0, "API Error: an event isn't JSON", requestId);
    }
  }

  private HttpURLConnection open() throws IOException {
    var http = (HttpURLConnection) endpoint.messages().toURL().openConnection(Proxy.NO_PROXY);
    http.setRequestMethod("POST");
    http.setDoOutput(true);
    http.setInstanceFollowRedirects(false);
    http.setRequestProperty("content-type", "application/json");
    http.setRequestProperty("anthropic-version", "2023-06-01");
    http.setRequestProperty("user-agent", "regatta-rehearsal-agent");
    http.setRequestProperty(endpoint.header(), endpoint.value());
    return http;
  }

  private static String why(int status, @Nullable InputStream error) throws IOException {
    String body =
        error == null ? "" : new String(error.readNBytes(4096), StandardCharsets.UTF_8).strip();
    return "API Error: " + status + " " + body;
  }

  private static @Nullable ObjectNode message(InputStream events) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8));
    ObjectNode message = JSON.createObjectNode();
    StringBuilder text = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.startsWith("data:")) {
        continue;
      }
      JsonNode event = JSON.readTree(line.substring(5));
      switch (event.path("type").asString("")) {
        case "message_start" -> message.setAll((ObjectNode) event.required("message"));
        case "content_block_start" -> {
          text.setLength(0);
          ((ArrayNode) message.required("content")).add(event.required("content_block"));
        }
        case "content_block_delta" -> {
          text.append(event.path("delta").path("text").asString(""));
          text.append(event.path("delta").path("partial_json").asString(""));
        }
        case "content_block_stop" ->
            finish((ArrayNode) message.required("content"), text.toString());
        case "message_delta" -> {
          message.set("stop_reason", event.path("delta").path("stop_reason"));
          ((ObjectNode) message.required("usage"))
              .set("output_tokens", event.path("usage").path("output_tokens"));
        }
        case "message_stop" -> {
          return message;
        }
        default -> {
          // Pings, and event types that come later, carry nothing of the message.
        }
      }
    }
    return null;
  }

  private static void finish(ArrayNode content, String text) {
    ObjectNode block = (ObjectNode) content.required(content.size() - 1);
    if (block.path("type").asString("").equals("tool_use")) {
      block.set("input", JSON.readTree(text.isEmpty() ? "{}" : text));
    } else {
      block.put("text", text);
    }
  }
}
