package dev.regatta.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries out checks at once, and gives their findings in the order of the checks. When it returns
 * they have ended, but for one that hangs in the system and cannot be interrupted: that one is
 * given up after the limit, and is a finding.
 */
final class Checks {
  private static final Duration LEAVING = Duration.ofSeconds(4);

  private Checks() {}

  static List<Finding> carryOut(List<Check> checks, Duration limit) throws InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<List<Finding>>> asked =
          checks.stream().map(check -> threads.submit(check::findings)).toList();
      long end = System.nanoTime() + limit.toNanos();
      List<Finding> findings = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        findings.addAll(answer(checks.get(i), asked.get(i), end - System.nanoTime()));
      }
      return findings;
    } finally {
      leave(threads);
    }
  }

  private static List<Finding> answer(Check check, Future<List<Finding>> asked, long nanosLeft)
      throws InterruptedException {
    try {
      return asked.get(Math.max(0, nanosLeft), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return List.of(
          Diagnosis.UNANSWERED.about(
              Map.of("check", check.id()), check.id() + " gave no answer in time"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("the check " + check.id() + " failed", e.getCause());
    }
  }

  /** Interrupted checks stop what they started, which takes a moment. */
  private static void leave(ExecutorService threads) throws InterruptedException {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    threads.awaitTermination(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
