package dev.regatta.experiment;

import static dev.regatta.experiment.ProofDerivation.seconds;

import dev.regatta.stats.PairedRatio;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The speedup, and what it is made of: {@code S = T_seq / T_par = Ā · G / I}, where Ā is the
 * average number at once in the parallel phases, G the sequential phases' wall time over their
 * durations, and I the parallel durations over the sequential ones.
 */
final class SpeedupDerivation {
  private static final double LEVEL = 0.95;
  private static final int FEW = 6;

  private final int parallel;
  private final List<PhaseDerivation> sequentials;
  private final List<PhaseDerivation> parallels;

  private SpeedupDerivation(
      int parallel, List<PhaseDerivation> sequentials, List<PhaseDerivation> parallels) {
    this.parallel = parallel;
    this.sequentials = sequentials;
    this.parallels = parallels;
  }

  /**
   * Over all rounds that have both phases; empty when there is none.
   *
   * @param phases those that are whole
   */
  static Optional<SpeedupDerivation> of(int parallel, List<PhaseDerivation> phases) {
    List<PhaseDerivation> sequentials = new ArrayList<>();
    List<PhaseDerivation> parallels = new ArrayList<>();
    for (List<PhaseDerivation> pair : pairs(phases)) {
      sequentials.add(pair.get(0));
      parallels.add(pair.get(1));
    }
    SpeedupDerivation derivation = new SpeedupDerivation(parallel, sequentials, parallels);
    boolean measurable =
        derivation.total(sequentials, PhaseDerivation::wallNanos) > 0
            && derivation.total(parallels, PhaseDerivation::wallNanos) > 0
            && derivation.total(sequentials, PhaseDerivation::sumNanos) > 0
            && derivation.total(parallels, PhaseDerivation::sumNanos) > 0;
    return measurable ? Optional.of(derivation) : Optional.empty();
  }

  /** For each round that has both, its sequential phase and its parallel one. */
  private static List<List<PhaseDerivation>> pairs(List<PhaseDerivation> phases) {
    Map<Integer, PhaseDerivation> sequential = new TreeMap<>();
    Map<Integer, PhaseDerivation> parallel = new TreeMap<>();
    for (PhaseDerivation phase : phases) {
      (phase.isParallel() ? parallel : sequential).put(phase.round(), phase);
    }
    List<List<PhaseDerivation>> pairs = new ArrayList<>();
    sequential.forEach((round, phase) -> {
      PhaseDerivation other = parallel.get(round);
      if (other != null) {
        pairs.add(List.of(phase, other));
      }
    });
    return pairs;
  }

  private interface Nanos {
    long of(PhaseDerivation phase);
  }

  private double total(List<PhaseDerivation> phases, Nanos nanos) {
    return seconds(phases.stream().mapToLong(nanos::of).sum());
  }

  Proof.Comparison comparison() {
    double sum = total(sequentials, PhaseDerivation::sumNanos);
    double longest = total(parallels, PhaseDerivation::maxNanos);
    double sequentialWall = total(sequentials, PhaseDerivation::wallNanos);
    double parallelWall = total(parallels, PhaseDerivation::wallNanos);
    double speedup = sum / longest;
    return new Proof.Comparison(
        sum,
        sequentialWall,
        longest,
        parallelWall,
        speedup,
        sequentialWall / parallelWall,
        parallel,
        speedup / parallel);
  }

  /** Each step takes the speedup that is left to the next; the last is the wall speedup. */
  Optional<Proof.Waterfall> waterfall() {
    double wall = total(parallels, PhaseDerivation::wallNanos);
    double parallelSum = total(parallels, PhaseDerivation::sumNanos);
    double sequentialSum = total(sequentials, PhaseDerivation::sumNanos);
    double parallelWait = total(parallels, PhaseDerivation::retryNanos);
    double sequentialWait = total(sequentials, PhaseDerivation::retryNanos);
    double gaps = total(sequentials, PhaseDerivation::wallNanos) / sequentialSum;
    double queue = total(parallels, PhaseDerivation::queueNanos);
    double idle = parallel * wall - parallelSum - queue;
    double netParallel = parallelSum - parallelWait;
    double netSequential = sequentialSum - sequentialWait;
    if (netParallel <= 0 || netSequential <= 0) {
      return Optional.empty(); // the agents claim to have waited longer than they ran
    }
    double retries = (parallelSum / netParallel) / (sequentialSum / netSequential);
    double inflation = netParallel / netSequential;
    List<Proof.WaterfallStep> steps = new ArrayList<>();
    double left = add(steps, "ideal", parallel, 0, "all " + parallel + " at once, all of the time");
    left =
        add(
            steps,
            "schedule loss",
            (parallel - idle / wall) * gaps,
            left,
            text(
                "%.2f s of %.2f s that %d places had stood empty behind shorter attempts; gaps"
                    + " between sequential attempts, %.3f times",
                idle, parallel * wall, parallel, gaps));
    left =
        add(
            steps,
            "queue wait",
            (parallel - (idle + queue) / wall) * gaps,
            left,
            text("%.2f s until the places were first taken", queue));
    left =
        add(
            steps,
            "retry and rate-limit wait",
            left / retries,
            left,
            text(
                "%.2f s in the parallel phase, %.2f s in the sequential one",
                parallelWait, sequentialWait));
    left =
        add(
            steps,
            "latency inflation",
            left / inflation,
            left,
            text("the same tasks took %.3f times as long when they ran at once", inflation));
    add(steps, "speedup", left, left, "wall time against wall time");
    return Optional.of(new Proof.Waterfall(steps));
  }

  private static double add(
      List<Proof.WaterfallStep> steps, String name, double after, double before, String text) {
    steps.add(
        new Proof.WaterfallStep(name, name.equals("ideal") ? 0 : after - before, after, text));
    return after;
  }

  private static String text(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** What the rounds say together; empty below two complete pairs. */
  static Optional<Proof.Intervals> intervals(List<PhaseDerivation> phases) {
    List<List<PhaseDerivation>> pairs = pairs(phases);
    if (pairs.size() < 2
        || pairs.stream().flatMap(List::stream).anyMatch(phase -> phase.wallNanos() <= 0)) {
      return Optional.empty();
    }
    PairedRatio ratio =
        new PairedRatio(
            pairs.stream().mapToDouble(pair -> seconds(pair.get(0).wallNanos())).toArray(),
            pairs.stream().mapToDouble(pair -> seconds(pair.get(1).wallNanos())).toArray(),
            LEVEL);
    Optional<PairedRatio.Bounds> fieller = ratio.fieller();
    return Optional.of(
        new Proof.Intervals(
            pairs.size(),
            LEVEL,
            ratio.geometricMean(),
            ratio.t().low(),
            ratio.t().high(),
            fieller.map(PairedRatio.Bounds::low).orElse(null),
            fieller.map(PairedRatio.Bounds::high).orElse(null),
            ratio.signFlipP(),
            ratio.smallestEffect(),
            pairs.size() < FEW));
  }
}
