package dev.regatta.stress;

import dev.regatta.stats.Quantile;
import dev.regatta.store.StressRun;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A time limit from how long tasks took before: the 95th percentile and half of it, at least ten
 * seconds, more; for agents never less than they need to start and answer.
 *
 * @param basis whose durations it is from
 * @param from how many durations were looked at, of tasks that passed and of tasks that timed out
 * @param timedOut how many of these timed out; how long those would have taken is not known
 * @param p95 the 95th percentile of these durations; none if the suite's limit stays
 * @param bound an upper bound of the 95th percentile of all durations, with confidence 95 %; none
 *     from fewer than 59
 * @param before the limit that the suite gives
 * @param limit the limit that is to be used
 */
public record LearnedLimit(
    Basis basis,
    int from,
    int timedOut,
    Optional<Duration> p95,
    Optional<Duration> bound,
    Duration before,
    Duration limit) {
  /** How many of the latest durations are looked at; tasks and models change. */
  public static final int LATEST = 200;

  /** Fewer durations of the task itself are not enough. */
  static final int ENOUGH = 5;

  /** Fewer of similar tasks are not enough: they differ from one another too. */
  static final int ENOUGH_SIMILAR = 10;

  private static final double SHARE = 0.95;
  private static final double CONFIDENCE = 0.95;
  private static final double FACTOR = 1.5;
  private static final double LEAST_MARGIN = 10;

  /** Whose durations a limit is from. */
  public enum Basis {
    /** Of the same task of the same suite. */
    SAME,
    /** Of others that start the same agent and are as complex. */
    SIMILAR,
    /** Of none: the suite's limit stays. */
    SUITE;

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Learns it.
   *
   * @param agent that the task starts, if it starts one that is known
   * @param complexity of the task
   * @param before the limit that the suite gives
   * @param same what came of the same task, of the same kind of runs
   * @param similar what came of similar ones; used if there are too few of the same, and only where
   *     an agent makes them similar
   */
  public static LearnedLimit of(
      Optional<String> agent,
      Complexity complexity,
      Duration before,
      List<StressRun.Task> same,
      List<StressRun.Task> similar) {
    Duration floor = agent.isPresent() ? complexity.floor() : Duration.ZERO;
    List<StressRun.Task> own = telling(same);
    if (own.size() >= ENOUGH) {
      return from(Basis.SAME, own, before, floor);
    }
    List<StressRun.Task> others = agent.isPresent() ? telling(similar) : List.of();
    return others.size() >= ENOUGH_SIMILAR
        ? from(Basis.SIMILAR, others, before, floor)
        : unchanged(own, before);
  }

  /** One that failed by itself says nothing of how long it takes. */
  private static List<StressRun.Task> telling(List<StressRun.Task> tasks) {
    return tasks.stream().filter(task -> task.passed() || task.timedOut()).limit(LATEST).toList();
  }

  private static LearnedLimit from(
      Basis basis, List<StressRun.Task> tasks, Duration before, Duration floor) {
    double[] seconds =
        tasks.stream()
            .mapToDouble(task ->
                task.timedOut() ? Double.POSITIVE_INFINITY : task.duration().toMillis() / 1e3)
            .sorted()
            .toArray();
    Quantile quantile = new Quantile(seconds, SHARE);
    double p95 = quantile.nearestRank();
    if (Double.isInfinite(p95)) {
      return unchanged(tasks, before);
    }
    OptionalDouble bound = quantile.upperBound(CONFIDENCE);
    Duration limit =
        Duration.ofSeconds((long) Math.ceil(Math.max(FACTOR * p95, p95 + LEAST_MARGIN)));
    return new LearnedLimit(
        basis,
        tasks.size(),
        timedOut(tasks),
        Optional.of(millis(p95)),
        bound.isPresent() && Double.isFinite(bound.getAsDouble())
            ? Optional.of(millis(bound.getAsDouble()))
            : Optional.empty(),
        before,
        limit.compareTo(floor) < 0 ? floor : limit);
  }

  private static LearnedLimit unchanged(List<StressRun.Task> tasks, Duration before) {
    return new LearnedLimit(
        Basis.SUITE,
        tasks.size(),
        timedOut(tasks),
        Optional.empty(),
        Optional.empty(),
        before,
        before);
  }

  private static int timedOut(List<StressRun.Task> tasks) {
    return (int) tasks.stream().filter(StressRun.Task::timedOut).count();
  }

  private static Duration millis(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1e3));
  }

  /** Whether it is from durations. */
  public boolean learned() {
    return basis != Basis.SUITE;
  }

  /** Where it comes from, on one line. */
  public String words() {
    if (basis == Basis.SUITE || p95.isEmpty()) {
      return from < ENOUGH
          ? "as the suite says: "
              + (from == 0 ? "no run" : from == 1 ? "one run" : "only " + from + " runs")
              + " of it to learn from, and too few of similar tasks"
          : "as the suite says: "
              + timedOut
              + " of "
              + from
              + " runs timed out, so their p95 is not known";
    }
    return "was %s; p95 of %d runs%s, %s: %s; with a half more, at least 10 s%s"
        .formatted(
            Limits.seconds(before),
            from,
            basis == Basis.SIMILAR ? " of similar tasks" : "",
            bound
                .map(value -> "at most " + Limits.seconds(value) + " with 95 % confidence")
                .orElse("descriptive"),
            Limits.seconds(p95.get()),
            raised() ? ", and no less than the agent needs to start and answer" : "");
  }

  /** Whether the margin alone would have given a shorter one. */
  private boolean raised() {
    double seconds = p95.orElseThrow().toMillis() / 1e3;
    double margin = Math.ceil(Math.max(FACTOR * seconds, seconds + LEAST_MARGIN));
    return limit.toSeconds() > margin;
  }
}
