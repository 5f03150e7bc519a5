package dev.regatta.experiment;

import dev.regatta.agent.Assignment;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.journal.Event;
import dev.regatta.process.Limits;
import dev.regatta.process.Mark;
import dev.regatta.run.AttemptPlan;
import dev.regatta.run.Inspection;
import dev.regatta.run.Rests;
import dev.regatta.run.Run;
import dev.regatta.run.Task;
import dev.regatta.run.TaskInspection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Carries out a proof: the same tasks one after another and all at once, a credential each, and
 * nothing retried, because a retry would be a different experiment. Nor does it wait for a
 * credential that is refused until a time: the wait would be measured. It ends there.
 */
public final class ProofRun {
  private final Run run;
  private final ProofPlan plan;
  private final RandomGenerator random;
  private final Optional<Rests> rests;
  private boolean ended;

  /**
   * A proof within a run.
   *
   * @param random makes the challenges' markers
   * @param rests what is known of the credentials' limits, if anybody heeds that
   */
  public ProofRun(Run run, ProofPlan plan, RandomGenerator random, Optional<Rests> rests) {
    this.run = run;
    this.plan = plan;
    this.random = random;
    this.rests = rests;
  }

  /**
   * Carries out all phases, or those before the run is stopped or a credential is refused.
   *
   * @return whether nothing was left out
   */
  public boolean carryOut() throws InterruptedException {
    List<Order.Step> steps = plan.order().steps(plan.rounds());
    run.record(planRecorded(steps));
    for (Order.Step step : steps) {
      List<AttemptPlan> attempts = prepare(step);
      if (endsBefore(step.parallel() ? attempts : attempts.subList(0, 1))) {
        return false;
      }
      Optional<ParallelPhase> parallel =
          step.parallel()
              ? Optional.of(new ParallelPhase(run, attempts, plan.parallel(), plan.stagger()))
              : Optional.empty();
      long start = run.clock().nanos();
      run.record(new Event.PhaseStarted(step.phase(), step.round(), step.mode(), start));
      if (parallel.isPresent()) {
        parallel.get().carryOut(this::schedule);
      } else {
        sequential(attempts);
      }
      run.record(new Event.PhaseEnded(step.phase(), run.clock().nanos()));
      if (ended) {
        return false;
      }
    }
    return !run.cancellation().requested();
  }

  /**
   * Whether nothing more is begun: the run is to stop, or one of these attempts has a credential
   * that is refused until later. Then it must fail, and with it the proof.
   */
  private boolean endsBefore(List<AttemptPlan> attempts) {
    if (run.cancellation().requested()) {
      ended = true;
    }
    for (AttemptPlan attempt : attempts) {
      if (!ended && attempt.assignment().credential().isPresent()) {
        Credential credential = attempt.assignment().credential().get();
        rests
            .flatMap(known -> known.failsUntil(credential))
            .ifPresent(until -> {
              ended = true;
              run.record(
                  new Event.Noted(
                      "warning",
                      "the proof ends before "
                          + attempt.name()
                          + ": its credential "
                          + credential.name()
                          + " is refused until "
                          + until
                          + ", and a proof does not wait; prove again then, or with another"
                          + " credential"));
            });
      }
    }
    return ended;
  }

  private void sequential(List<AttemptPlan> attempts) throws InterruptedException {
    for (AttemptPlan attempt : attempts) {
      if (endsBefore(List.of(attempt))) {
        return;
      }
      // Ready only now: what comes before it is the experiment, not a wait.
      schedule(attempt, run.clock().nanos());
      run.start(attempt).follow();
    }
  }

  private void schedule(AttemptPlan attempt, long nanos) {
    run.record(
        new Event.TaskScheduled(
            attempt.task(),
            attempt.phase().orElseThrow(),
            title(Integer.parseInt(attempt.task()) - 1),
            nanos));
  }

  private String title(int index) {
    return switch (plan.tasks().get(index)) {
      case ProofTask.Question question -> question.question();
      case ProofTask.Given given -> given.task().title();
    };
  }

  /** Everything that takes time and is no part of the experiment happens before a phase starts. */
  private List<AttemptPlan> prepare(Order.Step step) {
    List<AttemptPlan> attempts = new ArrayList<>();
    for (int i = 0; i < plan.tasks().size(); i++) {
      attempts.add(attempt(step, i));
    }
    return List.copyOf(attempts);
  }

  private AttemptPlan attempt(Order.Step step, int index) {
    String name = step.phase() + "-" + (index + 1);
    Path work = run.folder().work(name);
    return switch (plan.tasks().get(index)) {
      case ProofTask.Question question -> {
        Challenge challenge = Challenge.fresh(random);
        Task task =
            Task.ofPrompt(
                name, challenge.prompt(question.question(), work, plan.adapter().writeTool()));
        yield attempt(step, index, task, work, Optional.of(challenge.inspection(name, work)));
      }
      case ProofTask.Given given ->
          attempt(step, index, given.task(), given.task().folder().orElse(work), Optional.empty());
    };
  }

  private AttemptPlan attempt(
      Order.Step step, int index, Task task, Path folder, Optional<Inspection> challenge) {
    String name = step.phase() + "-" + (index + 1);
    Optional<Credential> credential = plan.credential(index);
    boolean writes = challenge.isPresent();
    Assignment assignment =
        new Assignment(
            name,
            task.prompt().orElse(""),
            task.command(),
            task.input(),
            folder,
            run.folder().config(credential.map(held -> held.value().fingerprint()).orElse("none")),
            credential,
            plan.endpoint(),
            plan.rehearsal(),
            run.environment(),
            task.model(),
            tools(task, writes),
            writes ? atLeastEdits() : plan.permissions(),
            Map.of(Mark.VARIABLE, Mark.of(run.id(), name, run.environment()).value()));
    return new AttemptPlan(
        name,
        Integer.toString(index + 1),
        Optional.of(step.phase()),
        1,
        plan.adapter(),
        assignment,
        limits(task),
        challenge.orElseGet(
            () -> TaskInspection.ofOwnFiles(task, name, folder, run.folder().output(name))));
  }

  private Permissions atLeastEdits() {
    return plan.permissions() == Permissions.LEAST ? Permissions.ACCEPT_EDITS : plan.permissions();
  }

  private List<String> tools(Task task, boolean writes) {
    List<String> tools = new ArrayList<>(task.tools().isEmpty() ? plan.tools() : task.tools());
    plan.adapter()
        .writeTool()
        .filter(tool -> writes && !tools.contains(tool))
        .ifPresent(tools::add);
    return tools;
  }

  private Limits limits(Task task) {
    Limits limits =
        new Limits(
            task.timeout().or(() -> plan.limits().whole()),
            task.firstOutput().or(() -> plan.limits().firstOutput()),
            task.stall().or(() -> plan.limits().stall()));
    return plan.limitFactor() == 1 ? limits : limits.times(plan.limitFactor());
  }

  private Event.PlanRecorded planRecorded(List<Order.Step> steps) {
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < plan.tasks().size(); i++) {
      tasks.add(Integer.toString(i + 1));
    }
    return new Event.PlanRecorded(
        plan.parallel(),
        plan.rounds(),
        steps.stream().map(Order.Step::mode).toList(),
        tasks,
        plan.credentials().stream().map(Credential::name).toList(),
        plan.credentialsReused(),
        plan.limits().times(plan.limitFactor()).seconds(),
        plan.adapter().name(),
        plan.agentVersion().orElse(null),
        null);
  }
}
