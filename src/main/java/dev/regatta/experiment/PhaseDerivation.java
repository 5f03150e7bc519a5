package dev.regatta.experiment;

import static dev.regatta.experiment.ProofDerivation.seconds;

import dev.regatta.evidence.Figures;
import dev.regatta.experiment.ProofReading.AttemptLines;
import dev.regatta.experiment.ProofReading.PhaseLines;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.stats.Interval;
import dev.regatta.stats.Overlap;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One phase of a proof, and what its figures are. */
final class PhaseDerivation {
  private final PhaseLines lines;
  private final int parallel;
  private final long originEpochNanos;
  private final ZoneId zone;
  private final long lastNanos;
  private final Overlap overlap;
  private final boolean running;
  private final Optional<TreeShape> tree;

  PhaseDerivation(
      PhaseLines lines,
      int parallel,
      long originEpochNanos,
      ZoneId zone,
      long lastNanos,
      boolean running,
      Optional<TreeShape> tree) {
    this.lines = lines;
    this.parallel = parallel;
    this.originEpochNanos = originEpochNanos;
    this.zone = zone;
    this.lastNanos = lastNanos;
    this.running = running;
    this.tree = tree;
    this.overlap = Overlap.of(lines.attempts.stream().map(this::interval).toList());
  }

  boolean isParallel() {
    return lines.started.mode().equals("parallel");
  }

  /** What it took, if it is a tree of agents. */
  Optional<TreeDerivation> tree() {
    return tree.map(shape -> new TreeDerivation(shape, this));
  }

  /** Whether its attempts were to run at once, be it all of them or those of a tree. */
  private boolean overlaps() {
    return isParallel() || tree.isPresent();
  }

  int round() {
    return lines.started.round();
  }

  boolean ended() {
    return lines.ended != null;
  }

  /** Whether every one of its tasks was carried out to an end of its own. */
  boolean whole(int tasks) {
    return ended()
        && (tree.isPresent() ? lines.attempts.size() >= tasks : lines.attempts.size() == tasks)
        && lines.attempts.stream()
            .map(this::outcome)
            .noneMatch(outcome ->
                outcome == null || outcome == Outcome.CANCELLED || outcome == Outcome.LOST);
  }

  /** How it ended, or null while it runs. */
  private @Nullable Outcome outcome(AttemptLines attempt) {
    if (attempt.ended != null) {
      return attempt.ended.outcome();
    }
    return running ? null : Outcome.LOST;
  }

  private String whyWithoutEnd() {
    return running ? "it has not ended" : "the journal stops before its end";
  }

  /**
   * Whether a rehearsal server answered here, be it with a refusal. The rehearsal's own agent marks
   * all that it says, also that it reached nobody; only an answer has tokens or an HTTP status.
   *
   * @param rehearsal whether the agents were sent to our own rehearsal server
   * @param witnessed whether a gateway saw what they got: then nobody's word is needed
   */
  boolean answeredByRehearsal(boolean rehearsal, boolean witnessed) {
    return lines.attempts.stream()
        .anyMatch(at -> at.answeredWithMark() || (!witnessed && at.claimsAnswer(rehearsal)));
  }

  long wallNanos() {
    return (lines.ended == null ? lastNanos : lines.ended.endNanos()) - lines.started.startNanos();
  }

  /** Sum of the attempts' durations, nanoseconds: also the area under the number at once. */
  long sumNanos() {
    return lines.attempts.stream().mapToLong(at -> interval(at).length()).sum();
  }

  long maxNanos() {
    return lines.attempts.stream().mapToLong(at -> interval(at).length()).max().orElse(0);
  }

  /** What the agents say they waited before repeating calls, nanoseconds. */
  long retryNanos() {
    return lines.attempts.stream()
        .mapToLong(at -> at.ended == null ? 0 : at.ended.retryWaitMs() * 1_000_000)
        .sum();
  }

  /**
   * How long places stood empty before their first attempt: the first N attempts' spawns less the
   * phase's start. Those that come later wait for a place that is in use, which loses nothing.
   */
  long queueNanos() {
    return lines.attempts.stream()
        .mapToLong(at -> at.started.spawnNanos() - lines.started.startNanos())
        .sorted()
        .limit(parallel)
        .sum();
  }

