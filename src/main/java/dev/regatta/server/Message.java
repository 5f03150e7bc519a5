package dev.regatta.server;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client sent, read as the protocol has it: {@code jsonrpc} need not be there. */
sealed interface Message {
  /** Longest part of somebody's words that is said back. */
  int SHOWN = 200;

  /**
   * A request.
   *
   * @param id null if it has none; it is answered all the same
   * @param method what is asked for
   * @param params empty if none were given
   */
  record Request(@Nullable JsonNode id, String method, ObjectNode params) implements Message {}

  /** The answer to a ping of the older server; nothing is to be said to it. */
  record Pong() implements Message {}

  /**
   * What can't be understood.
   *
   * @param id what is known of its id, for the answer
   * @param error what is wrong with it
   */
  record Faulty(@Nullable JsonNode id, ProtocolError error) implements Message {}

  /** Reads a text frame. */
  static Message read(String text) {
    JsonNode node;
    try {
      node = Notices.JSON.readTree(text);
    } catch (JacksonException e) {
      return new Faulty(
          NullNode.getInstance(),
          new ProtocolError(
              ProtocolError.Code.PARSE, "Parse error: the message is not one JSON value"));
    }
    if (node.isMissingNode()) {
      return new Faulty(
          NullNode.getInstance(),
          new ProtocolError(ProtocolError.Code.PARSE, "Parse error: the message is empty"));
    }
    return node instanceof ObjectNode object
        ? of(object)
        : invalid(NullNode.getInstance(), "Invalid request: a message is one JSON object");
  }

  /** What a binary frame is answered with. */
  static Faulty binary() {
    return invalid(
        NullNode.getInstance(), "Invalid request: binary frames are not read; send text");
  }

  private static Message of(ObjectNode object) {
    JsonNode id = object.get("id");
    if (id != null && id.isNull()) {
      id = null;
    }
    if (id != null && !id.isString() && !id.isIntegralNumber()) {
      return invalid(NullNode.getInstance(), "Invalid request: id must be a string or an integer");
    }
    JsonNode method = object.get("method");
    if (method == null || !method.isString()) {
      return invalid(id, "Invalid request: method must be a string");
    }
    if (method.stringValue().equals("pong")) {
      return new Pong();
    }
    JsonNode params = object.get("params");
    if (params == null || params.isNull()) {
      return new Request(id, method.stringValue(), Notices.object());
    }
    return params instanceof ObjectNode given
        ? new Request(id, method.stringValue(), given)
        : new Faulty(id, ProtocolError.params("Invalid params: params must be an object"));
  }

  private static Faulty invalid(@Nullable JsonNode id, String message) {
    return new Faulty(id, new ProtocolError(ProtocolError.Code.INVALID_REQUEST, message));
  }

  /** Somebody's words, short enough to be said back. */
  static String shown(String words) {
    return words.length() <= SHOWN ? words : words.substring(0, SHOWN) + "…";
  }
}
