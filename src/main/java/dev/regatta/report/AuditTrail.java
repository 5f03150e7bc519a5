package dev.regatta.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.run.Visible;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run's journal as people read it: who did what, when, with which credential, on which files.
 * Lines that say nothing of that are left out.
 */
public final class AuditTrail {
  private static final int LONGEST = 300;

  private final Map<String, Event.AttemptStarted> attempts = new HashMap<>();
  private final List<Line> lines = new ArrayList<>();

  /** Names of credentials by their fingerprints. */
  private final Map<String, String> names = new HashMap<>();

  private AuditTrail() {}

  /**
   * One line.
   *
   * @param seq the journal's line it comes from
   * @param at wall-clock time, ISO 8601 with zone
   * @param who {@code regatta}, or the attempt and its agent
   * @param did what happened, one word of a closed set
   * @param credential name and fingerprint of the credential it happened with, or empty
   * @param file the file it is about, or empty
   * @param detail the rest
   */
  @JsonPropertyOrder({"seq", "at", "who", "did", "credential", "file", "detail"})
  public record Line(
      long seq, String at, String who, String did, String credential, String file, String detail) {}

  /** The trail of a journal. */
  public static List<Line> of(List<Entry> journal) {
    AuditTrail trail = new AuditTrail();
    journal.forEach(trail::take);
    return List.copyOf(trail.lines);
  }

  private void take(Entry entry) {
    switch (entry.event()) {
      case Event.RunStarted run ->
          ours(entry, "run-began", run.kind() + (run.rehearsal() ? ", REHEARSAL" : ""));
      case Event.GatewayOpened gateway -> ours(entry, "gateway-opened", "to " + gateway.upstream());
      case Event.AttemptStarted started -> {
        attempts.put(started.attempt(), started);
        if (started.credential() != null && started.assignedFingerprint() != null) {
          names.put(started.assignedFingerprint(), started.credential());
        }
        agents(entry, started.attempt(), "began", "", "process " + started.pid());
      }
      case Event.ExchangeSeen(Exchange exchange) ->
          agents(
              entry,
              exchange.attempt(),
              "called",
              shown(used(exchange.credential())),
              "",
              call(exchange));
      case Event.RequestRefused refused ->
          agents(
              entry,
              refused.attempt(),
              "refused",
              "",
              refused.method() + " " + refused.path() + ": " + refused.status());
      case Event.ApiRetried retried ->
          agents(entry, retried.attempt(), "retried", "", "after status " + retried.status());
      case Event.ChildrenAsked asked ->
          agents(
              entry,
              asked.attempt(),
              "asked-for-agents",
              "",
              asked.call() + ": " + String.join(", ", asked.tasks()));
      case Event.ChildrenRefused refused ->
          agents(entry, refused.attempt(), "agents-refused", "", refused.reason());
      case Event.ChildrenAnswered answered ->
          agents(entry, answered.attempt(), "agents-answered", "", answered.call());
      case Event.NotePosted note -> agents(entry, note.attempt(), "wrote-note", "", note.text());
      case Event.ToolUsed used ->
          agents(
              entry,
              used.attempt(),
              "used-tool",
              "",
              used.tool()
                  + " "
                  + used.call()
                  + (used.answeredNanos() == null
                      ? ", no answer"
                      : Boolean.TRUE.equals(used.failed()) ? ", failed" : ""));
      case Event.StopSent stop ->
          ours(entry, "stopped", stop.signal() + " to " + stop.attempt() + ": " + stop.reason());
      case Event.AttemptEnded ended ->
          agents(
              entry, ended.attempt(), "ended", "", ended.outcome().word() + ": " + ended.reason());
      case Event.TranscriptRead read ->
          read.transcript()
              .files()
              .forEach(file ->
                  agents(entry, read.attempt(), "wrote-transcript", file.path(), file.sha256()));
      case Event.ArtifactVerified verified ->
          agents(
              entry,
              verified.attempt(),
              verified.passed() ? "file-holds" : "file-fails",
              verified.path(),
              verified.detail());
      case Event.ChallengeChecked checked ->
          agents(
              entry,
              checked.attempt(),
              checked.passed() ? "challenge-holds" : "challenge-fails",
              "",
              "");
      case Event.LeftoversStopped left ->
          ours(entry, "leftovers-stopped", "processes " + left.pids() + " by " + left.how());
      case Event.CredentialRested rested ->
          lines.add(
              new Line(
                  entry.sequence(),
                  WallClock.of(entry.at()),
                  "regatta",
                  "credential-rests",
                  shown(rested.credential()),
                  "",
                  shown(
                      (rested.until() == null ? "for the run" : "until " + rested.until())
                          + ": "
                          + rested.reason())));
      case Event.CredentialNearLimit near ->
          lines.add(
              new Line(
                  entry.sequence(),
                  WallClock.of(entry.at()),
                  "regatta",
                  "credential-near-limit",
                  shown(near.credential()),
                  "",
                  shown(
                      String.format(
                          Locale.ROOT,
                          "%.1f %% of %s used, until %s",
                          near.usedPercent(),
                          near.limit(),
                          near.until()))));
      case Event.AskedAgain again -> {
        names.put(again.fingerprint(), again.credential());
        lines.add(
            new Line(
                entry.sequence(),
                WallClock.of(entry.at()),
                "regatta",
                "asked-again",
                shown(again.credential() + " " + again.fingerprint()),
                "",
                shown(
                    "for "
                        + again.attempt()
                        + ": "
                        + (again.exchange() == null ? "" : "exchange " + again.exchange() + ", ")
                        + again.refused()
                        + " is refused")));
      }
      case Event.RunPaused paused ->
          ours(entry, "paused", "until " + paused.until() + ": " + paused.reason());
      case Event.RunWentOn ignored -> ours(entry, "went-on", "");
      case Event.Noted noted -> ours(entry, "noted", noted.text());
      case Event.RunEnded ended -> ours(entry, "run-ended", ended.status());
      case Event.PlanRecorded plan ->
          ours(
              entry,
              "planned",
              (plan.tasks().isEmpty() ? "" : plan.tasks().size() + " tasks, ")
                  + plan.parallel()
                  + " at once, "
                  + plan.agent());
      case Event.PhaseStarted phase -> ours(entry, "phase-began", phase.phase());
      case Event.PhaseEnded phase -> ours(entry, "phase-ended", phase.phase());
      case Event.TaskNotTried given ->
          ours(entry, "not-tried", "task " + given.task() + ": " + given.reason());
      case Event.EnsemblePlanned plan ->
          ours(
              entry,
              "planned",
              "the same prompt to " + plan.instances().size() + ", pick by " + plan.pick());
      case Event.ScratchMade made -> ours(entry, "folder-made", made.task() + ": " + made.folder());
      case Event.ScratchLeft left ->
          ours(
              entry,
              left.kept() ? "folder-kept" : "folder-removed",
              left.task() + ": " + left.reason());
      case Event.PairJudged judged ->
          ours(
              entry, "judged", judged.first() + " and " + judged.second() + ": " + judged.reason());
      case Event.SuitePlanned suite ->
          ours(entry, "suite-planned", suite.suite() + " on " + suite.server());
      case Event.TryDelayed delayed ->
          ours(
              entry,
              "try-delayed",
              "try "
                  + delayed.number()
                  + " of "
                  + delayed.task()
                  + " waits "
                  + delayed.seconds()
                  + " s: "
                  + delayed.reason());
      case Event.TryJudged judged ->
          agents(
              entry,
              judged.attempt(),
              judged.passed() ? "passed" : "failed",
              judged.output() == null ? "" : judged.output(),
              judged.reason()
                  + (judged.hallucination().equals("suspected")
                      ? "; hallucination suspected: " + judged.hallucinationDetail()
                      : ""));
      case Event.InstancePicked picked ->
          ours(
              entry,
              "picked",
              picked.task() + " by " + picked.criterion() + ": " + picked.reason());
      case Event.SuiteTaskPlanned ignored -> {
        // A plan is no deed.
      }
      case Event.TasksListed ignored -> {
        // A list is no deed either.
      }
      case Event.TaskScheduled ignored -> {
        // That it was ready to run is nobody's deed.
      }
      case Event.PricesRecorded ignored -> {
        // What costs are compared with.
      }
      case Event.Unrecognized unknown -> ours(entry, "unknown", unknown.name());
    }
  }

