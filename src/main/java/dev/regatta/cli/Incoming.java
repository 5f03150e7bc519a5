package dev.regatta.cli;

import dev.regatta.run.Task;
import dev.regatta.run.TaskLog;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
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
  private @Nullable Task next;
  private @Nullable RuntimeException refused;
  private boolean begun;
  private int read;
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
    if (known.hasNext() || (lines != null && readOne(lines))) {
      return true;
    }
    complete();
    return false;
  }

  /** A line that makes no task ends the input; what has begun by then is not to suffer from it. */
  private boolean readOne(LineTasks from) {
    if (next == null && refused == null) {
      try {
        next = from.hasNext() ? from.next() : null;
      } catch (CliFailure | UncheckedIOException e) {
        refused = e;
      }
    }
    if (refused != null && !begun) {
      throw refused;
    }
    return next != null;
  }

  /** What was wrong with the line at which reading ended, if something was. */
  Optional<String> refusal() {
    return Optional.ofNullable(refused).map(Throwable::getMessage);
  }

  /** How many lines became tasks. */
  int read() {
    return read;
  }

  @Override
  public Task next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    begun = true;
    if (known.hasNext()) {
      return known.next();
    }
    Task task = Objects.requireNonNull(next);
    next = null;
    read++;
    if (log != null) {
      log.add(task);
    }
    return task;
  }

  /** Whether all tasks have come in; notes it when it turns out that they have. */
  boolean complete() {
    boolean waits = refused != null || next != null;
    if (!complete && !waits && lines != null && log != null && lines.complete()) {
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
