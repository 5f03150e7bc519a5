package dev.regatta.agent;

import dev.regatta.agent.Endings.Judgement;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON lines that an agent prints, and what is to be said where they are none. */
final class EventLines {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Predicate<String> noise;
  private @Nullable String unreadable;
  private @Nullable String complaint;
  private int events;

  /**
   * Lines of which none was read.
   *
   * @param noise what the agent says on standard error each time, which explains nothing
   */
  EventLines(Predicate<String> noise) {
    this.noise = noise;
  }

  /** The event that a line holds; empty if it holds none. */
  Optional<JsonNode> read(Channel channel, String line, boolean cut) {
    if (line.isBlank()) {
      return Optional.empty();
    }
    if (channel == Channel.ERROR) {
      complaint = complaint == null && !noise.test(line) ? Words.quote(line) : complaint;
      return Optional.empty();
    }
    if (cut) {
      unreadable = "printed a line too long to be read";
      return Optional.empty();
    }
    try {
      JsonNode value = MAPPER.readTree(line);
      if (value.isObject()) {
        unreadable = null;
        events++;
        return Optional.of(value);
      }
      unreadable = "printed JSON that is not an event: " + Words.quote(line);
    } catch (UnexpectedEndOfInputException e) {
      unreadable = "printed JSON that is cut short";
    } catch (JacksonException e) {
      unreadable =
          begunObject(line)
              ? "printed JSON that is cut short"
              : "printed what is not JSON: " + Words.quote(line);
    }
    return Optional.empty();
  }

  /** Cut within a word such as {@code false}, it looks to the parser like a wrong word. */
  private static boolean begunObject(String line) {
    return line.startsWith("{") && !line.stripTrailing().endsWith("}");
  }

  /**
   * What it means that the event did not come with which the agent ends.
   *
   * @param last what that event is called
   */
  Judgement without(String last, Ending ending) {
    String what;
    if (ending.outputBytes() == 0) {
      what = "printed nothing";
    } else if (ending.binary()) {
      what = "printed binary data";
    } else if (unreadable != null) {
      what = unreadable;
    } else {
      what = "printed no " + last;
    }
    // A signal or exit code explains a missing end; where there was no event it explains none.
    boolean broke = ending.signal() != null || (events > 0 && !Endings.clean(ending));
    return new Judgement(
        broke ? Outcome.AGENT_ERROR : Outcome.OUTPUT_INVALID,
        what + " (" + Endings.end(ending) + ")" + complaint());
  }

  /** The first thing that it said on standard error, ready to be put behind a reason. */
  String complaint() {
    return complaint == null || complaint.isEmpty() ? "" : "; on standard error: " + complaint;
  }
}
