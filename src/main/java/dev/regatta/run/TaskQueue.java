package dev.regatta.run;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out tasks in their order, each once. A task waits for those it depends on, and for those
 * that touch the same files; others overtake it meanwhile.
 */
final class TaskQueue {
  private final Iterator<Task> source;
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Task> waiting = new ArrayDeque<>();
  private final Map<String, Boolean> finished = new HashMap<>();
  private final Set<Task> touching = new HashSet<>();
  private final Path standard;
  private boolean exhausted;
  private boolean closed;

  /**
   * A queue over tasks that may still be arriving, for example line by line.
   *
   * @param standard the folder of tasks that name none
   */
  TaskQueue(Iterator<Task> source, Path standard) {
    this.source = source;
    this.standard = standard;
  }

  /** A task that may run now, or one that never can. */
  sealed interface Next {
    /** It is the taker's to carry out; {@link TaskQueue#finished} must follow. */
    record Ready(Task task) implements Next {}

    /** It will not run: what it depends on failed. */
    record Blocked(Task task, String failed) implements Next {}
  }

  /** The next task; waits for one; empty when there are no more. */
  Optional<Next> take() throws InterruptedException {
    while (true) {
      lock.lockInterruptibly();
      try {
        Optional<Next> ready = closed ? Optional.empty() : fromWaiting();
        if (ready.isPresent() || closed || (exhausted && waiting.isEmpty())) {
          return ready;
        }
        if (exhausted) {
          changed.await();
          continue;
        }
      } finally {
        lock.unlock();
      }
      readOne();
    }
  }

  /** Says how a task ended, which may free others. */
  void finished(Task task, boolean succeeded) {
    lock.lock();
    try {
      finished.put(task.name(), succeeded);
      touching.remove(task);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Gives out nothing any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Reads outside the queue's own lock: the source may be a slow pipe, and others finish. */
  private void readOne() throws InterruptedException {
    reading.lockInterruptibly();
    try {
      boolean any = source.hasNext();
      Task task = any ? source.next() : null;
      lock.lock();
      try {
        if (task == null) {
          exhausted = true;
        } else {
          waiting.add(task);
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    } finally {
      reading.unlock();
    }
  }

  private Optional<Next> fromWaiting() {
    for (Iterator<Task> tasks = waiting.iterator(); tasks.hasNext(); ) {
      Task task = tasks.next();
      Optional<String> failed =
          task.dependsOn().stream()
              .filter(name -> Boolean.FALSE.equals(finished.get(name)))
              .findFirst();
      if (failed.isPresent()) {
        tasks.remove();
        finished.put(task.name(), false);
        changed.signalAll();
        return Optional.of(new Next.Blocked(task, failed.get()));
      }
      if (ready(task)) {
        tasks.remove();
        if (!task.files().isEmpty()) {
          touching.add(task);
        }
        return Optional.of(new Next.Ready(task));
      }
    }
    return Optional.empty();
  }

  private boolean ready(Task task) {
    return task.dependsOn().stream().allMatch(name -> Boolean.TRUE.equals(finished.get(name)))
        && touching.stream().noneMatch(other -> other.sharesFilesWith(task, standard));
  }
}
