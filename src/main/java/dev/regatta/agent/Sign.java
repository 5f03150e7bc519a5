package dev.regatta.agent;

import dev.regatta.journal.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something an agent printed that matters while it still runs. */
public sealed interface Sign {

  /**
   * The agent is about to repeat an API call.
   *
   * @param tryNumber which repetition, from 1; 0 where it doesn't say
   * @param status HTTP status of the failed call
   * @param delayMs how long it waits first, milliseconds
   */
  record ApiRetry(int tryNumber, @Nullable Integer status, long delayMs) implements Sign {}

  /**
   * Going on is of no use: stop it.
   *
   * @param outcome what the attempt's outcome will be
   * @param reason why
   */
  record Hopeless(Outcome outcome, String reason) implements Sign {}

  /**
   * The answer is there.
   *
   * @param nanos monotonic reading of its arrival
   */
  record Answered(long nanos) implements Sign {}

  /**
   * The agent named its session.
   *
   * @param id the session's id
   */
  record Session(String id) implements Sign {}

  /**
   * The credential is at its limit.
   *
   * @param until when the provider says it may go on
   */
  record Limited(Instant until) implements Sign {}

  /**
   * So much of a limit of the credential is used.
   *
   * @param limit the agent's name for the limit
   * @param share the share that is used, from 0; 1 is all of it
   * @param resets when the provider counts anew
   */
  record Used(String limit, double share, Instant resets) implements Sign {}

  /**
   * The agent calls a tool.
   *
   * @param call what it calls this call
   * @param tool the tool's name
   */
  record ToolCalled(String call, String tool) implements Sign {}

  /**
   * A tool has answered.
   *
   * @param call the call
   * @param failed whether the answer is an error
   */
  record ToolAnswered(String call, boolean failed) implements Sign {}
}
