package dev.regatta.rehearsal;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An answer in the form of the Chat Completions API, whole or as events. */
final class ChatMessage implements AnswerForm {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String END = "data: [DONE]\n\n";

  private final Answer answer;
  private final String model;
  private final int inputTokens;

  ChatMessage(Answer answer, String model, int inputTokens) {
    this.answer = answer;
    this.model = model;
    this.inputTokens = inputTokens;
  }

  @Override
  public String whole() {
    ObjectNode completion = completion("chat.completion");
    ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    if (answer.tool().isPresent()) {
      message.putNull("content");
      call(message, arguments());
    } else {
      message.put("content", answer.text());
    }
    choice.put("finish_reason", reason());
    usage(completion);
    return completion.toString();
  }

  @Override
  public List<String> opening() {
    ObjectNode chunk = chunk();
    ObjectNode delta = delta(chunk).put("role", "assistant");
    if (answer.tool().isPresent()) {
      call(delta, "");
    } else {
      delta.put("content", "");
    }
    return List.of(sent(chunk));
  }

  @Override
  public List<String> deltas() {
    List<String> events = new ArrayList<>();
    boolean tool = answer.tool().isPresent();
    for (String piece : answer.pieces(tool ? arguments() : answer.text())) {
      ObjectNode chunk = chunk();
      if (tool) {
        ObjectNode call = delta(chunk).putArray("tool_calls").addObject().put("index", 0);
        call.putObject("function").put("arguments", piece);
      } else {
        delta(chunk).put("content", piece);
      }
      events.add(sent(chunk));
    }
    return events;
  }

  @Override
  public List<String> closing() {
    ObjectNode chunk = chunk();
    delta(chunk);
    ((ObjectNode) chunk.path("choices").path(0)).put("finish_reason", reason());
    ObjectNode used = completion("chat.completion.chunk");
    used.putArray("choices");
    usage(used);
    return List.of(sent(chunk), sent(used), END);
  }

  private ObjectNode chunk() {
    ObjectNode chunk = completion("chat.completion.chunk");
    chunk.putArray("choices").addObject().put("index", 0).putObject("delta");
    return chunk;
  }

  private static ObjectNode delta(ObjectNode chunk) {
    return (ObjectNode) chunk.path("choices").path(0).path("delta");
  }

  private ObjectNode completion(String object) {
    ObjectNode completion =
        JSON.createObjectNode()
            .put("id", "chatcmpl_rehearsal_" + answer.messageId().substring(Message.ID.length()));
    return completion.put("object", object).put("model", model);
  }

  private void call(ObjectNode message, String arguments) {
    Answer.ToolUse tool = answer.tool().orElseThrow();
    ObjectNode call = message.putArray("tool_calls").addObject().put("index", 0);
    call.put("id", tool.id()).put("type", "function");
    call.putObject("function").put("name", tool.name()).put("arguments", arguments);
  }

  private String arguments() {
    return answer.tool().map(tool -> tool.input().toString()).orElse("");
  }

  private String reason() {
    return answer.tool().isPresent() ? "tool_calls" : "stop";
  }

  private void usage(ObjectNode completion) {
    int output = answer.tokens();
    completion
        .putObject("usage")
        .put("prompt_tokens", inputTokens)
        .put("completion_tokens", output)
        .put("total_tokens", inputTokens + output);
  }

  private static String sent(ObjectNode event) {
    return "data: " + event + "\n\n";
  }
}