  /** Whether it ran and nobody saw its end: until then its times say how long it was watched. */
  static boolean unseen(AttemptLines attempt) {
    return attempt.started.pid() != 0
        && (attempt.ended == null || attempt.ended.outcome() == Outcome.LOST);
  }

  /** A figure that needs the end of every attempt. */
  private @Nullable Double ofAllEnds(long nanos) {
    return lines.attempts.stream().anyMatch(PhaseDerivation::unseen) ? null : seconds(nanos);
  }

  Interval interval(AttemptLines attempt) {
    long spawn = attempt.started.spawnNanos();
    return new Interval(spawn, Math.max(spawn, exit(attempt)));
  }

  private long exit(AttemptLines attempt) {
    if (attempt.started.pid() == 0) {
      return attempt.started.spawnNanos(); // it never ran
    }
    Event.AttemptEnded ended = attempt.ended;
    if (ended == null || ended.outcome() == Outcome.LOST) {
      return lastNanos; // nobody saw its end; until then we know that it ran
    }
    return ended.exitNanos();
  }

  Proof.Phase phase(Figures figures) {
    List<Proof.Attempt> attempts = inOrder().map(at -> attempt(at, figures)).toList();
    long busy = overlaps() ? maxNanos() : sumNanos();
    return new Proof.Phase(
        lines.started.phase(),
        lines.started.round(),
        lines.started.mode(),
        RunClock.at(originEpochNanos, lines.started.startNanos(), zone),
        seconds(lines.started.startNanos()),
        seconds(wallNanos()),
        ofAllEnds(sumNanos()),
        ofAllEnds(maxNanos()),
        ofAllEnds(wallNanos() - busy),
        concurrency(),
        figures.gateway().isPresent() ? wireOf(wire()) : null,
        attempts);
  }

  /** The attempts in the order of the tasks; of a tree each before those that it asked for. */
  private Stream<AttemptLines> inOrder() {
    return tree.map(shape -> shape.inOrder().stream().map(node -> node.lines))
        .orElseGet(() ->
            lines.attempts.stream()
                .sorted(Comparator.comparingInt(at -> number(at.started.task()))));
  }

  private static int number(String task) {
    try {
      return Integer.parseInt(task);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE; // no task of a proof is called so; it goes last
    }
  }

  private Proof.Concurrency concurrency() {
    long wall = Math.max(1, wallNanos());
    List<Proof.Step> steps =
        overlap.steps().stream()
            .map(step -> new Proof.Step(since(step.at()), step.running()))
            .toList();
    return new Proof.Concurrency(
        overlap.greatest(),
        (double) overlap.area() / wall,
        (double) overlap.nanosWithAtLeast(parallel) / wall,
        steps);
  }

  double since(long nanos) {
    return seconds(nanos - lines.started.startNanos());
  }

  private @Nullable Double since(@Nullable Long nanos) {
    return nanos == null ? null : since(nanos.longValue());
  }

  private Proof.Attempt attempt(AttemptLines at, Figures figures) {
    Event.AttemptStarted started = at.started;
    Event.AttemptEnded ended = at.ended;
    Claims claims = ended == null ? Claims.NONE : ended.claims();
    Event.TaskScheduled scheduled = lines.scheduled.get(started.task());
    Event.ArtifactVerified artifact = at.artifact;
    return new Proof.Attempt(
        started.attempt(),
        started.task(),
        started.parent(),
        label(at),
        scheduled == null ? "" : scheduled.title(),
        started.number(),
        started.credential() == null
            ? null
            : new Proof.Credential(
                started.credential(),
                started.assignedFingerprint(),
                started.placeholderFingerprint(),
                started.givenFingerprint()),
        claims.sessionId(),
        RunClock.at(originEpochNanos, started.spawnNanos(), zone),
        since(scheduled == null ? started.spawnNanos() : scheduled.scheduledNanos()),
        since(started.spawnNanos()),
        since(ended == null ? null : ended.firstOutputNanos()),
        since(ended == null ? null : ended.responseNanos()),
        since(ended == null ? null : ended.lastOutputNanos()),
        unseen(at) ? null : since(exit(at)),
        since(artifact == null ? null : artifact.verifiedNanos()),
        unseen(at) ? null : seconds(interval(at).length()),
        claims.apiDurationMs(),
        claims.costUsd(),
        new Proof.Tokens(
            claims.inputTokens(),
            claims.outputTokens(),
            claims.cacheReadTokens(),
            claims.cacheCreationTokens()),
        claims.model(),
        claims.turns(),
        outcome(at),
        ended == null ? whyWithoutEnd() : ended.reason(),
        ended == null ? null : ended.exitCode(),
        ended == null ? null : ended.signal(),
        started.pid(),
        ended == null ? null : ended.cpuSeconds(),
        ended == null ? null : ended.peakMemoryBytes(),
        ended == null ? 0 : ended.retryWaitMs(),
        ended == null ? 0 : ended.rateLimitWaitMs(),
        claims.result(),
        at.challenge == null ? null : at.challenge.passed(),
        artifact == null
            ? null
            : new Proof.Artifact(artifact.path(), artifact.passed(), artifact.detail()),
        claims.missing(),
        claims,
        new CallDerivation(this::since).evidence(figures, attemptFigures(at)));
  }

