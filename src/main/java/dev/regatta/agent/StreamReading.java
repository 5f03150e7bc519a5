package dev.regatta.agent;

import dev.regatta.agent.Endings.Judgement;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what {@code claude -p} prints as stream-json or json. Unknown events are passed over. */
final class StreamReading implements Reading {
  private static final long LONGEST_WAIT_MS = 86_400_000;
  private static final long YEAR_2100 = 4_102_444_800L;
  private static final int TOO_MANY = 429;
  private static final int REFUSED = 401;

  private final EventLines lines = new EventLines(line -> false);
  private @Nullable String session;
  private @Nullable String version;
  private @Nullable String model;
  private @Nullable String assistantError;
  private @Nullable Result result;
  private @Nullable Instant limitedUntil;
  private @Nullable Integer retryStatus;
  private boolean refused;
  private boolean rehearsal;
  private int results;
  private long retryWaitMs;
  private long rateLimitWaitMs;

  @Override
  public List<Sign> line(Channel channel, String line, boolean cut, long nanos) {
    List<Sign> signs = new ArrayList<>();
    lines.read(channel, line, cut).ifPresent(event -> event(event, nanos, signs));
    return signs;
  }

  private void event(JsonNode event, long nanos, List<Sign> signs) {
    rehearsal |= marked(event);
    switch (Numbers.text(event, "type")) {
      case "system" -> system(event, signs);
      case "assistant" -> {
        tools(event, signs);
        assistant(event);
      }
      case "user" -> tools(event, signs);
      case "rate_limit_event" -> limit(event.path("rate_limit_info"), signs);
      case "result" -> {
        Result read = Result.of(event);
        result = read;
        results++;
        session(read.sessionId(), signs);
        signs.add(new Sign.Answered(nanos));
      }
      case null, default -> {
        // New kinds of events come with new versions of the CLI.
      }
    }
  }

  private static boolean marked(JsonNode event) {
    JsonNode mark = event.path("rehearsal");
    String message = Numbers.text(event.path("message"), "id");
    String request = Numbers.text(event, "request_id");
    return (mark.isBoolean() && mark.booleanValue())
        || (message != null && message.startsWith("msg_rehearsal_"))
        || (request != null && request.startsWith("req_rehearsal_"));
  }

  private void system(JsonNode event, List<Sign> signs) {
    switch (Numbers.text(event, "subtype")) {
      case "init" -> {
        String named = Numbers.text(event, "claude_code_version");
        version = named == null ? version : named;
        String asked = Numbers.text(event, "model");
        model = model == null ? asked : model;
        session(Numbers.text(event, "session_id"), signs);
      }
      case "api_retry" -> retry(event, signs);
      case null, default -> {
        // Progress of no consequence.
      }
    }
  }

  private void session(@Nullable String id, List<Sign> signs) {
    if (session == null && id != null) {
      session = id;
      signs.add(new Sign.Session(id));
    }
  }

  private void retry(JsonNode event, List<Sign> signs) {
    Long delay = Numbers.rounded(event, "retry_delay_ms", LONGEST_WAIT_MS);
    Integer number = Numbers.small(event, "attempt", Integer.MAX_VALUE);
    Integer status = Numbers.small(event, "error_status", 599);
    long waits = delay == null ? 0 : delay;
    retryWaitMs += waits;
    rateLimitWaitMs += status != null && status == TOO_MANY ? waits : 0;
    retryStatus = status;
    signs.add(new Sign.ApiRetry(number == null ? 0 : number, status, waits));
    // The CLI goes on for 177 s; a refused credential does not get better.
    if (status != null && status == REFUSED && !refused) {
      refused = true;
      signs.add(new Sign.Hopeless(Outcome.UNAUTHORIZED, Failures.refused().reason()));
    }
  }

  /** Calls of tools, and their answers, of sub-agents too. */
  private static void tools(JsonNode event, List<Sign> signs) {
    for (JsonNode block : event.path("message").path("content")) {
      String type = Numbers.text(block, "type");
      if ("tool_use".equals(type)) {
        String id = Numbers.text(block, "id");
        String name = Numbers.text(block, "name");
        if (id != null && name != null) {
          signs.add(new Sign.ToolCalled(id, name));
        }
      } else if ("tool_result".equals(type)) {
        String id = Numbers.text(block, "tool_use_id");
        if (id != null) {
          signs.add(new Sign.ToolAnswered(id, block.path("is_error").asBoolean(false)));
        }
      }
    }
  }

