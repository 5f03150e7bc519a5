package dev.regatta.server;

import dev.regatta.journal.JournalTail;
import dev.regatta.store.RunRow;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A part of a journal, as much as a model can read at once. */
final class JournalPage {
  static final int USUAL_LINES = 100;
  static final int MOST_LINES = 1_000;

  /** The claude CLI takes some 25,000 tokens from a tool. */
  static final int MOST_CHARACTERS = 60_000;

  private JournalPage() {}

  /**
   * Lines from one on.
   *
   * @param from the number of the first
   * @param most how many lines
   * @return {@code lines}; {@code next}, the number from which to go on; and {@code over}, whether
   *     nothing will come there any more. Of a line that is too long there is only its length.
   */
  static ObjectNode of(RunDesk desk, RunRow row, long from, int most) throws Refused, IOException {
    boolean living =
        desk.runs().living(row); // asked before the look, which then sees the last line
    ObjectNode page = Notices.object().put("run", row.id());
    ArrayNode lines = page.putArray("lines");
    long next = from;
    long characters = 0;
    boolean more = false;
    try (RunDesk.Reading reading = desk.journal(row)) {
      for (Optional<JournalTail.Line> line = reading.next();
          line.isPresent() && !more;
          line = reading.next()) {
        if (line.get().number() < from) {
          continue;
        }
        String shown = shown(line.get());
        characters += shown.length();
        more = lines.size() == most || (characters > MOST_CHARACTERS && !lines.isEmpty());
        if (!more) {
          lines.add(json(desk.runs().access().redact().apply(shown)));
          next = line.get().number() + 1;
        }
      }
    }
    return page.put("next", next).put("over", !living && !more);
  }

  private static String shown(JournalTail.Line line) {
    return line.text().length() <= MOST_CHARACTERS
        ? line.text()
        : "{\"seq\":" + line.number() + ",\"leftOutCharacters\":" + line.text().length() + "}";
  }

  /** A line that is none of a journal's stands there as a text. */
  private static JsonNode json(String line) {
    try {
      return Notices.JSON.readTree(line);
    } catch (JacksonException e) {
      return Notices.JSON.valueToTree(line);
    }
  }
}
