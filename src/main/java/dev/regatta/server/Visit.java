package dev.regatta.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/** One request over HTTP and its answer; for one thread, which waits for the client. */
final class Visit {
  static final String JSON = "application/json";

  private static final Pattern SOURCE =
      Pattern.compile("\\s*\\([^()]*\\[Source: .*\\]\\)", Pattern.DOTALL);

  private final Request request;
  private final Response response;
  private final Map<String, String> parameters;

  Visit(Request request, Response response, Map<String, String> parameters) {
    this.request = request;
    this.response = response;
    this.parameters = parameters;
  }

  /** What stands in the path where the route has a parameter of that name. */
  String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no parameter " + name);
    }
    return value;
  }

  /** What the request's query says of that name, the last word if it says several. */
  Optional<String> query(String name) {
    return Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
  }

  /**
   * A whole number of the query.
   *
   * @throws Refused if it is none, or not within the bounds
   */
  long query(String name, long least, long most, long otherwise) throws Refused {
    Optional<String> given = query(name);
    if (given.isEmpty()) {
      return otherwise;
    }
    boolean number = given.get().matches("[0-9]{1,18}");
    if (!number || Long.parseLong(given.get()) < least || Long.parseLong(given.get()) > most) {
      throw new Refused(
          400,
          name
              + " must be a whole number from "
              + least
              + " to "
              + most
              + ", not '"
              + Message.shown(given.get())
              + "'");
    }
    return Long.parseLong(given.get());
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /** Whether only the head of an answer is asked for. */
  boolean headOnly() {
    return request.getMethod().equals("HEAD");
  }

  /**
   * The request's body, one JSON value.
   *
   * @param most bytes that are read
   * @throws Refused if it is longer, or something else
   */
  JsonNode body(int most) throws Refused, IOException {
    return parsed(json(most));
  }

  /**
   * The request's body, which is said to be JSON.
   *
   * @param most bytes that are read
   * @throws Refused if it is longer, or said to be something else
   */
  byte[] json(int most) throws Refused, IOException {
    String type = header("Content-Type").orElse("").split(";", 2)[0].strip();
    if (!type.equalsIgnoreCase(JSON)) {
      throw new Refused(415, "send JSON, with Content-Type: application/json");
    }
    return bytes(most);
  }

  /**
   * One JSON value.
   *
   * @throws Refused if it is something else
   */
  static JsonNode parsed(byte[] bytes) throws Refused {
    try {
      JsonNode body = Notices.JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
      if (!body.isMissingNode()) {
        return body;
      }
    } catch (JacksonException e) {
      throw new Refused(400, "the body is not JSON" + where(e) + ": " + why(e));
    }
    throw new Refused(400, "the body is empty");
  }

  private static String where(JacksonException fault) {
    TokenStreamLocation at = fault.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  /** Without what the library says of its own settings. */
  private static String why(JacksonException fault) {
    return Message.shown(SOURCE.matcher(fault.getOriginalMessage()).replaceAll(""));
  }

  private byte[] bytes(int most) throws Refused, IOException {
    if (request.getLength() <= most) {
      try (InputStream in = Content.Source.asInputStream(request)) {
        byte[] bytes = in.readNBytes(most);
        if (in.read() < 0) {
          return bytes;
        }
      } catch (IOException e) {
        throw new ClientGone(e);
      }
    }
    throw new Refused(413, "the body is longer than " + most + " bytes");
  }

  /** Adds a header to the answer. */
  void set(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** Answers with JSON. */
  void json(int status, Object value) throws IOException {
    text(status, JSON, Notices.JSON.writeValueAsString(value));
  }

  /** Answers with a page that loads nothing from anywhere and lets nobody put it into a frame. */
  void page(int status, String html) throws IOException {
    set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'");
    text(status, "text/html; charset=utf-8", html);
  }

  /** Answers with a whole text. */
  void text(int status, String type, String text) throws IOException {
    begin(status, type);
    write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Answers with a status alone. */
  void empty(int status) throws IOException {
    response.setStatus(status);
    write(true, ByteBuffer.allocate(0));
  }

  /** Answers with what is written from now on, as it is flushed. */
  OutputStream stream(int status, String type) throws IOException {
    begin(status, type);
    write(false, ByteBuffer.allocate(0)); // the head goes out at once
    return new ClientOutput(Content.Sink.asOutputStream(response));
  }

  private void write(boolean last, ByteBuffer bytes) throws ClientGone {
    try {
      Content.Sink.write(response, last, bytes);
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  /** Whether the head of the answer is on its way, so that its status stands. */
  boolean answering() {
    return response.isCommitted();
  }

  private void begin(int status, String type) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
  }
}
