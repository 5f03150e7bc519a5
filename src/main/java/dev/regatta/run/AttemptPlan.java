package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Assignment;
import dev.regatta.process.Limits;
import java.time.Duration;
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
 * @param seat where it sits in a run whose agents may start others
 */
public record AttemptPlan(
    String name,
    String task,
    Optional<String> phase,
    int number,
    Adapter adapter,
    Assignment assignment,
    Limits limits,
    Inspection inspection,
    Optional<Seat> seat) {

  /** One in a run whose agents start no others. */
  public AttemptPlan(
      String name,
      String task,
      Optional<String> phase,
      int number,
      Adapter adapter,
      Assignment assignment,
      Limits limits,
      Inspection inspection) {
    this(name, task, phase, number, adapter, assignment, limits, inspection, Optional.empty());
  }

  /** The same, right before it starts. */
  AttemptPlan ready() {
    return new AttemptPlan(
        name, task, phase, number, adapter, assignment, limits, inspection.ready(), seat);
  }

  /**
   * The same attempt in that slot, which it lends while it waits for others; who took the slot
   * closes it when the attempt has ended.
   */
  public AttemptPlan in(Slots.Slot slot) {
    return in(new Seat(Optional.empty(), slot, Optional.empty()));
  }

  /** The same in that seat, and in the phase of the agent that asked for it, if one did. */
  AttemptPlan in(Seat taken) {
    return new AttemptPlan(
        name,
        task,
        taken.asked().isPresent() ? taken.asked().get().asking().plan().phase() : phase,
        number,
        adapter,
        assignment,
        limits,
        inspection,
        Optional.of(taken));
  }

  /** The same, with no more time than that. */
  AttemptPlan within(Duration most) {
    return new AttemptPlan(
        name, task, phase, number, adapter, assignment, limits.within(most), inspection, seat);
  }

  /** The same with another assignment, and another look at what it made. */
  public AttemptPlan with(Assignment given, Inspection look) {
    return new AttemptPlan(name, task, phase, number, adapter, given, limits, look, seat);
  }

  /** The same with another assignment. */
  public AttemptPlan with(Assignment given) {
    return with(given, inspection);
  }

  /** The attempt whose agent asked for it, if one did. */
  public Optional<String> parent() {
    return askedBy().map(call -> call.asking().attempt());
  }

  /** The call of another agent that asked for it, if one did. */
  Optional<Call> askedBy() {
    return seat.flatMap(Seat::asked);
  }

  /** The order to stop it: the run's, or that of the agent that asked for it. */
  Cancellation stoppedBy(Run run) {
    return askedBy().map(Call::cancellation).orElseGet(run::cancellation);
  }
}
