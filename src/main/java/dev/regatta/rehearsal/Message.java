package dev.regatta.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An answer in the Messages API's own form, whole or as events. */
final class Message implements AnswerForm {
  static final String ID = "msg_rehearsal_";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Answer answer;
  private final String model;
  private final int inputTokens;

  Message(Answer answer, String model, int inputTokens) {
    this.answer = answer;
    this.model = model;
    this.inputTokens = inputTokens;
  }

  @Override
  public String whole() {
    ObjectNode message = message(answer.tokens());
    ObjectNode block = message.withArray("content").addObject();
    block.setAll(start());
    if (answer.tool().isPresent()) {
      block.set("input", answer.tool().get().input());
    } else {
      block.put("text", answer.text());
    }
    message.put("stop_reason", stopReason());
    return message.toString();
  }

  @Override
  public List<String> opening() {
    ObjectNode begun = event("message_start");
    begun.set("message", message(1));
    ObjectNode block = event("content_block_start").put("index", 0);
    block.set("content_block", start());
    return List.of(sent(begun), sent(event("ping")), sent(block));
  }

  @Override
  public List<String> deltas() {
    Optional<Answer.ToolUse> tool = answer.tool();
    String type = tool.isPresent() ? "input_json_delta" : "text_delta";
    String field = tool.isPresent() ? "partial_json" : "text";
    List<String> events = new ArrayList<>();
    for (String piece :
        answer.pieces(tool.map(it -> it.input().toString()).orElse(answer.text()))) {
      ObjectNode delta = event("content_block_delta").put("index", 0);
      delta.putObject("delta").put("type", type).put(field, piece);
      events.add(sent(delta));
    }
    return events;
  }

  @Override
  public List<String> closing() {
    ObjectNode ended = event("message_delta");
    ended.putObject("delta").put("stop_reason", stopReason()).putNull("stop_sequence");
    ended.putObject("usage").put("output_tokens", answer.tokens());
    return List.of(
        sent(event("content_block_stop").put("index", 0)),
        sent(ended),
        sent(event("message_stop")));
  }

  private ObjectNode message(int outputTokens) {
    ObjectNode message = JSON.createObjectNode();
    message.put("id", answer.messageId()).put("type", "message").put("role", "assistant");
    message.put("model", model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message
        .putObject("usage")
        .put("input_tokens", inputTokens)
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", outputTokens);
    return message;
  }

  private ObjectNode start() {
    ObjectNode block = JSON.createObjectNode();
    answer
        .tool()
        .ifPresentOrElse(
            tool -> {
              block.put("type", "tool_use").put("id", tool.id()).put("name", tool.name());
              block.putObject("input");
            },
            () -> block.put("type", "text").put("text", ""));
    return block;
  }

  private String stopReason() {
    return answer.tool().isPresent() ? "tool_use" : "end_turn";
  }

  private static ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private static String sent(ObjectNode event) {
    return "event: " + event.path("type").asString() + "\ndata: " + event + "\n\n";
  }
}
