package dev.regatta.cli;

import dev.regatta.run.RunFolder;
import dev.regatta.run.Task;
import dev.regatta.run.TaskResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints each task's output whole when it has ended, never mixed with another's; in the tasks'
 * order if that was asked for.
 */
final class Results implements Consumer<TaskResult> {
  private final Context context;
  private final RunOptions options;
  private final RunFolder folder;
  private final Progress progress;
  private final Summary summary;
  private final Deque<String> order = new ArrayDeque<>();
  private final Map<String, TaskResult> waiting = new HashMap<>();

  Results(
      Context context, RunOptions options, RunFolder folder, Progress progress, Summary summary) {
    this.context = context;
    this.options = options;
    this.folder = folder;
    this.progress = progress;
    this.summary = summary;
  }

  /** The tasks; their order is remembered as they pass. */
  Iterator<Task> ordered(Iterator<Task> tasks) {
    if (!options.keepOrder) {
      return tasks;
    }
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return tasks.hasNext();
      }

      @Override
      public Task next() {
        Task task = tasks.next();
        synchronized (order) {
          order.add(task.name());
        }
        return task;
      }
    };
  }

  @Override
  public void accept(TaskResult result) {
    summary.add(result);
    if (!options.keepOrder) {
      print(result);
      return;
    }
    waiting.put(result.task().name(), result);
    synchronized (order) {
      for (TaskResult next = next(); next != null; next = next()) {
        print(next);
      }
    }
  }

  /** The first in order, if it has ended. */
  private @Nullable TaskResult next() {
    TaskResult first = order.isEmpty() ? null : waiting.remove(order.getFirst());
    if (first != null) {
      order.removeFirst();
    }
    return first;
  }

  /** Prints what still waits for tasks that never ended. */
  void finish() {
    synchronized (order) {
      for (String name : order) {
        TaskResult result = waiting.remove(name);
        if (result != null) {
          print(result);
        }
      }
      order.clear();
    }
  }

  private void print(TaskResult result) {
    if (options.json) {
      Json.line(context.out(), ResultLine.of(result, folder));
      return;
    }
    if (result.attempt().isPresent()) {
      copy(folder.output(result.attempt().get()), context.out());
      copy(folder.error(result.attempt().get()), context.err());
    }
  }

  private void copy(Path file, PrintStream stream) {
    if (!Files.exists(file)) {
      return;
    }
    progress.clear();
    try {
      Files.copy(file, stream);
      stream.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be printed: " + Reasons.of(e), e);
    }
  }
}
