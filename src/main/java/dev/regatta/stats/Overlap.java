package dev.regatta.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many of some intervals run at each time: a sweep over half-open intervals in which, at the
 * same instant, ends come before starts, so that back to back is never an overlap.
 *
 * @param steps the number from each change on, in order of time; the last is 0
 */
public record Overlap(List<Step> steps) {
  /**
   * From a time on so many run.
   *
   * @param at nanoseconds
   * @param running how many
   */
  public record Step(long at, int running) {}

  /** Copies. */
  public Overlap {
    steps = List.copyOf(steps);
  }

  /** The sweep over these intervals; empty ones count for nothing. */
  public static Overlap of(List<Interval> intervals) {
    TreeMap<Long, Integer> changes = new TreeMap<>();
    for (Interval interval : intervals) {
      if (interval.length() > 0) {
        changes.merge(interval.start(), 1, Integer::sum);
        changes.merge(interval.end(), -1, Integer::sum);
      }
    }
    List<Step> steps = new ArrayList<>();
    int running = 0;
    for (Map.Entry<Long, Integer> change : changes.entrySet()) {
      if (change.getValue() != 0) {
        running += change.getValue();
        steps.add(new Step(change.getKey(), running));
      }
    }
    return new Overlap(steps);
  }

  /** The greatest number at once. */
  public int greatest() {
    return steps.stream().mapToInt(Step::running).max().orElse(0);
  }

  /** For how long at least so many ran at once, nanoseconds. */
  public long nanosWithAtLeast(int count) {
    long total = 0;
    for (int i = 0; i + 1 < steps.size(); i++) {
      if (steps.get(i).running() >= count) {
        total += steps.get(i + 1).at() - steps.get(i).at();
      }
    }
    return total;
  }

  /** The longest stretches of time in which at least one runs, in order. */
  public List<Interval> stretches() {
    List<Interval> stretches = new ArrayList<>();
    long start = 0;
    int before = 0;
    for (Step step : steps) {
      if (before == 0) {
        start = step.at();
      } else if (step.running() == 0) {
        stretches.add(new Interval(start, step.at()));
      }
      before = step.running();
    }
    return stretches;
  }

  /** The number integrated over time: exactly the sum of the intervals' lengths, nanoseconds. */
  public long area() {
    long total = 0;
    for (int i = 0; i + 1 < steps.size(); i++) {
      total += steps.get(i).running() * (steps.get(i + 1).at() - steps.get(i).at());
    }
    return total;
  }
}
