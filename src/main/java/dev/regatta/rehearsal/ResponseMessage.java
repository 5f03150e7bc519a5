package dev.regatta.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An answer in the Responses API's own form, whole or as events. */
final class ResponseMessage implements AnswerForm {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Answer answer;
  private final Ask ask;
  private final int inputTokens;
  private final Optional<ShellWrite.Call> call;
  private int sequence;

  ResponseMessage(Answer answer, Ask ask, int inputTokens) {
    this.answer = answer;
    this.ask = ask;
    this.inputTokens = inputTokens;
    this.call = answer.tool().map(tool -> ShellWrite.of(tool, ask.tools()));
  }

  @Override
  public String whole() {
    return completed().toString();
  }

  @Override
  public List<String> opening() {
    ObjectNode created = event("response.created");
    created.set("response", response("in_progress"));
    ObjectNode added = event("response.output_item.added").put("output_index", 0);
    added.set("item", item("in_progress"));
    List<String> events = new ArrayList<>(List.of(sent(created), sent(added)));
    if (call.isEmpty()) {
      ObjectNode part = part("response.content_part.added");
      part.putObject("part").put("type", "output_text").put("text", "").putArray("annotations");
      events.add(sent(part));
    }
    return events;
  }

  @Override
  public List<String> deltas() {
    List<String> events = new ArrayList<>();
    for (String piece : answer.pieces(call.map(ShellWrite.Call::input).orElse(answer.text()))) {
      events.add(sent(part(kind() + ".delta").put("delta", piece)));
    }
    return events;
  }

  private String kind() {
    return call.map(it ->
            it.custom() ? "response.custom_tool_call_input" : "response.function_call_arguments")
        .orElse("response.output_text");
  }

  @Override
  public List<String> closing() {
    ObjectNode done = event("response.output_item.done").put("output_index", 0);
    done.set("item", item("completed"));
    ObjectNode completed = event("response.completed");
    completed.set("response", completed());
    return List.of(sent(done), sent(completed));
  }

  private ObjectNode completed() {
    ObjectNode response = response("completed");
    response.withArray("output").add(item("completed"));
    int output = answer.tokens();
    ObjectNode usage = response.putObject("usage").put("input_tokens", inputTokens);
    usage.putObject("input_tokens_details").put("cached_tokens", 0);
    usage.put("output_tokens", output);
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    usage.put("total_tokens", inputTokens + output);
    return response;
  }

  private ObjectNode response(String status) {
    ObjectNode response = JSON.createObjectNode().put("id", "resp_rehearsal_" + number());
    response.put("object", "response").put("status", status).put("model", ask.model());
    response.putArray("output");
    return response;
  }

  private String number() {
    return answer.messageId().substring(Message.ID.length());
  }

  private ObjectNode item(String status) {
    boolean whole = status.equals("completed");
    ObjectNode item = JSON.createObjectNode().put("status", status);
    if (call.isPresent()) {
      ShellWrite.Call it = call.get();
      item.put("type", it.custom() ? "custom_tool_call" : "function_call");
      item.put("id", itemId()).put("name", it.name());
      item.put("call_id", answer.tool().orElseThrow().id());
      return item.put(it.custom() ? "input" : "arguments", whole ? it.input() : "");
    }
    item.put("type", "message").put("id", itemId()).put("role", "assistant");
    if (whole) {
      ObjectNode part = item.putArray("content").addObject().put("type", "output_text");
      part.put("text", answer.text()).putArray("annotations");
    } else {
      item.putArray("content");
    }
    return item;
  }

  private String itemId() {
    String prefix = call.isEmpty() ? "msg" : call.get().custom() ? "ctc" : "fc";
    return prefix + "_rehearsal_" + number();
  }

  private ObjectNode part(String type) {
    ObjectNode event = event(type).put("item_id", itemId()).put("output_index", 0);
    return call.isPresent() ? event : event.put("content_index", 0);
  }

  private ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type).put("sequence_number", sequence++);
  }

  private static String sent(ObjectNode event) {
    return "event: " + event.path("type").asString() + "\ndata: " + event + "\n\n";
  }
}
