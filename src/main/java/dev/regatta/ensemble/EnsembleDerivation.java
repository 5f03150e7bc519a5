package dev.regatta.ensemble;

import dev.regatta.evidence.PriceTable;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads an ensemble's journal. */
final class EnsembleDerivation {
  private final boolean alive;
  private Event.@Nullable RunStarted start;
  private Event.@Nullable EnsemblePlanned plan;
  private Event.@Nullable PricesRecorded prices;
  private Event.@Nullable RunEnded end;
  private boolean rehearsal;
  private final Map<String, Long> scheduled = new HashMap<>();
  private final Map<String, List<Tried>> tried = new HashMap<>();
  private final Map<String, Tried> byAttempt = new HashMap<>();
  private final Map<String, String> notTried = new HashMap<>();
  private final Map<String, Event.ScratchMade> scratches = new HashMap<>();
  private final Map<String, Event.ScratchLeft> left = new HashMap<>();
  private final List<Event.PairJudged> judged = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** An attempt. */
  private static final class Tried {
    final Event.AttemptStarted started;
    Event.@Nullable AttemptEnded ended;

    Tried(Event.AttemptStarted started) {
      this.started = started;
    }

    /** Null while its end was not seen. */
    @Nullable Double seconds() {
      Event.AttemptEnded seen = ended;
      return seen == null || started.pid() == 0 || seen.outcome() == Outcome.LOST
          ? null
          : Double.valueOf((seen.exitNanos() - started.spawnNanos()) / 1e9);
    }
  }

  EnsembleDerivation(List<Entry> entries, boolean alive) {
    this.alive = alive;
    entries.forEach(entry -> take(entry.event()));
  }

  private void take(Event event) {
    switch (event) {
      case Event.RunStarted started -> {
        start = started;
        rehearsal = started.rehearsal();
      }
      case Event.EnsemblePlanned planned -> plan = planned;
      case Event.PricesRecorded recorded -> prices = recorded;
      case Event.TaskScheduled ready -> scheduled.put(ready.task(), ready.scheduledNanos());
      case Event.TaskNotTried not -> notTried.put(not.task(), not.reason());
      case Event.AttemptStarted started -> {
        Tried attempt = new Tried(started);
        tried.computeIfAbsent(started.task(), first -> new ArrayList<>()).add(attempt);
        byAttempt.put(started.attempt(), attempt);
      }
      case Event.AttemptEnded ended -> {
        rehearsal |= ended.rehearsal();
        Tried attempt = byAttempt.get(ended.attempt());
        if (attempt != null) {
          attempt.ended = ended;
        }
      }
      case Event.ScratchMade made -> scratches.put(made.task(), made);
      case Event.ScratchLeft gone -> left.put(gone.task(), gone);
      case Event.PairJudged pair -> {
        rehearsal |= pair.rehearsal();
        judged.add(pair);
      }
      case Event.Noted noted -> notes.add(noted.text());
      case Event.LeftoversStopped stopped ->
          notes.add("stopped processes that were left: " + stopped.pids());
      case Event.RunPaused paused ->
          notes.add("paused until " + paused.until() + ": " + paused.reason());
      case Event.RunEnded ended -> end = ended;
      default -> {
        // no part of this view
      }
    }
  }

  Ensemble ensemble() {
    List<Candidate> candidates =
        plan == null ? List.of() : plan.instances().stream().map(this::candidate).toList();
    List<Judgement> judgements = judged.stream().map(this::judgement).toList();
    return new Ensemble(
        start == null ? "" : start.run(),
        end == null ? (alive ? "running" : "lost") : end.status(),
        rehearsal,
        startedAt(),
        plan == null ? "" : plan.prompt(),
        plan == null ? EnsemblePlan.ALL : plan.pick(),
        plan == null ? null : plan.rubric(),
        plan == null ? null : plan.judge(),
        candidates,
        judgements,
        choices(candidates, judgements),
        Statistics.of(candidates),
        wallSeconds(candidates),
        candidates.stream()
            .map(Candidate::seconds)
            .filter(Objects::nonNull)
            .max(Double::compare)
            .orElse(null),
        notes);
  }

  private OffsetDateTime startedAt() {
    return start == null
        ? Instant.EPOCH.atOffset(ZoneOffset.UTC)
        : RunClock.at(start.originEpochNanos(), 0, ZoneId.of(start.zone()));
  }