  private void assistant(JsonNode event) {
    if (Numbers.text(event, "parent_tool_use_id") != null) {
      return; // a sub-agent's: its failure is the agent's to handle
    }
    assistantError = Numbers.text(event, "error");
    String answering = Numbers.text(event.path("message"), "model");
    if (answering != null && !answering.startsWith("<")) { // "<synthetic>" is the CLI itself
      model = answering;
    }
  }

  private void limit(JsonNode info, List<Sign> signs) {
    Long resets = Numbers.count(info, "resetsAt", YEAR_2100);
    if ("rejected".equals(Numbers.text(info, "status")) && resets != null) {
      Instant until = Instant.ofEpochSecond(resets);
      limitedUntil = until;
      signs.add(new Sign.Limited(until));
    }
    Double used = Numbers.share(info, "utilization");
    if (used != null && resets != null) {
      String limit = Numbers.text(info, "rateLimitType");
      signs.add(
          new Sign.Used(
              limit == null ? "unified" : Words.quote(limit), used, Instant.ofEpochSecond(resets)));
    }
  }

  @Override
  public Conclusion conclude(Ending ending) {
    Judgement judgement = judge(ending);
    return new Conclusion(
        judgement.outcome(),
        judgement.reason() + several(),
        claims(),
        rehearsal,
        retryWaitMs,
        rateLimitWaitMs,
        judgement.outcome() == Outcome.RATE_LIMITED
            ? Optional.ofNullable(limitedUntil)
            : Optional.empty(),
        judgement.hopeless());
  }

  /** The most specific reason: what the API said, our own stop, what the agent said, the rest. */
  private Judgement judge(Ending ending) {
    Result last = result;
    boolean good = last != null && last.good();
    Optional<Judgement> known = good ? Optional.empty() : apiFailure(last);
    if (known.isPresent()) {
      return known.get();
    }
    Optional<Judgement> stop = Endings.stop(ending);
    if (stop.isPresent()) {
      return new Judgement(stop.get().outcome(), stop.get().reason() + whenStopped(good));
    }
    if (last == null) {
      return lines.without("result line", ending);
    }
    if (last.failed()) {
      return Failures.agent(last.subtype(), textOf(last));
    }
    return good
        ? answered(ending, last)
        : new Judgement(Outcome.OUTPUT_INVALID, "its result does not say whether it is an error");
  }

  private Optional<Judgement> apiFailure(@Nullable Result last) {
    if (last != null && last.failed()) {
      Optional<Judgement> told = Failures.api(last.apiErrorStatus(), assistantError, textOf(last));
      if (told.isPresent()) {
        return told;
      }
    }
    if (refused) {
      return Optional.of(Failures.refused());
    }
    if (limitedUntil != null) {
      return Optional.of(Failures.limited());
    }
    return Failures.api(null, assistantError, "");
  }

  private String whenStopped(boolean good) {
    if (good) {
      return "; it had answered, but did not end";
    }
    return retryStatus == null ? "" : "; it was repeating calls after HTTP status " + retryStatus;
  }

  private Judgement answered(Ending ending, Result last) {
    if (!Endings.clean(ending)) {
      return new Judgement(
          Outcome.AGENT_ERROR,
          "gave a good result, but " + Endings.end(ending) + lines.complaint());
    }
    Integer denied = last.permissionDenials();
    return new Judgement(
        Outcome.SUCCEEDED,
        denied == null || denied == 0
            ? "answered"
            : "answered; permission denied for " + denied + " tool uses");
  }

  private String several() {
    return results > 1 ? "; it printed " + results + " results, the last counts" : "";
  }

  private static String textOf(Result last) {
    return last.text() == null ? "" : last.text();
  }

  private Claims claims() {
    Result last = result;
    if (last == null) {
      return new Claims(
          session, null, null, null, null, null, null, null, model, null, null, null, null, null,
          null, null, version, null);
    }
    return new Claims(
        last.sessionId(),
        last.durationMs(),
        last.apiDurationMs(),
        last.costUsd(),
        last.inputTokens(),
        last.outputTokens(),
        last.cacheReadTokens(),
        last.cacheCreationTokens(),
        last.model() == null ? model : last.model(),
        last.turns(),
        last.text(),
        last.error(),
        last.subtype(),
        last.apiErrorStatus(),
        last.terminalReason(),
        last.permissionDenials(),
        version,
        last.models());
  }
}
