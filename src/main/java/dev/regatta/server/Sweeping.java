package dev.regatta.server;

import dev.regatta.process.Leftovers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Stops what ended executions left behind. A look at the process table costs milliseconds, so those
 * that end together share one; a few looks may go on at once, so that processes which do not want
 * to end hold up nobody else's report.
 */
final class Sweeping {
  private static final int AT_ONCE = 3;

  private final Leftovers leftovers;
  private final Semaphore looks = new Semaphore(AT_ONCE);
  private Map<Leftovers.Ended, CompletableFuture<List<Long>>> waiting = new HashMap<>();

  Sweeping(Leftovers leftovers) {
    this.leftovers = leftovers;
  }

  /**
   * Returns when nothing is left of it.
   *
   * @return the ids of the processes that were stopped
   */
  List<Long> sweep(Leftovers.Ended ended) {
    CompletableFuture<List<Long>> mine = new CompletableFuture<>();
    synchronized (this) {
      waiting.put(ended, mine);
    }
    looks.acquireUninterruptibly();
    try {
      look();
    } finally {
      looks.release();
    }
    return mine.join(); // another's look may have taken it along
  }

  private void look() {
    Map<Leftovers.Ended, CompletableFuture<List<Long>>> due;
    synchronized (this) {
      due = waiting;
      waiting = new HashMap<>();
    }
    try {
      Map<Leftovers.Ended, List<Long>> stopped = leftovers.stopEnded(due.keySet());
      due.forEach((ended, done) -> done.complete(stopped.getOrDefault(ended, List.of())));
    } catch (RuntimeException | Error e) {
      due.values().forEach(done -> done.completeExceptionally(e));
      throw e;
    }
  }
}
