package dev.regatta.rehearsal;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * What one request asks, whatever the form of its API.
 *
 * @param model the model named
 * @param streamed whether the answer is to come as events
 * @param prompt the user's last own text
 * @param toolUse the tool use of ours whose result the request brings
 * @param result what that tool said; empty if there is none
 * @param tools names of the tools that the request offers
 * @param auxiliary whether a program asks for itself, not for its user
 */
record Ask(
    String model,
    boolean streamed,
    String prompt,
    Optional<String> toolUse,
    String result,
    Set<String> tools,
    boolean auxiliary) {
  static final String TOOL_USE = "toolu_rehearsal_";
  // Claude Code puts notes of its own into the user's message, as blocks that start so.
  private static final String NOTE = "<system-reminder>";

  /** One whose tools said nothing that is read. */
  Ask(
      String model,
      boolean streamed,
      String prompt,
      Optional<String> toolUse,
      Set<String> tools,
      boolean auxiliary) {
    this(model, streamed, prompt, toolUse, "", tools, auxiliary);
  }

  /** The result of a tool use of ours. */
  private record Brought(String toolUse, String result) {}

  /**
   * Reads a request of the Messages API.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  static Ask of(JsonNode body) {
    JsonNode messages = body.path("messages");
    if (!body.path("model").isString()) {
      throw new IllegalArgumentException("model: Field required");
    }
    if (!messages.isArray() || messages.isEmpty()) {
      throw new IllegalArgumentException("messages: at least one message is required");
    }
    String prompt = prompt(messages);
    Optional<Brought> brought = brought(messages);
    return new Ask(
        body.path("model").asString(),
        body.path("stream").asBoolean(false),
        prompt,
        brought.map(Brought::toolUse),
        brought.map(Brought::result).orElse(""),
        StreamSupport.stream(body.path("tools").spliterator(), false)
            .map(tool -> tool.path("name").asString(""))
            .collect(Collectors.toUnmodifiableSet()),
        isAuxiliary(body, prompt));
  }

  private static String prompt(JsonNode messages) {
    for (int index = messages.size() - 1; index >= 0; index--) {
      JsonNode message = messages.path(index);
      String text = message.path("role").asString("").equals("user") ? ownText(message) : "";
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /** The text that a message holds, without the notes that programs add. */
  static String ownText(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isString()) {
      return content.asString().strip();
    }
    return StreamSupport.stream(content.spliterator(), false)
        .map(block -> block.path("text").asString("").strip())
        .filter(text -> !text.isEmpty() && !text.startsWith(NOTE))
        .collect(Collectors.joining("\n"));
  }

  // The CLI may put messages of its own behind the result.
  private static Optional<Brought> brought(JsonNode messages) {
    for (int index = messages.size() - 1; index >= 0; index--) {
      JsonNode message = messages.path(index);
      if (message.path("role").asString("").equals("assistant")) {
        break;
      }
      for (JsonNode block : message.path("content")) {
        String id = block.path("tool_use_id").asString("");
        if (id.startsWith(TOOL_USE)) {
          return Optional.of(new Brought(id, said(block.path("content"))));
        }
      }
    }
    return Optional.empty();
  }

  private static String said(JsonNode content) {
    if (content.isString()) {
      return content.asString();
    }
    return StreamSupport.stream(content.spliterator(), false)
        .map(block -> block.path("text").asString(""))
        .collect(Collectors.joining("\n"));
  }

  // Claude Code checks its quota with one token, and has titles made for its sessions.
  private static boolean isAuxiliary(JsonNode body, String prompt) {
    return (body.path("max_tokens").asInt(0) == 1 && prompt.equals("quota"))
        || (body.path("tools").isEmpty()
            && body.path("output_config")
                .path("format")
                .path("schema")
                .path("properties")
                .has("title"));
  }
}
