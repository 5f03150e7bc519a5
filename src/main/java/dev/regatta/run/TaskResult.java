package dev.regatta.run;

import dev.regatta.journal.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended, after its last attempt.
 *
 * @param task the task
 * @param attempts how many attempts were made
 * @param outcome how the last one ended; {@link Outcome#CANCELLED} if there was none
 * @param reason one line for people
 * @param exitCode the last one's exit code, or null
 * @param duration of the last one
 * @param answer what the agent says it answered in the last one; a plain command says nothing
 * @param attempt name of the last one, under which its output lies
 */
public record TaskResult(
    Task task,
    int attempts,
    Outcome outcome,
    String reason,
    @Nullable Integer exitCode,
    Duration duration,
    Optional<String> answer,
    Optional<String> attempt) {

  /** Whether it did what it should. */
  public boolean succeeded() {
    return outcome == Outcome.SUCCEEDED;
  }

  /**
   * The end of a task that was tried.
   *
   * @param asked how often it had been tried again because the provider failed
   */
  static TaskResult of(Task task, AttemptResult last, int asked) {
    boolean down = asked > 0 && last.outcome() == Outcome.API_ERROR;
    return new TaskResult(
        task,
        last.plan().number(),
        last.outcome(),
        last.ended().reason()
            + (down ? "; it was tried " + (asked + 1) + " times, try again later" : ""),
        last.ended().exitCode(),
        last.duration(),
        Optional.ofNullable(last.ended().claims().result()),
        Optional.of(last.plan().name()));
  }

  static TaskResult notTried(Task task, Outcome outcome, String reason) {
    return new TaskResult(
        task, 0, outcome, reason, null, Duration.ZERO, Optional.empty(), Optional.empty());
  }
}
