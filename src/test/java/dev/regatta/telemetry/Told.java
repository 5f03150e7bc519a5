package dev.regatta.telemetry;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events for tests, of which only what a test is about differs. */
final class Told {
  static final long SECOND = 1_000_000_000L;

  private Told() {}

  static Event.AttemptStarted started(String attempt, String agent, long spawnNanos) {
    return new Event.AttemptStarted(
        attempt,
        attempt,
        null,
        null,
        1,
        agent,
        "CLAUDE_CODE_TOKEN1",
        null,
        null,
        null,
        null,
        7,
        0,
        spawnNanos,
        spawnNanos);
  }

  static Event.AttemptEnded ended(
      String attempt, Outcome outcome, long firstOutput, long exit, Claims claims) {
    return new Event.AttemptEnded(
        attempt,
        outcome,
        "",
        0,
        null,
        firstOutput,
        null,
        null,
        exit,
        null,
        null,
        0,
        0,
        false,
        claims,
        0,
        0);
  }

  static Claims claims(
      @Nullable Double cost, @Nullable String model, @Nullable Map<String, Claims.Use> models) {
    return new Claims(
        "a-session",
        null,
        null,
        cost,
        10L,
        20L,
        30L,
        40L,
        model,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        models);
  }

  static Event.ExchangeSeen exchange(String attempt, int status, long start, long end) {
    return new Event.ExchangeSeen(
        new Exchange(
            1,
            attempt,
            "fingerprint",
            new Exchange.Asked("POST", "/v1/messages", "a-model", 10, ""),
            new Exchange.Answered(
                status,
                "req_1",
                Map.of(),
                false,
                10,
                "",
                new Exchange.Message("msg_1", "a-model-1", "end_turn", null, 10L, 20L, 30L, 40L),
                null),
            new Exchange.Times(
                start, start + 1, start + 2, start + SECOND / 10, start + SECOND / 5, end),
            null,
            Exchange.Ending.COMPLETE,
            ""));
  }
}
