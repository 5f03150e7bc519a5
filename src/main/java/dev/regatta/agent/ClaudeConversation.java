package dev.regatta.agent;

import dev.regatta.process.LineSplitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was said in a session of the {@code claude} CLI, as its own transcript has it: the texts of
 * the model, and which tools it called and got a result of. What is read is bounded; the files are
 * the agent's.
 */
public final class ClaudeConversation {
  /** Characters of the model's texts that are held. */
  private static final int MOST_TEXT = 16 << 20;

  private static final int MOST_TOOLS = 100_000;
  private static final long MOST_BYTES = 64L << 20;

  private final String session;
  private final Map<String, StringBuilder> messages = new LinkedHashMap<>();
  private final Set<String> texts = new HashSet<>();
  private final Set<String> called = new HashSet<>();
  private final Set<String> answered = new HashSet<>();
  private int held;
  private String fault = "";

  private ClaudeConversation(String session) {
    this.session = session;
  }

  /**
   * Reads it.
   *
   * @param configFolder the CLI's configuration folder
   * @param session the id of the session, as the agent told it
   * @return empty if there is no transcript of that session
   */
  public static Optional<ClaudeConversation> read(Path configFolder, String session) {
    if (!TranscriptFiles.isSession(session)) {
      return Optional.empty();
    }
    ClaudeConversation conversation = new ClaudeConversation(session);
    try {
      List<Path> files = ClaudeTranscripts.files(configFolder.resolve("projects"), session);
      long left = MOST_BYTES;
      for (Path file : files) {
        TranscriptFile read = TranscriptFile.read(file, conversation::line, left);
        left -= read.bytes();
        conversation.notWhole(read.fault());
      }
      return files.isEmpty() ? Optional.empty() : Optional.of(conversation);
    } catch (IOException e) {
      conversation.notWhole("it can't be read: " + e.getMessage());
      return Optional.of(conversation);
    }
  }

  /** Why it was not read whole; empty if it was. */
  public String fault() {
    return fault;
  }

  /** Whether the model said that text, as a whole or as a part of one message. */
  public boolean said(String text) {
    String wanted = text.strip();
    return texts.contains(wanted)
        || messages.values().stream().anyMatch(message -> message.indexOf(wanted) >= 0);
  }

  /** Whether the model called a tool by that id, and there is a result of it. */
  public boolean ran(String toolUse) {
    return called.contains(toolUse) && answered.contains(toolUse);
  }

  private void notWhole(String why) {
    fault = fault.isEmpty() ? why : fault;
  }

  private void line(LineSplitter.Line line) {
    if (line.text().isBlank()) {
      return;
    }
    if (line.cut()) {
      notWhole("a line is too long");
      return;
    }
    try {
      event(JsonMapper.shared().readTree(line.text()));
    } catch (JacksonException e) {
      notWhole("a line is not JSON");
    }
  }

  private void event(JsonNode event) {
    if (!session.equals(Numbers.text(event, "sessionId"))) {
      return; // kinds of lines come and go with versions, and some name no session
    }
    JsonNode message = event.path("message");
    String type = Numbers.text(event, "type");
    if ("assistant".equals(type)) {
      String model = Numbers.text(message, "model");
      if (model == null || !model.startsWith("<")) { // else the CLI tells an error of its own
        String id = message.path("id").asString("");
        message.path("content").forEach(block -> ofTheModel(id, block));
      }
    } else if ("user".equals(type)) {
      message.path("content").forEach(this::ofTheTools);
    }
  }

  private void ofTheModel(String id, JsonNode block) {
    String kind = Numbers.text(block, "type");
    String text = Numbers.text(block, "text");
    if ("text".equals(kind) && text != null) {
      held += text.length();
      if (held > MOST_TEXT) {
        notWhole("it has more than " + MOST_TEXT + " characters");
        return;
      }
      texts.add(text.strip());
      messages.computeIfAbsent(id, each -> new StringBuilder()).append(text);
    } else if ("tool_use".equals(kind)) {
      add(called, Numbers.text(block, "id"));
    }
  }

  private void ofTheTools(JsonNode block) {
    if ("tool_result".equals(Numbers.text(block, "type"))) {
      add(answered, Numbers.text(block, "tool_use_id"));
    }
  }

  private void add(Set<String> ids, @Nullable String id) {
    if (id != null && ids.size() < MOST_TOOLS) {
      ids.add(id);
    } else if (id != null) {
      notWhole("it has more than " + MOST_TOOLS + " tool calls");
    }
  }
}
