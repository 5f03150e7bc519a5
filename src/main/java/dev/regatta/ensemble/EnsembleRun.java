package dev.regatta.ensemble;

import dev.regatta.agent.Assignment;
import dev.regatta.credential.CredentialPool;
import dev.regatta.evidence.PriceTable;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.run.AttemptPlan;
import dev.regatta.run.Run;
import dev.regatta.run.RunSettings;
import dev.regatta.run.Scheduler;
import dev.regatta.run.Task;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Carries out an ensemble in an open run: all instances at once, then the checks, then the judge.
 */
public final class EnsembleRun {
  private final Run run;
  private final EnsemblePlan plan;
  private final RunSettings settings;
  private final Optional<CredentialPool> pool;
  private final InstantSource wall;
  private final RandomGenerator random;
  private final Path home;

  /**
   * An ensemble.
   *
   * @param home the {@code .regatta} folder, where folders of instances are made
   * @param settings the agents, limits and permissions; how many at once is the plan's to say
   * @param pool the credentials, or empty when agents need none
   * @param wall the wall clock, by which credentials rest
   * @param random makes the marks between which a judge sees answers
   */
  public EnsembleRun(
      Run run,
      Path home,
      EnsemblePlan plan,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      RandomGenerator random) {
    this.run = run;
    this.home = home;
    this.plan = plan;
    this.settings = settings;
    this.pool = pool;
    this.wall = wall;
    this.random = random;
  }

  /**
   * Carries it out and says in the journal how it ended; {@link Ensemble#of} reads what came of it.
   *
   * @return whether all that was planned was done
   * @throws dev.regatta.git.GitProblem if instances can't have worktrees
   */
  public boolean carryOut() throws InterruptedException {
    recordPlan();
    Scratches scratches = new Scratches(run, home);
    try {
      List<Path> folders =
          plan.ownFolders()
              ? scratches.make(plan.instances(), settings.folder())
              : Collections.nCopies(plan.instances().size(), settings.folder());
      if (stopped()) {
        return false;
      }
      ask(folders);
      if (!plan.checks().isEmpty()) {
        new Checks(run, Names.PLAIN, plan.checks(), plan.checkLimit(), settings, wall)
            .carryOut(soFar(), number -> folders.get(number - 1), result -> {});
      }
      if (plan.judged() && !stopped()) {
        new Judges(
                run,
                Names.PLAIN,
                plan.prompt(),
                plan.judging().orElseThrow(),
                settings,
                pool,
                wall,
                random)
            .judge(soFar());
      }
    } finally {
      scratches.leave(plan.keep());
    }
    return !stopped();
  }

  private boolean stopped() {
    return run.cancellation().requested();
  }

  /** What the journal says until now: what follows rests on nothing else. */
  private List<Candidate> soFar() {
    return Ensemble.of(JournalReader.read(run.folder().journal()).entries(), true).candidates();
  }

  private void recordPlan() {
    List<String> credentials = pool.map(CredentialPool::names).orElse(List.of());
    PriceTable prices = PriceTable.standard();
    run.record(
        new Event.PlanRecorded(
            plan.instances().size(),
            1,
            List.of(),
            List.of(),
            credentials,
            !credentials.isEmpty() && credentials.size() < plan.instances().size(),
            settings.limits().times(settings.limitFactor()).seconds(),
            plan.instances().stream()
                .map(Instance::agent)
                .distinct()
                .collect(Collectors.joining(", ")),
            null,
            null));
    run.record(
        new Event.EnsemblePlanned(
            plan.prompt(),
            plan.instances().stream().map(Instance::planned).toList(),
            plan.pickWord(),
            plan.extractor() instanceof Extractor.Whole ? null : plan.extractor().text(),
            plan.checks(),
            plan.judging().map(EnsemblePlan.Judging::rubric).orElse(null),
            plan.judging().map(judging -> judging.judge().name()).orElse(null),
            plan.keep()));
    run.record(new Event.PricesRecorded(prices.dated(), prices.prices()));
  }

  private void ask(List<Path> folders) throws InterruptedException {
    List<Task> tasks = new ArrayList<>();
    for (Instance instance : plan.instances()) {
      tasks.add(instance.toTask(plan.prompt(), folders.get(instance.number() - 1)));
    }
    Map<String, Instance> instances =
        plan.instances().stream().collect(Collectors.toMap(Instance::task, Function.identity()));
    Scheduler.preparing(
            run,
            settings.with(tasks.size(), settings.limits(), settings.retries()),
            pool,
            wall,
            attempt -> flagged(attempt, instances))
        .carryOut(tasks.iterator(), result -> {});
  }

  private static AttemptPlan flagged(AttemptPlan attempt, Map<String, Instance> instances) {
    Instance instance = instances.get(attempt.task());
    Assignment assignment = attempt.assignment();
    return instance == null || instance.flags().isEmpty()
        ? attempt
        : attempt.with(assignment.with(instance.flags()));
  }
}
