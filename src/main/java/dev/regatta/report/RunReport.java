package dev.regatta.report;

import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.run.Visible;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plain run, as its journal has it.
 *
 * @param run its id
 * @param status how it ended; {@code running} while its orchestrator lives, {@code lost} when the
 *     journal just stops
 * @param rehearsal whether it was a rehearsal
 * @param seconds its length, elapsed
 * @param tasks all that were planned or read, in that order, those that never began too
 * @param notes what a reader must know
 */
public record RunReport(
    String run,
    String status,
    boolean rehearsal,
    double seconds,
    List<TaskPart> tasks,
    List<String> notes) {
  private static final String NOT_TRIED = "not tried";

  /**
   * One task.
   *
   * @param task its name
   * @param title its first words
   * @param attempts how many attempts it had
   * @param outcome of the last one, or null when none began, or it has not ended
   * @param reason of that, or why none began
   * @param exitCode of the last one, or null
   * @param seconds duration of the last one
   * @param costUsd as its agents claim, all attempts together, or null
   */
  public record TaskPart(
      String task,
      String title,
      int attempts,
      @Nullable Outcome outcome,
      String reason,
      @Nullable Integer exitCode,
      double seconds,
      @Nullable Double costUsd) {}

  /**
   * Derives it from a journal's lines.
   *
   * @param alive whether its orchestrator still runs
   */
  public static RunReport of(List<Entry> entries, boolean alive) {
    Map<String, TaskPart> tasks = new LinkedHashMap<>();
    Map<String, Event.AttemptStarted> started = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    String run = "";
    String status = alive ? "running" : "lost";
    boolean rehearsal = false;
    long last = 0;
    for (Entry entry : entries) {
      last = Math.max(last, entry.nanos());
      switch (entry.event()) {
        case Event.RunStarted start -> {
          run = start.run();
          rehearsal = start.rehearsal();
        }
        case Event.TasksListed listed ->
            listed.tasks().forEach(task -> known(tasks, task.task(), task.title()));
        case Event.TaskScheduled task -> known(tasks, task.task(), task.title());
        case Event.TaskNotTried not ->
            tasks.computeIfPresent(not.task(), (name, task) -> notTried(task, not.reason()));
        case Event.AttemptStarted attempt -> started.put(attempt.attempt(), attempt);
        case Event.AttemptEnded end -> {
          rehearsal |= end.rehearsal();
          Event.AttemptStarted start = started.remove(end.attempt());
          if (start != null) {
            tasks.computeIfPresent(start.task(), (name, task) -> ended(task, start, end));
          }
        }
        case Event.LeftoversStopped left ->
            notes.add("stopped processes that were left: " + left.pids());
        case Event.RunPaused paused ->
            notes.add("paused until " + paused.until() + ": " + paused.reason());
        case Event.AskedAgain again ->
            notes.add(
                again.attempt()
                    + " went on with "
                    + again.credential()
                    + ", as "
                    + again.refused()
                    + " is refused");
        case Event.Noted noted -> notes.add(noted.text());
        case Event.RunEnded end -> status = end.status();
        default -> {
          // no part of this view
        }
      }
    }
    for (Event.AttemptStarted attempt : started.values()) {
      long seen = last - attempt.spawnNanos();
      tasks.computeIfPresent(attempt.task(), (name, task) -> unseen(task, seen, alive));
    }
    return new RunReport(
        run, status, rehearsal, last / 1e9, List.copyOf(tasks.values()), List.copyOf(notes));
  }

  private static void known(Map<String, TaskPart> tasks, String task, String title) {
    tasks.putIfAbsent(task, new TaskPart(task, title, 0, null, NOT_TRIED, null, 0, null));
  }

  /** Gone on with, a run may give up a task that was tried before: then that end stays. */
  private static TaskPart notTried(TaskPart task, String reason) {
    return task.attempts() > 0
        ? task
        : new TaskPart(task.task(), task.title(), 0, null, reason, null, 0, null);
  }

  private static TaskPart ended(TaskPart task, Event.AttemptStarted start, Event.AttemptEnded end) {
    Double cost = end.claims().costUsd();
    Double total =
        cost == null
            ? task.costUsd()
            : Double.valueOf((task.costUsd() == null ? 0 : task.costUsd()) + cost);
    return new TaskPart(
        task.task(),
        task.title(),
        task.attempts() + 1,
        end.outcome(),
        end.reason(),
        end.exitCode(),
        (end.exitNanos() - start.spawnNanos()) / 1e9,
        total);
  }

  /** Nobody saw its last attempt end: it runs, or the orchestrator was killed. */
  private static TaskPart unseen(TaskPart task, long nanos, boolean alive) {
    return new TaskPart(
        task.task(),
        task.title(),
        task.attempts() + 1,
        alive ? null : Outcome.LOST,
        alive ? "it has not ended" : "the journal stops before its end",
        null,
        nanos / 1e9,
        task.costUsd());
  }

  /** The same as text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (rehearsal) {
      text.append("REHEARSAL: answered by a built-in model server, not by a model\n\n");
    }
    long good = tasks.stream().filter(task -> task.outcome() == Outcome.SUCCEEDED).count();
    text.append(
        String.format(
            Locale.ROOT,
            "Run %s: %s, %d of %d tasks succeeded, %.2f s\n\n",
            Visible.line(run, 100),
            Visible.line(status, 100),
            good,
            tasks.size(),
            seconds));
    Columns columns = new Columns("rlrrl");
    for (TaskPart task : tasks) {
      columns.add(
          Visible.line(task.task(), 100),
          "  " + word(task),
          task.outcome() == null ? "" : String.format(Locale.ROOT, "  %.2f s", task.seconds()),
          task.attempts() > 1 ? "  " + task.attempts() + " attempts" : "",
          "  " + Visible.line(task.title(), 60) + why(task));
    }
    columns.lines().forEach(line -> text.append(line).append('\n'));
    notes.forEach(note -> text.append("Note: ").append(Visible.line(note, 500)).append('\n'));
    if (rehearsal) {
      text.append("\nREHEARSAL: nothing above is proof of real calls\n");
    }
    return text.toString();
  }

  /** Why it did not succeed, set apart from the title: both are anybody's words. */
  private static String why(TaskPart task) {
    boolean said =
        task.outcome() == null
            ? task.attempts() == 0 && !task.reason().equals(NOT_TRIED)
            : task.outcome() != Outcome.SUCCEEDED;
    return said ? " — " + Visible.line(task.reason(), 200) : "";
  }

  private static String word(TaskPart task) {
    if (task.outcome() != null) {
      return task.outcome().word();
    }
    return task.attempts() == 0 ? NOT_TRIED : "running";
  }
}
