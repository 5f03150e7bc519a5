package dev.regatta.experiment;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Transcript;
import dev.regatta.run.AbandonedRuns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A proof's journal, sorted by what its lines are about. */
final class ProofReading {
  Event.@Nullable RunStarted run;
  Event.@Nullable PlanRecorded plan;
  Event.@Nullable RunEnded end;
  Event.@Nullable GatewayOpened gateway;
  Event.@Nullable PricesRecorded prices;
  final Map<String, PhaseLines> phases = new LinkedHashMap<>();
  final List<String> notes = new ArrayList<>();
  final List<Event.RequestRefused> refusals = new ArrayList<>();

  /** Why tasks were given up before their first attempt, by their names. */
  final Map<String, String> notTried = new HashMap<>();

  /** When its orchestrator last wrote a line: it may be cleared up after days later. */
  long lastNanos;

  private final Map<String, AttemptLines> attempts = new HashMap<>();

  /** One phase's lines. */
  static final class PhaseLines {
    final Event.PhaseStarted started;
    Event.@Nullable PhaseEnded ended;
    final Map<String, Event.TaskScheduled> scheduled = new LinkedHashMap<>();
    final List<AttemptLines> attempts = new ArrayList<>();

    PhaseLines(Event.PhaseStarted started) {
      this.started = started;
    }
  }

  /** One attempt's lines. */
  static final class AttemptLines {
    final Event.AttemptStarted started;
    Event.@Nullable AttemptEnded ended;
    Event.@Nullable ArtifactVerified artifact;
    Event.@Nullable ChallengeChecked challenge;
    @Nullable Transcript transcript;
    final List<Exchange> exchanges = new ArrayList<>();
    final List<Event.ChildrenAsked> asked = new ArrayList<>();
    final List<Event.ChildrenRefused> refused = new ArrayList<>();

    /** When its agent got the results of others it had asked for, by the call that asked. */
    final Map<String, Long> answered = new HashMap<>();

    private boolean retriedAfterStatus;

    AttemptLines(Event.AttemptStarted started) {
      this.started = started;
    }

    /** Whether its agent says, of whatever it got, what only a server can have sent. */
    boolean reachedServer() {
      if (retriedAfterStatus) {
        return true;
      }
      Claims claims = ended == null ? Claims.NONE : ended.claims();
      Long tokens = claims.outputTokens();
      return claims.apiErrorStatus() != null || (tokens != null && tokens > 0);
    }

    /**
     * Whether its agent says that a rehearsal server answered.
     *
     * @param rehearsal whether it was sent to one
     */
    boolean claimsAnswer(boolean rehearsal) {
      return ended != null && (rehearsal || ended.rehearsal() || wroteMark()) && reachedServer();
    }

    /** Some agents show no ids of messages but in their own files. */
    private boolean wroteMark() {
      return transcript != null
          && transcript.messages().stream()
              .anyMatch(message -> message.id().contains("_rehearsal_"));
    }

    /** Whether the gateway saw a response with the rehearsal server's mark. */
    boolean answeredWithMark() {
      return exchanges.stream()
          .anyMatch(seen -> seen.answered() != null && seen.answered().rehearsal());
    }

    /** Of several files, one that is not as it must be speaks for all. */
    private void verified(Event.ArtifactVerified verified) {
      if (artifact == null || artifact.passed()) {
        artifact = verified;
      }
    }
  }

  /** Sorts the lines. Lines about things that never began are left out. */
  ProofReading(List<Entry> entries) {
    for (Entry entry : entries) {
      if (!AbandonedRuns.wroteAfterwards(entry.event())) {
        lastNanos = Math.max(lastNanos, entry.nanos());
      }
      take(entry.event());
    }
  }

  /** The run's end, if its orchestrator lived to see it. */
  Event.@Nullable RunEnded seenEnd() {
    return lost() ? null : end;
  }

  /** Whether the orchestrator was killed, or still runs. */
  boolean lost() {
    return end == null || end.status().equals(AbandonedRuns.LOST);
  }