  private List<Choice> choices(List<Candidate> candidates, List<Judgement> judgements) {
    if (plan == null) {
      return List.of();
    }
    Extractor extractor =
        plan.extract() == null ? new Extractor.Whole() : Extractor.named(plan.extract());
    boolean all = plan.pick().equals(EnsemblePlan.ALL);
    List<Choice> choices = new ArrayList<>();
    for (String word : all ? Criterion.WORDS : List.of(plan.pick())) {
      Optional<Criterion> criterion = Criterion.named(word, extractor);
      if (criterion.isPresent() && (!all || applies(criterion.get()))) {
        choices.add(criterion.get().choose(candidates, judgements));
      }
    }
    return choices;
  }

  /** Whether there is what a criterion goes by. */
  private boolean applies(Criterion criterion) {
    Event.EnsemblePlanned planned = Objects.requireNonNull(plan);
    return switch (criterion) {
      case Criterion.HighestTemperature ignored ->
          planned.instances().stream().anyMatch(each -> each.temperature() != null);
      case Criterion.MostChecks ignored -> !planned.checks().isEmpty();
      case Criterion.Judged ignored -> planned.judge() != null;
      case Criterion.Fastest ignored -> true;
      case Criterion.MostDetailed ignored -> true;
      case Criterion.Shortest ignored -> true;
      case Criterion.Cheapest ignored -> true;
      case Criterion.Consensus ignored -> true;
    };
  }

  private Candidate candidate(Event.PlannedInstance planned) {
    String task = planned.task();
    int number = Integer.parseInt(task);
    Instance instance =
        new Instance(
            number,
            planned.agent(),
            Optional.ofNullable(planned.model()),
            Optional.ofNullable(planned.temperature()),
            planned.flags());
    List<Tried> tries = tried.getOrDefault(task, List.of());
    if (tries.isEmpty()) {
      return without(instance, notTried.getOrDefault(task, "it never began"));
    }
    Tried last = tries.getLast();
    Event.AttemptEnded ended = last.ended;
    Claims claims = ended == null ? Claims.NONE : ended.claims();
    return new Candidate(
        instance,
        tries.size(),
        ended == null ? (alive ? null : Outcome.LOST) : ended.outcome(),
        ended == null
            ? (alive ? "it has not ended" : "the journal stops before its end")
            : ended.reason(),
        Optional.ofNullable(claims.result()),
        claims.model(),
        claims.sessionId(),
        last.started.credential(),
        last.started.assignedFingerprint(),
        ended == null ? null : ended.exitCode(),
        last.seconds() == null ? null : since(tries, Objects.requireNonNull(ended).exitNanos()),
        firstOutput(tries),
        tokens(tries, Claims::inputTokens),
        tokens(tries, Claims::outputTokens),
        cost(tries),
        tries.stream().map(EnsembleDerivation::claims).anyMatch(this::fromPrices),
        checks(number),
        output(last),
        scratch(task));
  }

