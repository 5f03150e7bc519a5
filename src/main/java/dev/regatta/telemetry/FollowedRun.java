package dev.regatta.telemetry;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.provider.Provider;
import dev.regatta.telemetry.RunMetrics.Time;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run as its journal tells it: what is going on in it, and what it adds to the counters. */
final class FollowedRun {
  /** How runs end; a journal may say anything. */
  private static final Set<String> ENDS = Set.of("completed", "interrupted", "failed", "lost");

  private final RunMetrics metrics;
  private final Instant since;
  private final Map<String, Started> running = new HashMap<>();
  private final Set<String> waiting = new HashSet<>();
  private final Map<String, Rest> credentials = new HashMap<>();
  private boolean rehearsal;
  private boolean begun;
  private boolean ended;

  /** An attempt that has not ended. */
  private record Started(String agent, long spawnNanos) {}

  /** What is known of a credential. */
  private sealed interface Rest {
    default CredentialState state(Instant now) {
      return switch (this) {
        case None _ -> CredentialState.READY;
        case ForGood _ -> CredentialState.REFUSED;
        case Until until ->
            until.time().isAfter(now) ? CredentialState.RESTING : CredentialState.READY;
      };
    }

    record None() implements Rest {}

    record Until(Instant time) implements Rest {}

    record ForGood() implements Rest {}
  }

  /**
   * A run of which nothing was read yet.
   *
   * @param since what was written before is not counted
   */
  FollowedRun(RunMetrics metrics, Instant since) {
    this.metrics = metrics;
    this.since = since;
  }

  /** Whether nothing more is expected of it, unless somebody goes on with it. */
  boolean ended() {
    return ended;
  }

  /** Whether it began and has not ended. */
  boolean goesOn() {
    return begun && !ended;
  }

  boolean rehearsal() {
    return rehearsal;
  }

  int waiting() {
    return waiting.size();
  }

  /** The agents of the attempts that run, once each. */
  Collection<String> running() {
    return running.values().stream().map(Started::agent).toList();
  }

  /** How its credentials are, by name. */
  Map<String, CredentialState> credentials(Instant now) {
    Map<String, CredentialState> states = new HashMap<>();
    credentials.forEach((name, rest) -> states.put(name, rest.state(now)));
    return states;
  }

  /** Takes in the next line of its journal. */
  void take(Entry entry) {
    boolean counted = !entry.at().toInstant().isBefore(since);
    begun = true;
    ended = false;
    switch (entry.event()) {
      case Event.RunStarted started -> rehearsal = started.rehearsal();
      case Event.PlanRecorded plan ->
          plan.credentials().forEach(name -> credentials.putIfAbsent(name, new Rest.None()));
      case Event.TasksListed listed -> listed.tasks().forEach(task -> waiting.add(task.task()));
      case Event.TaskScheduled scheduled -> waiting.add(scheduled.task());
      case Event.TaskNotTried given -> waiting.remove(given.task());
      case Event.AttemptStarted started -> {
        waiting.remove(started.task());
        running.put(started.attempt(), new Started(started.agent(), started.spawnNanos()));
      }
      case Event.AttemptEnded end -> attemptEnded(end, counted);
      case Event.ExchangeSeen(Exchange exchange) -> {
        if (counted) {
          count(exchange);
        }
      }
      case Event.CredentialRested rested -> credentials.put(rested.credential(), rest(rested));
      case Event.RunEnded end -> {
        ended = true;
        running.clear();
        waiting.clear();
        if (counted) {
          metrics.runEnded(
              ENDS.contains(end.status()) ? end.status() : BoundedLabel.OTHER, rehearsal);
        }
      }
      default -> {
        // Nothing of it is counted.
      }
    }
  }

  private static Rest rest(Event.CredentialRested rested) {
    if (rested.until() == null) {
      return new Rest.ForGood();
    }
    try {
      return new Rest.Until(Instant.parse(rested.until()));
    } catch (DateTimeParseException e) {
      return new Rest.None(); // no time that anything could rest until
    }
  }

  private void attemptEnded(Event.AttemptEnded end, boolean counted) {
    Started started = running.remove(end.attempt());
    if (!counted) {
      return;
    }
    String agent = started == null ? BoundedLabel.UNKNOWN : started.agent();
    boolean rehearsed = rehearsal || end.rehearsal();
    metrics.attemptEnded(agent, end.outcome().word(), rehearsed);
    if (started != null && end.firstOutputNanos() != null) {
      metrics.took(
          Time.FIRST_OUTPUT, agent, end.firstOutputNanos() - started.spawnNanos(), rehearsed);
    }
    if (started != null) {
      metrics.took(Time.DURATION, agent, end.exitNanos() - started.spawnNanos(), rehearsed);
    }
    count(agent, end.claims(), rehearsed);
  }

  private void count(String agent, Claims claims, boolean rehearsed) {
    if (claims.costUsd() != null) {
      metrics.cost(agent, claims.costUsd(), rehearsed);
    }
    if (claims.models() == null || claims.models().isEmpty()) {
      count(
          agent,
          claims.model(),
          new Claims.Use(
              claims.inputTokens(),
              claims.outputTokens(),
              claims.cacheReadTokens(),
              claims.cacheCreationTokens(),
              null),
          rehearsed);
      return;
    }
    // Sub-agents included, which the totals leave out.
    claims.models().forEach((model, use) -> count(agent, model, use, rehearsed));
  }

  private void count(String agent, @Nullable String model, Claims.Use use, boolean rehearsed) {
    String name = model == null ? "" : model;
    metrics.tokens(agent, name, "input", orNone(use.inputTokens()), rehearsed);
    metrics.tokens(agent, name, "output", orNone(use.outputTokens()), rehearsed);
    metrics.tokens(agent, name, "cache_read", orNone(use.cacheReadTokens()), rehearsed);
    metrics.tokens(agent, name, "cache_creation", orNone(use.cacheCreationTokens()), rehearsed);
  }

  private static long orNone(@Nullable Long count) {
    return count == null ? 0 : count;
  }

  private void count(Exchange exchange) {
    Started started = running.get(exchange.attempt());
    String agent = started == null ? BoundedLabel.UNKNOWN : started.agent();
    Exchange.Answered answered = exchange.answered();
    boolean rehearsed = rehearsal || (answered != null && answered.rehearsal());
    metrics.exchanged(agent, status(answered), rehearsed);
    Exchange.Times times = exchange.times();
    metrics.took(Time.EXCHANGE, agent, times.endNanos() - times.startNanos(), rehearsed);
    if (times.sentNanos() == null) {
      return;
    }
    if (times.firstByteNanos() != null) {
      metrics.took(Time.FIRST_BYTE, agent, times.firstByteNanos() - times.sentNanos(), rehearsed);
    }
    if (times.firstTokenNanos() != null) {
      metrics.took(Time.FIRST_TOKEN, agent, times.firstTokenNanos() - times.sentNanos(), rehearsed);
    }
  }

  private static String status(Exchange.@Nullable Answered answered) {
    int hundreds = answered == null ? 0 : answered.status() / 100;
    return hundreds >= 1 && hundreds <= 5 ? hundreds + "xx" : "none";
  }

  /** How a credential is, from good to bad. */
  enum CredentialState {
    READY,
    RESTING,
    REFUSED
  }

  /** Whose model API a credential opens, as far as its name says it. */
  static String provider(String credential) {
    return Provider.ofVariable(credential)
        .map(provider -> provider.name().toLowerCase(Locale.ROOT))
        .orElse(BoundedLabel.UNKNOWN);
  }
}
