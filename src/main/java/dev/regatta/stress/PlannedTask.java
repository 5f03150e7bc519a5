package dev.regatta.stress;

import java.util.List;
import java.util.Optional;

/**
 * A task of a suite as it was to be run, in plain words: all of it can be read again from the run's
 * journal, without the suite's file.
 *
 * @param id unique in the suite
 * @param category the name of its category
 * @param number its position in the whole suite, from 1
 * @param place where it stands in the suite's file
 * @param name for people
 * @param request what the agent is asked
 * @param metatags tags in brackets
 * @param command the line of the shell
 * @param agent the agent that the line starts, if it starts one that is known
 * @param marker what names its output, and must come back where the prompt holds it
 * @param failureExpected whether it must fail
 * @param patterns what is looked for in the output, for people
 * @param match whether one pattern is enough
 * @param limits in force, the factor of a busy machine already in them
 * @param limitSource where the time limit comes from
 * @param instances how many are started at once, from 1
 * @param criteria by which the best of the instances is found
 * @param learned what was learned of its time limit, if that was asked for
 */
public record PlannedTask(
    String id,
    String category,
    int number,
    String place,
    Optional<String> name,
    Optional<String> request,
    String metatags,
    String command,
    Optional<String> agent,
    String marker,
    boolean failureExpected,
    List<String> patterns,
    Verification.Match match,
    Limits limits,
    LimitSource limitSource,
    int instances,
    List<String> criteria,
    Optional<LearnedLimit> learned) {
  /** Copies the lists. */
  public PlannedTask {
    patterns = List.copyOf(patterns);
    criteria = List.copyOf(criteria);
  }

  /** The agent that a line of the shell starts, if it starts one that is known. */
  public static Optional<String> agent(TaskCommand command) {
    return new AgentLine(command.line()).agent();
  }

  /** The plan of a task with the limits that the suite gives. */
  public static PlannedTask of(
      SuiteTask task, TaskCommand command, Limits limits, LimitSource source) {
    return of(task, command, limits, source, Optional.empty());
  }

  /**
   * The plan of a task.
   *
   * @param command the line that carries it out
   * @param limits its limits
   * @param source where they come from
   * @param learned what was learned of the time limit, if that was asked for
   */
  public static PlannedTask of(
      SuiteTask task,
      TaskCommand command,
      Limits limits,
      LimitSource source,
      Optional<LearnedLimit> learned) {
    return new PlannedTask(
        task.id(),
        task.category(),
        task.number(),
        task.place(),
        task.name(),
        task.request(),
        task.metatags(),
        command.line(),
        agent(command),
        command.marker(),
        task.verification().failureExpected(),
        task.verification().patterns().stream().map(ExpectedPattern::shown).toList(),
        task.verification().match(),
        limits,
        source,
        task.instances(),
        task.criteria(),
        learned);
  }
}
