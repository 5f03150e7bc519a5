package dev.regatta.rehearsal;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer in the Gemini API's own form, whole or as events. Its id and the version of its model
 * carry the rehearsal's mark: the CLI prints that version, and nothing else of the answer's.
 */
final class GeminiMessage implements AnswerForm {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ID = "resp_rehearsal_";
  private static final String MARK = "-rehearsal";

  private final Answer answer;
  private final String model;
  private final int inputTokens;

  GeminiMessage(Answer answer, String model, int inputTokens) {
    this.answer = answer;
    this.model = model;
    this.inputTokens = inputTokens;
  }

  @Override
  public String whole() {
    ObjectNode part = answer.tool().map(GeminiMessage::call).orElseGet(() -> text(answer.text()));
    return piece(part, true).toString();
  }

  /** The first event has the first piece already. */
  @Override
  public List<String> opening() {
    return List.of();
  }

  @Override
  public List<String> deltas() {
    Optional<Answer.ToolUse> tool = answer.tool();
    return tool.isPresent()
        ? List.of(sent(piece(call(tool.get()), false)))
        : answer.pieces(answer.text()).stream().map(it -> sent(piece(text(it), false))).toList();
  }

  @Override
  public List<String> closing() {
    return List.of(sent(piece(text(""), true)));
  }

  private ObjectNode piece(ObjectNode part, boolean last) {
    ObjectNode piece = JSON.createObjectNode();
    ObjectNode candidate = piece.putArray("candidates").addObject().put("index", 0);
    ObjectNode content = candidate.putObject("content").put("role", "model");
    content.putArray("parts").add(part);
    ObjectNode usage = piece.putObject("usageMetadata").put("promptTokenCount", inputTokens);
    int output = last ? answer.tokens() : 0;
    if (last) {
      candidate.put("finishReason", "STOP");
      usage.put("candidatesTokenCount", output);
    }
    usage.put("totalTokenCount", inputTokens + output);
    piece.put("modelVersion", model + MARK);
    return piece.put("responseId", ID + answer.messageId().substring(Message.ID.length()));
  }

  private static ObjectNode text(String text) {
    return JSON.createObjectNode().put("text", text);
  }

  private static ObjectNode call(Answer.ToolUse tool) {
    ObjectNode part = JSON.createObjectNode();
    ObjectNode call = part.putObject("functionCall").put("id", tool.id());
    call.put("name", tool.name().equals(GeminiApi.WRITE) ? GeminiApi.WRITE_FILE : tool.name());
    call.set("args", tool.input());
    return part;
  }

  private static String sent(ObjectNode piece) {
    return "data: " + piece + "\r\n\r\n";
  }
}
