package dev.regatta.ensemble;

import dev.regatta.credential.CredentialPool;
import dev.regatta.run.Run;
import dev.regatta.run.RunSettings;
import dev.regatta.run.TaskResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Compares answers that somebody else collected: has them checked and judged within an open run, as
 * an ensemble's are, and picks by criteria.
 */
public final class Contest {
  private final Run run;
  private final Means means;
  private final RunSettings settings;
  private final Optional<CredentialPool> pool;
  private final InstantSource wall;
  private final RandomGenerator random;

  /**
   * By what answers are compared.
   *
   * @param checks commands for the shell
   * @param checkLimit how long one of them may take
   * @param judging who judges; has to be there for {@link Criterion.Judged}
   */
  public record Means(
      List<String> checks, Duration checkLimit, Optional<EnsemblePlan.Judging> judging) {
    /** Copies. */
    public Means {
      checks = List.copyOf(checks);
    }
  }

  /**
   * A question and what was answered.
   *
   * @param name what the journal calls it; answers are named {@code NAME@NUMBER}
   * @param number tells the tasks of its checks and judge from those of other questions of the run
   * @param text the question, for the judge
   * @param candidates the answers
   */
  public record Question(String name, int number, String text, List<Candidate> candidates) {
    /** Copies. */
    public Question {
      candidates = List.copyOf(candidates);
    }

    private Names names() {
      return new Names(name + "@", number + ".");
    }
  }

  /**
   * In a run.
   *
   * @param settings its folder is where checks run; its agents are those that judge, and {@code
   *     command}
   * @param pool the credentials, or empty when no agent judges
   * @param random makes the marks between which a judge sees answers
   */
  public Contest(
      Run run,
      Means means,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      RandomGenerator random) {
    this.run = run;
    this.means = means;
    this.settings = settings;
    this.pool = pool;
    this.wall = wall;
    this.random = random;
  }

  /** What each of the criteria picks, in their order. */
  public List<Choice> choices(Question question, List<Criterion> criteria)
      throws InterruptedException {
    List<Candidate> candidates =
        has(criteria, Criterion.MostChecks.class) ? checked(question) : question.candidates();
    List<Judgement> judgements =
        has(criteria, Criterion.Judged.class) && !run.cancellation().requested()
            ? judged(question)
            : List.of();
    return criteria.stream().map(each -> each.choose(candidates, judgements)).toList();
  }

  private static boolean has(List<Criterion> criteria, Class<? extends Criterion> kind) {
    return criteria.stream().anyMatch(kind::isInstance);
  }

  private List<Candidate> checked(Question question) throws InterruptedException {
    Map<String, TaskResult> results = new ConcurrentHashMap<>();
    new Checks(run, question.names(), means.checks(), means.checkLimit(), settings, wall)
        .carryOut(
            question.candidates(),
            number -> settings.folder(),
            ended -> results.put(ended.task().name(), ended));
    return question.candidates().stream()
        .map(each -> each.eligible() ? each.with(checks(question, each, results)) : each)
        .toList();
  }

  private List<Candidate.Check> checks(
      Question question, Candidate candidate, Map<String, TaskResult> results) {
    List<Candidate.Check> checks = new ArrayList<>();
    for (int i = 0; i < means.checks().size(); i++) {
      TaskResult ended = results.get(question.names().check(candidate.number(), i));
      checks.add(
          ended == null
              ? new Candidate.Check(means.checks().get(i), null, null, null, null)
              : new Candidate.Check(
                  means.checks().get(i),
                  ended.outcome(),
                  ended.exitCode(),
                  ended.duration().toNanos() / 1e9,
                  null));
    }
    return checks;
  }

  private List<Judgement> judged(Question question) throws InterruptedException {
    return new Judges(
            run,
            question.names(),
            question.text(),
            means.judging().orElseThrow(),
            settings,
            pool,
            wall,
            random)
        .judge(question.candidates());
  }
}