  private static String call(Exchange exchange) {
    Exchange.Answered answered = exchange.answered();
    Exchange.Message message = answered == null ? null : answered.message();
    return exchange.asked().method()
        + " "
        + exchange.asked().path()
        + (exchange.upstream() == null ? "" : " of " + exchange.upstream().host())
        + ": "
        + (answered == null ? "no response" : "status " + answered.status())
        + (answered == null || answered.requestId() == null ? "" : ", " + answered.requestId())
        + (message == null || message.outputTokens() == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", %s tokens in, %s out",
                message.inputTokens(),
                message.outputTokens()))
        + (exchange.ending() == Exchange.Ending.COMPLETE ? "" : ", " + exchange.reason());
  }

  private void ours(Entry entry, String did, String detail) {
    lines.add(
        new Line(
            entry.sequence(), WallClock.of(entry.at()), "regatta", did, "", "", shown(detail)));
  }

  private void agents(Entry entry, String attempt, String did, String file, String detail) {
    agents(
        entry,
        attempt,
        did,
        Optional.ofNullable(attempts.get(attempt)).map(AuditTrail::credential).orElse(""),
        file,
        detail);
  }

  /** The credential that the gateway put in, which need not be the one that was assigned. */
  private String used(String fingerprint) {
    String name = names.get(fingerprint);
    return name == null ? fingerprint : name + " " + fingerprint;
  }

  private void agents(
      Entry entry, String attempt, String did, String credential, String file, String detail) {
    Optional<Event.AttemptStarted> started = Optional.ofNullable(attempts.get(attempt));
    lines.add(
        new Line(
            entry.sequence(),
            WallClock.of(entry.at()),
            attempt.isEmpty()
                ? "unknown"
                : shown(attempt + started.map(each -> " " + each.agent()).orElse("")),
            did,
            credential,
            shown(file),
            shown(detail)));
  }

  private static String credential(Event.AttemptStarted started) {
    return started.credential() == null
        ? ""
        : shown(started.credential() + " " + started.assignedFingerprint());
  }

  private static String shown(@Nullable String text) {
    return Visible.line(String.valueOf(text), LONGEST);
  }

  /** The trail as text, one line each. */
  public static List<String> text(List<Line> trail) {
    Columns columns = new Columns("llllll");
    for (Line line : trail) {
      columns.add(
          line.at(),
          "  " + line.who(),
          "  " + line.did(),
          "  " + line.credential(),
          "  " + line.file(),
          "  " + line.detail());
    }
    return columns.lines();
  }
}