  private String label(AttemptLines at) {
    return tree.map(shape -> shape.label(at)).orElseGet(() -> label(at.started.task()));
  }

  /** Sequential tasks are 1, 2, 3; parallel ones A, B, … Z, AA, AB. */
  private String label(String task) {
    int number = number(task);
    if (!isParallel() || number == Integer.MAX_VALUE) {
      return task;
    }
    StringBuilder letters = new StringBuilder();
    for (int left = number; left > 0; left = (left - 1) / 26) {
      letters.insert(0, (char) ('A' + (left - 1) % 26));
    }
    return letters.toString();
  }

  Figures.PhaseFigures figures(int tasks) {
    Proof.Concurrency concurrency = concurrency();
    return new Figures.PhaseFigures(
        lines.started.phase(),
        overlaps(),
        whole(tasks),
        seconds(wallNanos()),
        seconds(maxNanos()),
        concurrency.greatest(),
        concurrency.average(),
        concurrency.shareAll(),
        wire(),
        inOrder().map(this::attemptFigures).toList());
  }

  private static Proof.Wire wireOf(Figures.WireFigures wire) {
    return new Proof.Wire(wire.open(), wire.average(), wire.mean());
  }

  private Figures.WireFigures wire() {
    List<Exchange> calls =
        lines.attempts.stream()
            .flatMap(at -> at.exchanges.stream())
            .filter(Exchange::broughtMessage)
            .toList();
    Overlap open = Overlap.of(calls.stream().map(PhaseDerivation::open).toList());
    return new Figures.WireFigures(
        open.greatest(),
        (double) open.area() / Math.max(1, wallNanos()),
        seconds(open.area()) / Math.max(1, calls.size()));
  }

  private static Interval open(Exchange call) {
    return new Interval(call.times().startNanos(), call.times().endNanos());
  }

  private static Figures.Seen seen(AttemptLines at) {
    return new Figures.Seen(
        Optional.ofNullable(at.started.placeholderFingerprint()),
        Optional.ofNullable(at.transcript),
        at.exchanges,
        at.ended == null ? 0 : at.ended.retryWaitMs());
  }

  private Figures.AttemptFigures attemptFigures(AttemptLines at) {
    Event.AttemptEnded ended = at.ended;
    return new Figures.AttemptFigures(
        at.started.attempt(),
        Optional.ofNullable(outcome(at)),
        at.started.pid() != 0,
        seconds(interval(at).length()),
        ended == null ? Claims.NONE : ended.claims(),
        ordered(at),
        Optional.ofNullable(at.started.assignedFingerprint()),
        Optional.ofNullable(at.started.givenFingerprint()),
        Optional.ofNullable(at.challenge).map(Event.ChallengeChecked::passed),
        Optional.ofNullable(at.artifact).map(Event.ArtifactVerified::passed),
        seen(at));
  }

  /** Spawn, first byte, response, exit and verification must come in this order. */
  private static boolean ordered(AttemptLines at) {
    List<Long> points = new ArrayList<>();
    points.add(at.started.spawnNanos());
    Event.AttemptEnded ended = at.ended;
    if (ended != null) {
      if (ended.firstOutputNanos() != null) {
        points.add(ended.firstOutputNanos());
      }
      if (ended.responseNanos() != null) {
        points.add(ended.responseNanos());
      }
      if (ended.outcome() != Outcome.LOST) {
        points.add(ended.exitNanos());
      }
    }
    if (at.artifact != null) {
      points.add(at.artifact.verifiedNanos());
    }
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i) < points.get(i - 1)) {
        return false;
      }
    }
    return true;
  }
}
