package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Assignment;
import dev.regatta.process.Limits;
import java.util.Optional;

/**
 * One attempt, ready to be started.
 *
 * @param name its name within the run; also the name of its output files
 * @param task the task it tries
 * @param phase the phase it belongs to, if any
 * @param number 1-based count of the task's attempts
 * @param adapter what knows the agent
 * @param assignment what the agent is to do, with what
 * @param limits how long it may take
 * @param inspection what is looked at afterwards
 */
public record AttemptPlan(
    String name,
    String task,
    Optional<String> phase,
    int number,
    Adapter adapter,
    Assignment assignment,
    Limits limits,
    Inspection inspection) {

  /** The same, right before it starts. */
  AttemptPlan ready() {
    return new AttemptPlan(
        name, task, phase, number, adapter, assignment, limits, inspection.ready());
  }
}
