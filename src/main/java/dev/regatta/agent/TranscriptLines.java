package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import dev.regatta.process.LineSplitter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the lines of one file in which an agent keeps what a model said in a session. The agent
 * wrote it, so all that is taken from it is bounded. Which lines count is each agent's own.
 */
abstract sealed class TranscriptLines permits TranscriptReading, RolloutReading {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int MOST_MESSAGES = 10_000;
  private static final int LONGEST_TEXT = 200;

  private final String session;
  private final String counting;
  private final Map<String, Transcript.Message> messages;
  private String fault = "";

  /**
   * Adds what it finds to those messages.
   *
   * @param counting what stands in each line that counts, also where the line is cut
   */
  TranscriptLines(String session, String counting, Map<String, Transcript.Message> messages) {
    this.session = session;
    this.counting = counting;
    this.messages = messages;
  }

  /** Why it was not read whole; empty if it was. */
  final String fault() {
    return fault;
  }

  final void line(LineSplitter.Line line) {
    if (line.text().isBlank()) {
      return;
    }
    if (line.cut()) {
      // A tool's result may be as long as it likes; what counts is bounded.
      fault = line.text().contains(counting) ? "a line is too long" : fault;
      return;
    }
    try {
      event(MAPPER.readTree(line.text()));
    } catch (JacksonException e) {
      fault = "a line is not JSON";
    }
  }

  abstract void event(JsonNode event);

  final Map<String, Transcript.Message> messages() {
    return messages;
  }

  final void notWhole(String why) {
    fault = why;
  }

  /** Whether a line that names that session belongs here. */
  final boolean isOfThisSession(@Nullable String named) {
    boolean same = session.equals(named);
    fault = same ? fault : "it holds lines of another session";
    return same;
  }

  final boolean hasRoomFor(String id) {
    boolean room = messages.size() < MOST_MESSAGES || messages.containsKey(id);
    fault = room ? fault : "only its first " + MOST_MESSAGES + " messages were read";
    return room;
  }

  static @Nullable String text(JsonNode parent, String field) {
    String text = Numbers.text(parent, field);
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
