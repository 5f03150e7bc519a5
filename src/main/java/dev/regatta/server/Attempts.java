package dev.regatta.server;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.JournalReader.Place;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The attempts of a run, as its journal has them before its first fault; values of credentials are
 * never in there. What was told once is never changed, so that it can be written without a lock.
 */
final class Attempts {
  private final Path journal;
  private final Map<String, ObjectNode> byName = new LinkedHashMap<>();
  private final UnaryOperator<String> redact;
  private Place place = Place.BEGINNING;

  Attempts(Path journal, UnaryOperator<String> redact) {
    this.journal = journal;
    this.redact = redact;
  }

  /**
   * Reads what the journal has got since.
   *
   * @throws dev.regatta.journal.JournalBroken if it can't be read
   */
  synchronized Attempts catchUp() {
    JournalReader.Contents read = JournalReader.read(journal, place);
    boolean nothing = read.entries().isEmpty() && place != Place.BEGINNING;
    if (nothing && (replaced() || read.integrity() instanceof JournalReader.Broken)) {
      byName.clear();
      place = Place.BEGINNING;
      read = JournalReader.read(journal, place);
    }
    read.events().forEach(this::take);
    place = place.after(read);
    return this;
  }

  private boolean replaced() {
    return journal.toFile().length() < place.bytes();
  }

  private void take(Event event) {
    if (event instanceof Event.AttemptStarted started) {
      byName.put(started.attempt(), begun(started));
    } else if (event instanceof Event.AttemptEnded ended) {
      ObjectNode begun = byName.getOrDefault(ended.attempt(), unstarted(ended.attempt()));
      byName.put(ended.attempt(), ended(begun.deepCopy(), ended));
    }
  }

  private static ObjectNode begun(Event.AttemptStarted started) {
    return Notices.object()
        .put("attempt", started.attempt())
        .put("task", started.task())
        .put("phase", started.phase())
        .put("parent", started.parent())
        .put("number", started.number())
        .put("agent", started.agent())
        .put("credential", started.credential())
        .put("pid", started.pid())
        .put("state", "running")
        .put("startSeconds", started.spawnNanos() / 1e9);
  }

  /** One that never had a process. */
  private static ObjectNode unstarted(String attempt) {
    return Notices.object().put("attempt", attempt);
  }

  private ObjectNode ended(ObjectNode attempt, Event.AttemptEnded ended) {
    attempt
        .put("state", "ended")
        .put("endSeconds", ended.exitNanos() / 1e9)
        .put("outcome", ended.outcome().word())
        .put("reason", redact.apply(ended.reason()))
        .put("exitCode", ended.exitCode())
        .put("signal", ended.signal())
        .put("outputBytes", ended.outputBytes())
        .put("errorBytes", ended.errorBytes());
    attempt.set("claims", claims(ended.claims()));
    return attempt;
  }

  /** What the agent says of itself; null is what it doesn't say. */
  private ObjectNode claims(Claims claims) {
    return Notices.object()
        .put("sessionId", claims.sessionId())
        .put("model", claims.model())
        .put("answer", claims.result() == null ? null : redact.apply(claims.result()))
        .put("inputTokens", claims.inputTokens())
        .put("outputTokens", claims.outputTokens())
        .put("costUsd", claims.costUsd());
  }

  synchronized ObjectNode all() {
    ObjectNode answer = Notices.object();
    ArrayNode list = answer.putArray("attempts");
    byName.values().forEach(list::add);
    return answer;
  }

  synchronized ObjectNode one(String name) throws Refused {
    ObjectNode found = byName.get(Runs.attempt(name));
    if (found == null) {
      throw Refused.notFound("there is no attempt '" + name + "' in this run");
    }
    return found;
  }
}
