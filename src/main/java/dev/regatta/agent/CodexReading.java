package dev.regatta.agent;

import dev.regatta.agent.Endings.Judgement;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code codex exec --json} prints (measured with 0.169.0). It tells no times and no
 * cost, and its failures in words alone. Unknown events are passed over.
 */
final class CodexReading implements Reading {
  private static final Pattern AGAIN =
      Pattern.compile("Reconnecting\\.\\.\\. (\\d{1,4})/\\d{1,4}\\s*(.*)", Pattern.DOTALL);
  private static final String MARK = "req_rehearsal_";
  private static final int REFUSED = 401;
  private static final int MOST_NUMBER = 1_000_000;

  /** Items that are uses of tools, which have no other names. */
  private static final Set<String> TOOLS =
      Set.of("command_execution", "file_change", "mcp_tool_call", "web_search");

  private final Clock clock;
  private final EventLines lines = new EventLines(CodexReading::isNoise);
  private @Nullable String thread;
  private @Nullable String answer;
  private @Nullable String failure;
  private @Nullable String remark;
  private @Nullable CodexUsage usage;
  private @Nullable Integer retryStatus;
  private boolean turnFailed;
  private boolean refused;
  private boolean rehearsal;
  private int turns;
  private int denied;

  /**
   * A reading.
   *
   * @param clock by which the CLI says when a limit ends: its zone is the CLI's
   */
  CodexReading(Clock clock) {
    this.clock = clock;
  }

  /** It says this each time, whatever comes of it. */
  private static boolean isNoise(String line) {
    return line.startsWith("Reading additional input from stdin")
        || line.startsWith("WARNING: proceeding");
  }

  @Override
  public List<Sign> line(Channel channel, String line, boolean cut, long nanos) {
    List<Sign> signs = new ArrayList<>();
    lines.read(channel, line, cut).ifPresent(event -> event(event, nanos, signs));
    return signs;
  }

  private void event(JsonNode event, long nanos, List<Sign> signs) {
    switch (Numbers.text(event, "type")) {
      case "thread.started" -> session(Numbers.text(event, "thread_id"), signs);
      case "item.started" -> tool(event.path("item"), signs);
      case "item.completed" -> {
        item(event.path("item"));
        toolEnded(event.path("item"), signs);
      }
      case "turn.completed" -> {
        turns++;
        usage = CodexUsage.of(event.path("usage"));
        failure = null; // what went wrong before it did not matter in the end
        turnFailed = false;
        signs.add(new Sign.Answered(nanos));
      }
      case "turn.failed" -> {
        failed(Numbers.text(event.path("error"), "message"));
        turnFailed = true;
      }
      case "error" -> error(Numbers.text(event, "message"), signs);
      case null, default -> {
        // New kinds of events come with new versions of the CLI.
      }
    }
  }

  private void session(@Nullable String id, List<Sign> signs) {
    if (thread == null && id != null) {
      thread = id;
      signs.add(new Sign.Session(id));
    }
  }

  private void item(JsonNode item) {
    denied += "declined".equals(Numbers.text(item, "status")) ? 1 : 0;
    switch (Numbers.text(item, "type")) {
      case "agent_message" -> answer = Numbers.text(item, "text");
      case "error" -> remark = remark == null ? Numbers.text(item, "message") : remark;
      case null, default -> {
        // What it did on the way stands in the raw output.
      }
    }
  }

  private static void tool(JsonNode item, List<Sign> signs) {
    String id = Numbers.text(item, "id");
    String type = Numbers.text(item, "type");
    if (id != null && type != null && TOOLS.contains(type)) {
      signs.add(new Sign.ToolCalled(id, type));
    }
  }

  /** One that was not told of when it began was over at once. */
  private static void toolEnded(JsonNode item, List<Sign> signs) {
    tool(item, signs);
    String id = Numbers.text(item, "id");
    String type = Numbers.text(item, "type");
    if (id != null && type != null && TOOLS.contains(type)) {
      String status = Numbers.text(item, "status");
      signs.add(new Sign.ToolAnswered(id, "failed".equals(status) || "declined".equals(status)));
    }
  }