  private Candidate without(Instance instance, String reason) {
    return new Candidate(
        instance,
        0,
        null,
        reason,
        Optional.empty(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        List.of(),
        null,
        scratch(instance.task()));
  }

  /** Seconds from its first start: who asks waits for the tries before the last one too. */
  private static @Nullable Double since(List<Tried> tries, long nanos) {
    return tries.stream()
        .filter(each -> each.started.pid() != 0)
        .findFirst()
        .map(first -> (nanos - first.started.spawnNanos()) / 1e9)
        .orElse(null);
  }

  private static @Nullable Double firstOutput(List<Tried> tries) {
    for (Tried attempt : tries) {
      Event.AttemptEnded ended = attempt.ended;
      if (ended != null && ended.firstOutputNanos() != null) {
        return since(tries, ended.firstOutputNanos());
      }
    }
    return null;
  }

  private static Claims claims(Tried attempt) {
    return attempt.ended == null ? Claims.NONE : attempt.ended.claims();
  }

  private static @Nullable Long tokens(List<Tried> tries, Function<Claims, @Nullable Long> count) {
    @Nullable Long sum = null;
    for (Tried attempt : tries) {
      Long one = count.apply(claims(attempt));
      sum = one == null ? sum : Long.valueOf((sum == null ? 0 : sum) + one);
    }
    return sum;
  }

  private static @Nullable String output(Tried attempt) {
    Event.AttemptEnded ended = attempt.ended;
    return ended == null || ended.outputBytes() == 0
        ? null
        : "attempts/" + attempt.started.attempt() + ".out";
  }

  /**
   * What all tries cost together, as claimed, or by list prices where nothing is; null if that is
   * known of none.
   */
  private @Nullable Double cost(List<Tried> tries) {
    @Nullable Double sum = null;
    for (Tried attempt : tries) {
      Claims claims = claims(attempt);
      Double one = claims.costUsd() == null ? priced(claims) : claims.costUsd();
      sum = one == null ? sum : Double.valueOf((sum == null ? 0 : sum) + one);
    }
    return sum;
  }

  private boolean fromPrices(Claims claims) {
    return claims.costUsd() == null && priced(claims) != null;
  }

  private @Nullable Double priced(Claims claims) {
    return prices == null
        ? null
        : new PriceTable(prices.dated(), prices.prices())
            .cost(claims)
            .map(PriceTable.Cost::most)
            .orElse(null);
  }

  private List<Candidate.Check> checks(int number) {
    List<Candidate.Check> checks = new ArrayList<>();
    List<String> commands = Objects.requireNonNull(plan).checks();
    for (int i = 0; i < commands.size(); i++) {
      List<Tried> tries = tried.getOrDefault(Names.PLAIN.check(number, i), List.of());
      Event.AttemptEnded ended = tries.isEmpty() ? null : tries.getLast().ended;
      checks.add(
          new Candidate.Check(
              commands.get(i),
              ended == null ? null : ended.outcome(),
              ended == null ? null : ended.exitCode(),
              tries.isEmpty() ? null : tries.getLast().seconds(),
              tries.isEmpty() ? null : output(tries.getLast())));
    }
    return checks;
  }

  private Optional<Candidate.Scratch> scratch(String task) {
    Event.ScratchMade made = scratches.get(task);
    if (made == null) {
      return Optional.empty();
    }
    Event.ScratchLeft gone = left.get(task);
    return Optional.of(
        gone == null
            ? new Candidate.Scratch(made.folder(), true, null, "in use, or left by a kill")
            : new Candidate.Scratch(made.folder(), gone.kept(), gone.ref(), gone.reason()));
  }

  /** An agent that judges says in its own attempt what it used. */
  private Judgement judgement(Event.PairJudged pair) {
    int first = Integer.parseInt(pair.first());
    int second = Integer.parseInt(pair.second());
    List<Tried> tries = tried.getOrDefault(Names.PLAIN.judgement(first, second), List.of());
    Tried attempt = tries.isEmpty() ? null : tries.getLast();
    Claims claims = attempt == null || attempt.ended == null ? Claims.NONE : attempt.ended.claims();
    Double seconds = attempt == null ? null : attempt.seconds();
    return new Judgement(
        first,
        second,
        pair.winner() == null ? null : Integer.valueOf(pair.winner()),
        pair.valid(),
        pair.reason(),
        pair.cut(),
        pair.model() == null ? claims.model() : pair.model(),
        pair.inputTokens() == null ? claims.inputTokens() : pair.inputTokens(),
        pair.outputTokens() == null ? claims.outputTokens() : pair.outputTokens(),
        judgeCost(pair, claims),
        seconds == null ? (pair.answeredNanos() - pair.askedNanos()) / 1e9 : seconds);
  }

  private @Nullable Double judgeCost(Event.PairJudged pair, Claims claims) {
    return pair.costUsd() != null
        ? pair.costUsd()
        : claims.costUsd() != null ? claims.costUsd() : priced(claims);
  }

  private @Nullable Double wallSeconds(List<Candidate> candidates) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Candidate candidate : candidates) {
      String task = candidate.instance().task();
      first = Math.min(first, scheduled.getOrDefault(task, Long.MAX_VALUE));
      for (Tried attempt : tried.getOrDefault(task, List.of())) {
        if (attempt.seconds() != null && attempt.ended != null) {
          last = Math.max(last, attempt.ended.exitNanos());
        }
      }
    }
    return last < first ? null : Double.valueOf((last - first) / 1e9);
  }
}
