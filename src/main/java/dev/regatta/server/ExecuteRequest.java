package dev.regatta.server;

import dev.regatta.process.Limits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code execute} asks for.
 *
 * @param command a line for the shell, or the prompt of an agent
 * @param agent the agent that carries the prompt out; none for a line
 * @param credential the name of the one that the agent must get
 * @param limits on the whole and on silence
 * @param cwd where it starts
 * @param env variables besides those of the server
 * @param id by which others can find it; its connection's alone when empty
 */
record ExecuteRequest(
    String command,
    Optional<String> agent,
    Optional<String> credential,
    Limits limits,
    Optional<String> cwd,
    Map<String, String> env,
    Optional<String> id) {
  private static final double LONGEST_SECONDS = 366 * 24 * 3600.0;
  private static final int LONGEST_ID = 200;

  static ExecuteRequest of(ObjectNode params) throws ProtocolError {
    Optional<String> agent = text(params, "agent");
    if (agent.isEmpty() && given(params, "credential") != null) {
      throw ProtocolError.params("credential is for an agent: name one with agent");
    }
    return new ExecuteRequest(
        text(params, "command").orElseThrow(() -> ProtocolError.params("command must be a string")),
        agent,
        text(params, "credential"),
        new Limits(seconds(params, "timeout"), Optional.empty(), seconds(params, "stall_timeout")),
        text(params, "cwd"),
        variables(params.get("env")),
        id(params));
  }

  /** The same, within that time if it names none. */
  ExecuteRequest within(Optional<Duration> usual) {
    return new ExecuteRequest(
        command,
        agent,
        credential,
        new Limits(limits.whole().or(() -> usual), limits.firstOutput(), limits.stall()),
        cwd,
        env,
        id);
  }

  /** The id of an execution, a string or an integer. */
  static Optional<String> id(ObjectNode params) throws ProtocolError {
    JsonNode node = given(params, "id");
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isString() && !node.isIntegralNumber()) {
      throw ProtocolError.params("params.id must be a string or an integer");
    }
    String id = node.asString();
    if (id.isEmpty() || id.length() > LONGEST_ID) {
      throw ProtocolError.params("params.id must have 1 to " + LONGEST_ID + " characters");
    }
    return Optional.of(id);
  }

  private static @Nullable JsonNode given(ObjectNode params, String name) {
    JsonNode node = params.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private static Optional<String> text(ObjectNode params, String name) throws ProtocolError {
    JsonNode node = given(params, name);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isString()) {
      throw ProtocolError.params(name + " must be a string");
    }
    if (node.stringValue().indexOf('\0') >= 0) {
      throw ProtocolError.params(name + " holds a NUL character, which no program can be given");
    }
    return Optional.of(node.stringValue());
  }

  private static Optional<Duration> seconds(ObjectNode params, String name) throws ProtocolError {
    JsonNode node = given(params, name);
    if (node == null) {
      return Optional.empty();
    }
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(value >= 0.001 && value <= LONGEST_SECONDS)) {
      throw ProtocolError.params(name + " must be seconds, above 0 and at most a year");
    }
    return Optional.of(Duration.ofNanos(Math.round(value * 1e9)));
  }

  private static Map<String, String> variables(@Nullable JsonNode node) throws ProtocolError {
    Map<String, String> variables = new LinkedHashMap<>();
    if (node == null || node.isNull()) {
      return variables;
    }
    if (!(node instanceof ObjectNode object)) {
      throw ProtocolError.params("env must be an object of strings");
    }
    for (Map.Entry<String, JsonNode> variable : object.properties()) {
      String name = variable.getKey();
      boolean named = !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
      if (!named
          || !variable.getValue().isString()
          || variable.getValue().stringValue().indexOf('\0') >= 0) {
        throw ProtocolError.params(
            "env must be an object of strings; the names not empty and without '=' and NUL");
      }
      variables.put(name, variable.getValue().stringValue());
    }
    return variables;
  }
}
