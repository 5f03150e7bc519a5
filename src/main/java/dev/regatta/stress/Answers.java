package dev.regatta.stress;

import java.util.List;
import java.util.TreeMap;

/** The answers of one task's instances, until all are there and are compared. */
final class Answers {
  private final SuiteTask task;
  private final List<String> criteria;
  private final TreeMap<Integer, GivenAnswer> given = new TreeMap<>();
  private int left;

  Answers(SuiteTask task) {
    this.task = task;
    this.criteria = Comparison.of(task);
    this.left = task.instances();
  }

  /** Takes that of a try; a later try's takes its place. */
  synchronized void take(GivenAnswer answer) {
    if (!criteria.isEmpty()) {
      given.put(answer.instance(), answer);
    }
  }

  /** Whether the instance that ends now is the last one, and there is something to compare. */
  synchronized boolean whole() {
    left--;
    return left == 0 && given.values().stream().anyMatch(GivenAnswer::passed);
  }

  /** The best by each criterion that goes by answers. */
  List<Best> compared(Comparison comparison) throws InterruptedException {
    List<GivenAnswer> all;
    synchronized (this) {
      all = List.copyOf(given.values());
    }
    return comparison.best(task, criteria, all);
  }
}