  private void take(Event event) {
    switch (event) {
      case Event.RunStarted started -> run = started;
      case Event.PlanRecorded recorded -> plan = recorded;
      case Event.PhaseStarted started -> phases.put(started.phase(), new PhaseLines(started));
      case Event.TaskScheduled scheduled ->
          phase(scheduled.phase())
              .ifPresent(phase -> phase.scheduled.put(scheduled.task(), scheduled));
      case Event.AttemptStarted started -> {
        AttemptLines lines = new AttemptLines(started);
        attempts.put(started.attempt(), lines);
        phase(started.phase()).ifPresent(phase -> phase.attempts.add(lines));
      }
      case Event.AttemptEnded ended -> attempt(ended.attempt()).ifPresent(at -> at.ended = ended);
      case Event.ArtifactVerified verified ->
          attempt(verified.attempt()).ifPresent(at -> at.verified(verified));
      case Event.ChallengeChecked checked ->
          attempt(checked.attempt()).ifPresent(at -> at.challenge = checked);
      case Event.LeftoversStopped left ->
          notes.add(
              "stopped what was left"
                  + (left.attempt() == null ? "" : " of " + left.attempt())
                  + ": processes "
                  + left.pids()
                  + " (found by "
                  + left.how()
                  + ")");
      case Event.PhaseEnded ended -> phase(ended.phase()).ifPresent(phase -> phase.ended = ended);
      case Event.Noted noted -> notes.add(noted.text());
      case Event.RunEnded ended -> end = ended;
      case Event.GatewayOpened opened -> gateway = opened;
      case Event.PricesRecorded recorded -> prices = recorded;
      case Event.ExchangeSeen(Exchange exchange) ->
          attempt(exchange.attempt()).ifPresent(at -> at.exchanges.add(exchange));
      case Event.TranscriptRead read ->
          attempt(read.attempt()).ifPresent(at -> at.transcript = read.transcript());
      case Event.RequestRefused refused -> refusals.add(refused);
      // What an attempt waited in all stands in its end.
      case Event.ApiRetried retried ->
          attempt(retried.attempt())
              .ifPresent(at -> at.retriedAfterStatus |= retried.status() != null);
      case Event.ChildrenAsked asked ->
          attempt(asked.attempt()).ifPresent(at -> at.asked.add(asked));
      case Event.ChildrenRefused refused ->
          attempt(refused.attempt()).ifPresent(at -> at.refused.add(refused));
      case Event.ChildrenAnswered answered ->
          attempt(answered.attempt())
              .ifPresent(at -> at.answered.putIfAbsent(answered.call(), answered.atNanos()));
      case Event.NotePosted ignored -> {
        // What agents tell each other decides nothing here.
      }
      case Event.ToolUsed ignored -> {
        // What an agent does on the way decides nothing here.
      }
      case Event.StopSent ignored -> {
        // Why it was stopped stands in its end.
      }
      case Event.TasksListed ignored -> {
        // Of plain runs: a proof's tasks stand in its plan.
      }
      case Event.TaskNotTried given -> notTried.put(given.task(), given.reason());
      case Event.CredentialRested rested ->
          notes.add(
              rested.credential()
                  + " was refused"
                  + (rested.until() == null ? "" : " until " + rested.until())
                  + ": "
                  + rested.reason());
      case Event.AskedAgain again ->
          notes.add(
              again.attempt()
                  + " went on with "
                  + again.credential()
                  + ", as "
                  + again.refused()
                  + " is refused; its tokens and cost are counted for the one it was assigned");
      case Event.CredentialNearLimit ignored -> {
        // A proof hands out credentials by its plan.
      }
      case Event.RunPaused paused ->
          notes.add("the run paused until " + paused.until() + ": " + paused.reason());
      case Event.RunWentOn ignored -> {
        // The pause says until when.
      }
      case Event.EnsemblePlanned ignored -> {
        // Of runs that ask the same of many.
      }
      case Event.ScratchMade ignored -> {
        // Likewise.
      }
      case Event.ScratchLeft ignored -> {
        // Likewise.
      }
      case Event.PairJudged ignored -> {
        // Likewise.
      }
      case Event.SuitePlanned ignored -> {
        // Of stress runs, and so are the next four.
      }
      case Event.SuiteTaskPlanned ignored -> {
        // As above.
      }
      case Event.TryDelayed ignored -> {
        // As above.
      }
      case Event.TryJudged ignored -> {
        // As above.
      }
      case Event.InstancePicked ignored -> {
        // As above.
      }
      case Event.Unrecognized ignored -> {
        // A later version's; it was not needed to make a proof then.
      }
    }
  }

  private Optional<PhaseLines> phase(@Nullable String name) {
    return Optional.ofNullable(name).map(phases::get);
  }

  private Optional<AttemptLines> attempt(String name) {
    return Optional.ofNullable(attempts.get(name));
  }
}
