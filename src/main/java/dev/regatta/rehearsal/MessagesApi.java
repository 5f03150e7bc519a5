package dev.regatta.rehearsal;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's Messages API. */
record MessagesApi() implements Api {
  @Override
  public Ask ask(JsonNode body, String path) {
    return Ask.of(body);
  }

  @Override
  public AnswerForm form(Answer answer, Ask ask, int inputTokens) {
    return new Message(answer, ask.model(), inputTokens);
  }

  @Override
  public String error(int status, String type, String message, String requestId) {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("type", "error");
    body.putObject("error").put("type", type).put("message", message);
    return body.put("request_id", requestId).toString();
  }

  @Override
  public String requestIdHeader() {
    return "request-id";
  }
}
