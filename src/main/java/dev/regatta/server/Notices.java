package dev.regatta.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages to clients, as JSON-RPC 2.0 has them. */
final class Notices {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private Notices() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ArrayNode words(String... words) {
    ArrayNode array = JSON.createArrayNode();
    for (String word : words) {
      array.add(word);
    }
    return array;
  }

  static String notification(String method, ObjectNode params) {
    ObjectNode message = object().put("jsonrpc", "2.0").put("method", method);
    message.set("params", params);
    return JSON.writeValueAsString(message);
  }

  static String result(@Nullable JsonNode id, ObjectNode result) {
    ObjectNode message = object().put("jsonrpc", "2.0");
    message.set("result", result);
    if (id != null) {
      message.set("id", id);
    }
    return JSON.writeValueAsString(message);
  }

  /** An error; without an id when the request had none. */
  static String error(@Nullable JsonNode id, ProtocolError error) {
    ObjectNode message = object().put("jsonrpc", "2.0");
    message
        .putObject("error")
        .put("code", error.code().number())
        .put("message", error.getMessage());
    if (id != null) {
      message.set("id", id);
    }
    return JSON.writeValueAsString(message);
  }

  /** An object of HTTP's answers. */
  static String plain(Map<String, ?> fields) {
    return JSON.writeValueAsString(fields);
  }
}
