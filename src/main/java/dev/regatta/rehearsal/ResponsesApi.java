package dev.regatta.rehearsal;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's Responses API, as the {@code codex} CLI calls it (measured with 0.169.0). */
record ResponsesApi() implements Api {
  static final String PATH = "/v1/responses";

  /** From so many seconds on a 429 is not the rate's but the account's. */
  private static final int LONG_WAIT = 60;

  @Override
  public Ask ask(JsonNode body, String path) {
    JsonNode input = body.path("input");
    if (!body.path("model").isString()) {
      throw new IllegalArgumentException("Missing required parameter: 'model'.");
    }
    if (!input.isString() && (!input.isArray() || input.isEmpty())) {
      throw new IllegalArgumentException("Missing required parameter: 'input'.");
    }
    Set<String> tools = new HashSet<>();
    names(body.path("tools"), tools);
    input.forEach(item -> names(item.path("tools"), tools));
    if (ShellWrite.possible(tools)) {
      tools.add(ShellWrite.NAME);
    }
    return new Ask(
        body.path("model").asString(),
        body.path("stream").asBoolean(false),
        input.isString() ? input.asString().strip() : prompt(input),
        toolUse(input),
        tools,
        false);
  }

  /** Tools may stand in groups, and the groups among the input. */
  private static void names(JsonNode tools, Set<String> names) {
    for (JsonNode tool : tools) {
      if (tool.path("type").asString("").equals("namespace")) {
        names(tool.path("tools"), names);
      } else if (tool.path("name").isString()) {
        names.add(tool.path("name").asString());
      }
    }
  }

  private static String prompt(JsonNode input) {
    for (int index = input.size() - 1; index >= 0; index--) {
      JsonNode item = input.path(index);
      JsonNode content = item.path("content");
      if (item.path("role").asString("").equals("user")) {
        String text = content.isString() ? content.asString() : Ask.ownText(item);
        // Codex tells the model of the folder and the machine in a message of the user's.
        if (!text.isBlank() && !text.startsWith("<environment_context>")) {
          return text.strip();
        }
      }
    }
    return "";
  }

  private static Optional<String> toolUse(JsonNode input) {
    for (int index = input.size() - 1; index >= 0; index--) {
      JsonNode item = input.path(index);
      String id = item.path("call_id").asString("");
      boolean result = item.path("type").asString("").endsWith("_output");
      if (result && id.startsWith(Ask.TOOL_USE)) {
        return Optional.of(id);
      }
      if (item.path("role").asString("").equals("assistant")) {
        break;
      }
    }
    return Optional.empty();
  }

  @Override
  public AnswerForm form(Answer answer, Ask ask, int inputTokens) {
    return new ResponseMessage(answer, ask, inputTokens);
  }

  @Override
  public String error(int status, String type, String message, String requestId) {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", status == 429 ? "requests" : type)
        .putNull("param")
        .put("code", code(status));
    return body.toString();
  }

  static String code(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 429 -> "rate_limit_exceeded";
      case 400, 404, 405, 413 -> "invalid_request";
      default -> "server_error";
    };
  }

  /** A long time to wait is said as the limit of an account is. */
  @Override
  public String error(Fault.Refusal fault, String message, String requestId) {
    int seconds = fault.retryAfter().orElse(0);
    if (fault.status() != 429 || seconds < LONG_WAIT) {
      return Api.super.error(fault, message, requestId);
    }
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.putObject("error")
        .put("type", "usage_limit_reached")
        .put("message", message)
        .put("resets_in_seconds", seconds)
        .put("resets_at", System.currentTimeMillis() / 1000 + seconds);
    return body.toString();
  }

  @Override
  public String requestIdHeader() {
    return "x-request-id";
  }
}