  private void failed(@Nullable String message) {
    failure = message == null ? "" : message;
    rehearsal |= failure.contains(MARK);
  }

  private void error(@Nullable String message, List<Sign> signs) {
    Matcher again = AGAIN.matcher(message == null ? "" : message);
    if (!again.matches()) {
      failed(message);
      return;
    }
    rehearsal |= again.group(2).contains(MARK);
    Integer status = CodexFailures.status(again.group(2));
    retryStatus = status;
    signs.add(
        new Sign.ApiRetry(Math.min(MOST_NUMBER, Integer.parseInt(again.group(1))), status, 0));
    // It goes on for ten seconds; a refused credential does not get better.
    if (status != null && status == REFUSED && !refused) {
      refused = true;
      signs.add(new Sign.Hopeless(Outcome.UNAUTHORIZED, Failures.refused().reason()));
    }
  }

  @Override
  public Conclusion conclude(Ending ending) {
    Judgement judgement = judge(ending);
    return new Conclusion(
        judgement.outcome(),
        judgement.reason(),
        claims(),
        rehearsal,
        0,
        0,
        judgement.outcome() == Outcome.RATE_LIMITED && failure != null
            ? CodexFailures.until(failure, clock)
            : Optional.empty(),
        judgement.hopeless());
  }

  /** The most specific reason: what the API said, our own stop, what the agent said, the rest. */
  private Judgement judge(Ending ending) {
    boolean good = turns > 0 && failure == null;
    Optional<Judgement> known = good ? Optional.empty() : apiFailure();
    if (known.isPresent()) {
      return known.get();
    }
    Optional<Judgement> stop = Endings.stop(ending);
    if (stop.isPresent()) {
      return new Judgement(stop.get().outcome(), stop.get().reason() + whenStopped(good));
    }
    if (failure != null && (turnFailed || !Endings.clean(ending))) {
      return new Judgement(
          Outcome.AGENT_ERROR,
          failure.isEmpty() ? "its turn failed" : "its turn failed: " + Words.quote(failure));
    }
    return good ? answered(ending) : lines.without("end of its turn", ending);
  }

  private Optional<Judgement> apiFailure() {
    if (failure != null) {
      Optional<Judgement> told = CodexFailures.api(failure);
      if (told.isPresent()) {
        return told;
      }
    }
    return refused ? Optional.of(Failures.refused()) : Optional.empty();
  }

  private String whenStopped(boolean good) {
    if (good) {
      return "; it had answered, but did not end";
    }
    return retryStatus == null ? "" : "; it was repeating calls after HTTP status " + retryStatus;
  }

  private Judgement answered(Ending ending) {
    if (!Endings.clean(ending)) {
      return new Judgement(
          Outcome.AGENT_ERROR,
          "gave a good result, but " + Endings.end(ending) + lines.complaint());
    }
    if (answer == null) {
      return new Judgement(Outcome.OUTPUT_INVALID, "ended its turn without an answer" + remarked());
    }
    return new Judgement(
        Outcome.SUCCEEDED,
        (denied == 0 ? "answered" : "answered; permission denied for " + denied + " tool uses")
            + remarked());
  }

  /** An error that it went on after. */
  private String remarked() {
    return remark == null ? "" : "; it remarked: " + Words.quote(remark);
  }

  private Claims claims() {
    CodexUsage used = usage;
    return new Claims(
        thread,
        null,
        null,
        null,
        used == null ? null : used.input(),
        used == null ? null : used.output(),
        used == null ? null : used.cacheRead(),
        used == null ? null : used.cacheCreation(),
        null,
        turns == 0 ? null : turns,
        answer,
        turns == 0 && failure == null ? null : failure != null,
        null,
        failure == null ? null : CodexFailures.status(failure),
        null,
        turns == 0 ? null : denied,
        null,
        null);
  }
}
