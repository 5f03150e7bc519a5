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

/** Reads what {@code gemini -o stream-json} prints. Unknown events are passed over. */
final class GeminiReading implements Reading {
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final String REHEARSED_TOOL = "toolu_rehearsal_";
  private static final String REHEARSED_MODEL = "-rehearsal";

  // Standard error is read apart: it tells of repeated calls too.
  private final EventLines lines = new EventLines(line -> true);
  private final GeminiComplaints complaints = new GeminiComplaints();
  private final StringBuilder answer = new StringBuilder();
  private @Nullable String session;
  private @Nullable String model;
  private @Nullable String warning;
  private @Nullable String error;
  private @Nullable GeminiResult result;
  private boolean rehearsal;
  private int results;

  @Override
  public List<Sign> line(Channel channel, String line, boolean cut, long nanos) {
    if (channel == Channel.ERROR) {
      return complaints.line(line).<List<Sign>>map(List::of).orElse(List.of());
    }
    List<Sign> signs = new ArrayList<>();
    lines.read(channel, line, cut).ifPresent(event -> event(event, nanos, signs));
    return signs;
  }

  private void event(JsonNode event, long nanos, List<Sign> signs) {
    switch (Numbers.text(event, "type")) {
      case "init" -> init(event, signs);
      case "message" -> message(event);
      case "tool_use" -> {
        answer.setLength(0); // what comes before a tool is no answer yet
        String id = Numbers.text(event, "tool_id");
        rehearsal |= id != null && id.contains(REHEARSED_TOOL);
        String name = Numbers.text(event, "tool_name");
        if (id != null && name != null) {
          signs.add(new Sign.ToolCalled(id, name));
        }
      }
      case "tool_result" -> {
        String id = Numbers.text(event, "tool_id");
        if (id != null) {
          signs.add(new Sign.ToolAnswered(id, !"success".equals(Numbers.text(event, "status"))));
        }
      }
      case "error" -> error(event);
      case "result" -> {
        result = GeminiResult.of(event);
        results++;
        rehearsal |=
            result.models().keySet().stream().anyMatch(name -> name.endsWith(REHEARSED_MODEL));
        signs.add(new Sign.Answered(nanos));
      }
      case null, default -> {
        // New kinds come with new versions of the CLI.
      }
    }
  }

  private void init(JsonNode event, List<Sign> signs) {
    model = model == null ? Numbers.text(event, "model") : model;
    String id = Numbers.text(event, "session_id");
    if (session == null && id != null) {
      session = id;
      signs.add(new Sign.Session(id));
    }
  }

  private void message(JsonNode event) {
    String content = Numbers.text(event, "content");
    if (!"assistant".equals(Numbers.text(event, "role")) || content == null) {
      return;
    }
    int room = LONGEST_ANSWER - answer.length();
    answer.append(content, 0, Math.min(content.length(), room));
  }

  private void error(JsonNode event) {
    String message = Numbers.text(event, "message");
    if (message == null) {
      return;
    }
    if ("error".equals(Numbers.text(event, "severity"))) {
      error = message;
    } else {
      warning = message;
    }
  }

  @Override
  public Conclusion conclude(Ending ending) {
    Judgement judgement = judge(ending);
    return new Conclusion(
        judgement.outcome(),
        judgement.reason() + (results > 1 ? "; it printed " + results + " results" : ""),
        claims(),
        rehearsal,
        complaints.waitedMs(),
        0,
        judgement.outcome() == Outcome.RATE_LIMITED ? rest() : Optional.empty(),
        judgement.hopeless());
  }

  /** By its own clock: the provider names no time, but how long to wait. */
  private Optional<Instant> rest() {
    Instant at = result == null ? null : result.at();
    return at == null ? Optional.empty() : complaints.delay().map(at::plus);
  }

  /** The most specific reason: what the API said, our own stop, what the agent said, the rest. */
  private Judgement judge(Ending ending) {
    GeminiResult last = result;
    if (last != null && last.failed()) {
      Optional<Judgement> told = GeminiFailures.api(last.message(), ending.exitCode());
      if (told.isPresent()) {
        return told.get();
      }
    }
    Optional<Judgement> stop = Endings.stop(ending);
    if (stop.isPresent()) {
      return new Judgement(stop.get().outcome(), stop.get().reason() + whenStopped());
    }
    if (last == null) {
      return withoutResult(ending);
    }
    if (last.good()) {
      return answered(ending);
    }
    return last.failed()
        ? failed(ending, last)
        : new Judgement(Outcome.OUTPUT_INVALID, "its result does not say whether it is an error");
  }

  private String whenStopped() {
    boolean good = result != null && result.good();
    return good ? "; it had answered, but did not end" : complaints.whenStopped();
  }

  /** An error that it doesn't name is the one before: that the API's answer was of no use. */
  private Judgement failed(Ending ending, GeminiResult last) {
    if (last.message().isEmpty() && error != null) {
      return GeminiFailures.because(
          new Judgement(Outcome.API_ERROR, "the API gave no answer that can be used"), error);
    }
    return GeminiFailures.ownExit(ending.exitCode(), last.message())
        .orElseGet(() ->
            GeminiFailures.because(
                new Judgement(Outcome.AGENT_ERROR, "calls its own result an error"),
                last.message()));
  }

  private Judgement answered(Ending ending) {
    if (!Endings.clean(ending)) {
      return new Judgement(
          Outcome.AGENT_ERROR, "gave a good result, but " + Endings.end(ending) + complaint());
    }
    if (error != null) {
      return GeminiFailures.because(
          new Judgement(Outcome.AGENT_ERROR, "gave a good result after an error"), error);
    }
    return GeminiFailures.because(
        new Judgement(Outcome.SUCCEEDED, warning == null ? "answered" : "answered; it warned"),
        warning == null ? "" : warning);
  }

  /** A signal makes it end with 0 and without a result, so that says nothing. */
  private Judgement withoutResult(Ending ending) {
    Optional<Judgement> own = GeminiFailures.ownExit(ending.exitCode(), complaints.first());
    if (own.isPresent()) {
      return own.get();
    }
    Judgement without = lines.without("result line", ending);
    return new Judgement(without.outcome(), without.reason() + complaint());
  }

  private String complaint() {
    return complaints.first().isEmpty() ? "" : "; on standard error: " + complaints.first();
  }

  private Claims claims() {
    GeminiResult last = result;
    if (last == null) {
      return new Claims(
          session, null, null, null, null, null, null, null, model, null, null, null, null, null,
          null, null, null, null);
    }
    Claims.Use use = last.use();
    return new Claims(
        session,
        last.durationMs(),
        null,
        null,
        use.inputTokens(),
        use.outputTokens(),
        use.cacheReadTokens(),
        null,
        last.models().size() == 1 ? last.models().keySet().iterator().next() : model,
        null,
        answer.toString(),
        last.good() ? Boolean.FALSE : last.failed() ? Boolean.TRUE : null,
        last.errorType(),
        GeminiFailures.status(last.message()),
        null,
        null,
        null,
        last.models());
  }
}
