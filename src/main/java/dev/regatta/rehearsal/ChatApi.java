package dev.regatta.rehearsal;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's Chat Completions API, which many other servers speak too. */
record ChatApi() implements Api {
  static final String PATH = "/v1/chat/completions";

  @Override
  public Ask ask(JsonNode body, String path) {
    JsonNode messages = body.path("messages");
    if (!body.path("model").isString()) {
      throw new IllegalArgumentException("Missing required parameter: 'model'.");
    }
    if (!messages.isArray() || messages.isEmpty()) {
      throw new IllegalArgumentException("Missing required parameter: 'messages'.");
    }
    return new Ask(
        body.path("model").asString(),
        body.path("stream").asBoolean(false),
        prompt(messages),
        toolUse(messages),
        tools(body),
        false);
  }

  private static Set<String> tools(JsonNode body) {
    return StreamSupport.stream(body.path("tools").spliterator(), false)
        .map(tool -> tool.path("function").path("name").asString(""))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String prompt(JsonNode messages) {
    for (int index = messages.size() - 1; index >= 0; index--) {
      JsonNode message = messages.path(index);
      String text = message.path("role").asString("").equals("user") ? Ask.ownText(message) : "";
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  private static Optional<String> toolUse(JsonNode messages) {
    JsonNode last = messages.path(messages.size() - 1);
    return Optional.of(last.path("tool_call_id").asString(""))
        .filter(id -> id.startsWith(Ask.TOOL_USE));
  }

  @Override
  public AnswerForm form(Answer answer, Ask ask, int inputTokens) {
    return new ChatMessage(answer, ask.model(), inputTokens);
  }

  @Override
  public String error(int status, String type, String message, String requestId) {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", type)
        .putNull("param")
        .put("code", ResponsesApi.code(status));
    return body.toString();
  }

  @Override
  public String requestIdHeader() {
    return "x-request-id";
  }
}
