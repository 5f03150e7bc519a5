package dev.regatta.cli;

import dev.regatta.run.Task;
import dev.regatta.run.TaskLog;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a run: first those that are known, then those that come in line by line, each noted
 * before it is begun. When the lines end, that is noted at once: a run that is killed later needs
 * its input no more.
 */
final class Incoming implements Iterator<Task>, AutoCloseable {
  private final Iterator<Task> known;
  private final @Nullable LineTasks lines;
  private final @Nullable TaskLog log;
  private boolean complete;

  private Incoming(
      List<Task> known, @Nullable LineTasks lines, @Nullable TaskLog log, boolean complete) {
    this.known = known.iterator();
    this.lines = lines;
    this.log = log;
    this.complete = complete;
  }

  /** Tasks that stand in a log already; whether they are all is known too. */
  static Incoming known(List<Task> tasks, boolean complete) {
    return new Incoming(tasks, null, null, complete);
  }

  /** Tasks that stand in the log, and lines that do not yet. */
  static Incoming lines(List<Task> known, LineTasks lines, TaskLog log) {
    return new Incoming(known, lines, log, false);
  }

  @Override
  public boolean hasNext() {
    if (known.hasNext() || (lines != null && lines.hasNext())) {
      return true;
    }
    complete();
    return false;
  }

  @Override
  public Task next() {
    if (known.hasNext() || lines == null || log == null) {
      return known.next();
    }
    Task task = lines.next();
    log.add(task);
    return task;
  }

  /** Whether all tasks have come in; notes it when it turns out that they have. */
  boolean complete() {
    if (!complete && lines != null && log != null && lines.complete()) {
      complete = true;
      log.end();
    }
    return complete;
  }

  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
