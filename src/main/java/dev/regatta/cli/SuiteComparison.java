package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.ensemble.Candidate;
import dev.regatta.ensemble.Choice;
import dev.regatta.ensemble.Contest;
import dev.regatta.ensemble.Criterion;
import dev.regatta.ensemble.EnsemblePlan;
import dev.regatta.ensemble.Extractor;
import dev.regatta.ensemble.Instance;
import dev.regatta.ensemble.Judge;
import dev.regatta.provider.Provider;
import dev.regatta.run.Run;
import dev.regatta.run.RunSettings;
import dev.regatta.stress.Best;
import dev.regatta.stress.Comparison;
import dev.regatta.stress.GivenAnswer;
import dev.regatta.stress.SuiteTask;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The criteria of a suite that go by answers, by the means that {@code ask} has: an extractor,
 * checks and a judge.
 */
final class SuiteComparison implements AutoCloseable {
  private static final String JUDGE = "LLM_JUDGE";
  private static final String CHECKS = "BEST_CODE_QUALITY";

  private final Context context;
  private final Fleet fleet;
  private final Extractor extractor;
  private final Contest.Means means;
  private final Map<String, Adapter> adapters;
  private final List<Credential> credentials;
  private final SecureRandom random = new SecureRandom();

  /** Each runs on all cores or asks the same judge, so one task is compared after another. */
  private final ReentrantLock turn = new ReentrantLock();

  private SuiteComparison(Context context, Fleet fleet, Extractor extractor, Contest.Means means) {
    this.context = context;
    this.fleet = fleet;
    this.extractor = extractor;
    this.means = means;
    this.adapters = adapters();
    this.credentials = credentials();
  }

  /**
   * What these tasks need to be compared, looked at before anything runs.
   *
   * @return nothing if none of them is to be compared
   * @throws CliFailure if the options lack what a task needs, or are faulty
   */
  static Optional<SuiteComparison> of(
      Context context, SuiteOptions options, StressCommand command, List<SuiteTask> tasks) {
    Extractor extractor = command.comparison.extractor();
    List<String> checks = command.comparison.checks();
    if (tasks.stream().allMatch(task -> Comparison.of(task).isEmpty())) {
      return Optional.empty();
    }
    Optional<SuiteTask> checked = first(tasks, CHECKS);
    if (checked.isPresent() && checks.isEmpty()) {
      throw CliFailure.usage(
          says(checked.get(), CHECKS)
              + " needs checks: add --check \"COMMAND\", as often as you like; it gets each answer"
              + " on standard input");
    }
    Fleet fleet = fleet(context, options);
    try {
      return Optional.of(
          new SuiteComparison(
              context,
              fleet,
              extractor,
              new Contest.Means(
                  checks,
                  command.comparison.checkLimit(),
                  judging(new JudgeChoice(context, command.judge, fleet), fleet, tasks))));
    } catch (RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  /** With a model server of its own in rehearsals, so that scripted turns of agents stay theirs. */
  private static Fleet fleet(Context context, SuiteOptions options) {
    AgentOptions agents = new AgentOptions();
    agents.rehearsal = options.rehearsal;
    agents.script = options.script;
    return new Fleet(context, agents, Optional.of(new TokenOptions()));
  }

  private static Optional<EnsemblePlan.Judging> judging(
      JudgeChoice choice, Fleet fleet, List<SuiteTask> tasks) {
    Optional<SuiteTask> judged = first(tasks, JUDGE);
    if (judged.isEmpty()) {
      return Optional.empty();
    }
    if (!choice.given() && !fleet.rehearsal()) {
      throw CliFailure.usage(says(judged.get(), JUDGE) + JudgeChoice.NEEDED);
    }
    return Optional.of(choice.judging());
  }

  private static Optional<SuiteTask> first(List<SuiteTask> tasks, String criterion) {
    return tasks.stream().filter(task -> Comparison.of(task).contains(criterion)).findFirst();
  }

  private static String says(SuiteTask task, String criterion) {
    return "task " + task.id() + ": " + criterion;
  }

  private Optional<Judge> judge() {
    return means.judging().map(EnsemblePlan.Judging::judge);
  }

  private Map<String, Adapter> adapters() {
    Map<String, Adapter> found = new LinkedHashMap<>();
    found.put("command", fleet.adapter("command")); // for the checks
    if (judge().orElse(null) instanceof Judge.Agent agent) {
      found.put(agent.agent(), fleet.adapter(agent.agent()));
    }
    return found;
  }

  private List<Credential> credentials() {
    Set<Provider> providers =
        adapters.values().stream()
            .flatMap(adapter -> adapter.provider().stream())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Provider.class)));
    return fleet.credentials(providers, 1);
  }

  /**
   * Within a run.
   *
   * @param home the {@code .regatta} folder
   */
  Comparison in(Run run, Path home) {
    Contest contest =
        new Contest(
            run,
            means,
            settings(home),
            credentials.isEmpty()
                ? Optional.empty()
                : Optional.of(new CredentialPool(credentials, InstantSource.system())),
            InstantSource.system(),
            random);
    return (task, criteria, answers) -> compare(run, contest, task, criteria, answers);
  }

  private RunSettings settings(Path home) {
    return new RunSettings(
        1,
        adapters,
        "command",
        fleet.limits(Optional.empty()),
        fleet.load().limitFactor(),
        0,
        Permissions.LEAST,
        List.of(),
        Optional.empty(),
        fleet.endpoint(),
        fleet.rehearsal(),
        context.folder(),
        home.resolve("config"),
        new RunSettings.Stagger.AsTheAgentAsks(Runtime.getRuntime().availableProcessors()));
  }

  private List<Best> compare(
      Run run, Contest contest, SuiteTask task, List<String> criteria, List<GivenAnswer> answers)
      throws InterruptedException {
    List<Criterion> known =
        criteria.stream().map(name -> Criterion.named(name, extractor).orElseThrow()).toList();
    List<Choice> choices;
    turn.lock();
    try {
      choices =
          contest.choices(
              new Contest.Question(
                  task.id(),
                  task.number(),
                  task.request().orElse(task.template().orElse("")),
                  answers.stream().map(SuiteComparison::candidate).toList()),
              known);
    } finally {
      turn.unlock();
    }
    if (run.cancellation().requested()) {
      return List.of(); // not all was checked or judged
    }
    List<Best> best = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      best.add(best(criteria.get(i), choices.get(i)));
    }
    return best;
  }

  private static Candidate candidate(GivenAnswer answer) {
    return Candidate.of(
        new Instance(answer.instance(), "command", Optional.empty(), Optional.empty(), List.of()),
        answer.passed(),
        answer.text(),
        answer.duration().toNanos() / 1e9);
  }

  private Best best(String criterion, Choice choice) {
    Integer picked = choice.picked();
    String judge = judge().filter(any -> criterion.equals(JUDGE)).map(Judge::name).orElse("");
    return new Best(
        criterion,
        picked == null ? OptionalInt.empty() : OptionalInt.of(picked),
        choice.reason() + (judge.isEmpty() ? "" : "; judge: " + judge));
  }

  @Override
  public void close() {
    fleet.close();
  }
}
