package dev.regatta.experiment;

import dev.regatta.agent.CommandAdapter;
import dev.regatta.evidence.Criteria;
import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Figures;
import dev.regatta.evidence.Judgement;
import dev.regatta.evidence.PriceTable;
import dev.regatta.evidence.TreeFigures;
import dev.regatta.experiment.ProofReading.PhaseLines;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.RunClock;
import dev.regatta.run.AbandonedRuns;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Proof} of a journal and of nothing else: of a run that ended, one that was
 * interrupted, and one whose journal just stops.
 */
public final class ProofDerivation {
  private final ProofReading lines;
  private final Event.RunStarted run;
  private final ZoneId zone;
  private final boolean running;

  private ProofDerivation(ProofReading lines, Event.RunStarted run, boolean alive) {
    this.running = alive && lines.end == null;
    this.lines = lines;
    this.run = run;
    this.zone = zone(run.zone());
  }

  /** The journal is of no run; the message says so. */
  public static final class NoRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoRun() {
      super("the journal does not begin with the start of a run");
    }
  }

  /**
   * Derives.
   *
   * @param entries a journal's lines in order
   * @throws NoRun if they do not hold the start of a run
   */
  public static Proof of(List<Entry> entries) {
    return of(entries, false);
  }

  /**
   * Derives, of a run that may not have ended yet.
   *
   * @param entries a journal's lines in order
   * @param alive whether its orchestrator lives, so that lines may still come
   * @throws NoRun if they do not hold the start of a run
   */
  public static Proof of(List<Entry> entries, boolean alive) {
    ProofReading lines = new ProofReading(entries);
    Event.RunStarted run = lines.run;
    if (run == null) {
      throw new NoRun();
    }
    return new ProofDerivation(lines, run, alive).proof();
  }

  private Proof proof() {
    List<PhaseDerivation> phases = new ArrayList<>();
    for (PhaseLines phase : lines.phases.values()) {
      phases.add(
          new PhaseDerivation(
              phase,
              parallel(),
              run.originEpochNanos(),
              zone,
              lines.lastNanos,
              running,
              shape(phase)));
    }
    Figures figures = figures(phases);
    Optional<TreeDerivation> tree =
        phases.stream().map(PhaseDerivation::tree).flatMap(Optional::stream).findFirst();
    Optional<TreeFigures> treeFigures =
        widths().map(it -> tree.map(TreeDerivation::figures).orElse(TreeFigures.none(it)));
    List<Criterion> criteria =
        treeFigures.map(it -> Criteria.of(figures, it)).orElseGet(() -> Criteria.of(figures));
    List<Proof.Phase> derived = phases.stream().map(phase -> phase.phase(figures)).toList();
    Event.PlanRecorded plan = lines.plan;
    List<PhaseDerivation> whole =
        phases.stream().filter(phase -> plan != null && phase.whole(tasks())).toList();
    Optional<SpeedupDerivation> speedup = SpeedupDerivation.of(parallel(), whole);
    Event.RunEnded end = lines.seenEnd();
    return new Proof(
        run.run(),
        run.kind(),
        run.rehearsal() || figures.rehearsal(),
        status(),
        run.endpoint(),
        at(0),
        end == null ? null : at(end.endNanos()),
        seconds(end == null ? lines.lastNanos : end.endNanos()),
        parallel(),
        plan == null ? 1 : plan.rounds(),
        plan == null ? List.of() : plan.order(),
        plan == null ? Map.of() : plan.limits(),
        run.environment(),
        plan == null ? "" : plan.agent(),
        agentVersion(derived),
        plan != null && plan.credentialsReused(),
        gateway(),
        derived,
        tree.map(TreeDerivation::tree).orElse(null),
        speedup.map(SpeedupDerivation::comparison).orElse(null),
        speedup.flatMap(SpeedupDerivation::waterfall).orElse(null),
        SpeedupDerivation.intervals(whole).orElse(null),
        uses(derived),
        criteria,
        treeFigures
            .map(it -> Judgement.of(figures, it, criteria))
            .orElseGet(() -> Judgement.of(figures, criteria)),
        notes(derived));
  }

  private Proof.@Nullable Gateway gateway() {
    Event.GatewayOpened opened = lines.gateway;
    return opened == null
        ? null
        : new Proof.Gateway(
            opened.upstream(),
            opened.ownAuthority(),
            opened.proxy(),
            lines.refusals.size(),
            lines.prices == null ? null : lines.prices.dated());
  }

  /** As planned, or else as the agents themselves say it when they run. */
  private @Nullable String agentVersion(List<Proof.Phase> phases) {
    if (lines.plan != null && lines.plan.agentVersion() != null) {
      return lines.plan.agentVersion();
    }
    List<String> claimed =
        phases.stream()
            .flatMap(phase -> phase.attempts().stream())
            .map(attempt -> Optional.ofNullable(attempt.claims().agentVersion()))
            .flatMap(Optional::stream)
            .distinct()
            .sorted()
            .toList();
    return claimed.isEmpty() ? null : String.join(", ", claimed);
  }

  private int parallel() {
    return lines.plan == null ? 1 : lines.plan.parallel();
  }

  /** How many attempts a phase was to have. Of a plan that is missing no phase can be whole. */
  private int tasks() {
    int planned = lines.plan == null ? -1 : lines.plan.tasks().size();
    return widths().map(Tree::size).orElse(planned);
  }

  /** Of a tree of agents: how many of them are asked for on each tier. */
  private Optional<List<Integer>> widths() {
    return Optional.ofNullable(lines.plan).map(Event.PlanRecorded::tree);
  }

  private Optional<TreeShape> shape(PhaseLines phase) {
    return widths()
        .filter(it -> phase.started.mode().equals(Proof.TREE))
        .map(it ->
            new TreeShape(
                Objects.requireNonNull(lines.plan).tasks(), it, phase.attempts, lines.notTried));
  }

  private String status() {
    if (lines.end == null) {
      return running ? Proof.RUNNING : AbandonedRuns.LOST;
    }
    return lines.end.status();
  }

  private List<String> notes(List<Proof.Phase> phases) {
    List<String> notes = new ArrayList<>(lines.notes);
    if (lines.plan != null && lines.plan.credentialsReused()) {
      notes.add(
          "there are "
              + lines.plan.credentials().size()
              + " credentials for "
              + tasks()
              + (widths().isPresent() ? " agents" : " tasks")
              + ": some are used by several attempts at once");
    }
    if (running) {
      notes.add("its orchestrator still runs: later lines may change all that stands here");
    } else if (lines.end == null) {
      notes.add(
          "the journal stops before the run's end: its orchestrator was killed, or still runs");
    } else if (lines.lost()) {
      notes.add("its orchestrator was killed; times end with the last line that it wrote");
    }
    if (lines.plan != null && lines.plan.tasks().size() > lines.plan.parallel()) {
      notes.add(
          lines.plan.tasks().size()
              + " tasks took turns in "
              + lines.plan.parallel()
              + " places: the speedup factor compares with the longest task, which is shorter than"
              + " the parallel phase; wall time against wall time is what was gained");
    }
    if (!sameWork(phases)) {
      notes.add(
          "the phases did not do the same amount of work: their output tokens differ by more than a"
              + " quarter, so compare their times with care");
    }
    return notes;
  }

  /** Different amounts of work would make the faster phase look better, or worse, than it is. */
  private static boolean sameWork(List<Proof.Phase> phases) {
    long sequential = outputTokens(phases, "sequential");
    long parallel = outputTokens(phases, "parallel");
    return sequential == 0
        || parallel == 0
        || Math.max(sequential, parallel) <= 1.25 * Math.min(sequential, parallel);
  }

  private static long outputTokens(List<Proof.Phase> phases, String mode) {
    return phases.stream()
        .filter(phase -> phase.mode().equals(mode))
        .flatMap(phase -> phase.attempts().stream())
        .map(attempt -> attempt.tokens().output())
        .mapToLong(tokens -> tokens == null ? 0 : tokens)
        .sum();
  }

  private Figures figures(List<PhaseDerivation> phases) {
    boolean rehearsed =
        phases.stream()
            .anyMatch(phase -> phase.answeredByRehearsal(run.rehearsal(), lines.gateway != null));
    Event.RunEnded end = lines.seenEnd();
    Optional<Double> drift =
        end == null
            ? Optional.empty()
            : Optional.of(seconds(end.endEpochNanos() - run.originEpochNanos() - end.endNanos()));
    return new Figures(
        parallel(),
        progress(phases),
        lines.plan != null && lines.plan.agent().equals(CommandAdapter.NAME),
        rehearsed,
        run.providerEndpoint(),
        Optional.ofNullable(lines.gateway)
            .map(opened ->
                new Figures.GatewayFigures(opened.ownAuthority(), opened.proxy() != null)),
        Optional.ofNullable(lines.prices).map(used -> new PriceTable(used.dated(), used.prices())),
        phases.stream().map(phase -> phase.figures(tasks())).toList(),
        drift,
        seconds(end == null ? lines.lastNanos : end.endNanos()));
  }

  private Figures.Progress progress(List<PhaseDerivation> phases) {
    if (running) {
      return Figures.Progress.RUNNING;
    }
    if (lines.plan == null || phases.size() != lines.plan.order().size()) {
      return Figures.Progress.PHASE_MISSING;
    }
    if (!phases.stream().allMatch(PhaseDerivation::ended)) {
      return Figures.Progress.PHASE_OPEN;
    }
    Event.RunEnded end = lines.seenEnd();
    if (end == null) {
      return Figures.Progress.END_UNSEEN;
    }
    return end.status().equals("completed")
        ? Figures.Progress.COMPLETE
        : Figures.Progress.INTERRUPTED;
  }

  private static List<Proof.CredentialUse> uses(List<Proof.Phase> phases) {
    Map<String, List<Proof.Attempt>> byName = new LinkedHashMap<>();
    for (Proof.Phase phase : phases) {
      for (Proof.Attempt attempt : phase.attempts()) {
        if (attempt.credential() != null) {
          byName
              .computeIfAbsent(attempt.credential().name(), name -> new ArrayList<>())
              .add(attempt);
        }
      }
    }
    List<Proof.CredentialUse> uses = new ArrayList<>();
    byName.forEach((name, attempts) -> uses.add(use(name, attempts)));
    return uses;
  }

  private static Proof.CredentialUse use(String name, List<Proof.Attempt> attempts) {
    Proof.Credential credential = attempts.getFirst().credential();
    Double cost = null;
    for (Proof.Attempt attempt : attempts) {
      if (attempt.costUsd() != null) {
        cost = (cost == null ? 0 : cost) + attempt.costUsd();
      }
    }
    return new Proof.CredentialUse(
        name,
        credential == null ? null : credential.fingerprint(),
        attempts.size(),
        cost,
        Proof.Tokens.sum(attempts.stream().map(Proof.Attempt::tokens).toList()));
  }

  private OffsetDateTime at(long nanos) {
    return RunClock.at(run.originEpochNanos(), nanos, zone);
  }

  private static ZoneId zone(String id) {
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC; // written by a system that knows zones we do not; times stay right
    }
  }

  static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
