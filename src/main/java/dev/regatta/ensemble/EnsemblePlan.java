package dev.regatta.ensemble;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of whom, and what is done with the answers.
 *
 * @param prompt what each is asked
 * @param instances at least one
 * @param pick what makes an answer the best; empty to show what each criterion would pick
 * @param extractor what counts for a consensus
 * @param checks commands for the shell, run on each answer, which they get on standard input
 * @param checkLimit how long one of them may take
 * @param judging who judges, if anybody does
 * @param ownFolders whether each works in a folder of its own, as instances that may edit have to
 * @param keep whether these folders stay
 */
public record EnsemblePlan(
    String prompt,
    List<Instance> instances,
    Optional<Criterion> pick,
    Extractor extractor,
    List<String> checks,
    Duration checkLimit,
    Optional<Judging> judging,
    boolean ownFolders,
    boolean keep) {

  /** Checks what a run would come upon too late. */
  public EnsemblePlan {
    instances = List.copyOf(instances);
    checks = List.copyOf(checks);
    if (prompt.isBlank() || prompt.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("the prompt must hold something, and no NUL");
    }
    if (instances.isEmpty()) {
      throw new IllegalArgumentException("at least one instance is needed");
    }
    if (keep && !ownFolders) {
      throw new IllegalArgumentException("only folders of their own can be kept");
    }
    if (pick.filter(Criterion.MostChecks.class::isInstance).isPresent() && checks.isEmpty()) {
      throw new IllegalArgumentException("passes-most-checks needs checks");
    }
    if (pick.filter(Criterion.HighestTemperature.class::isInstance).isPresent()
        && instances.stream().allMatch(instance -> instance.temperature().isEmpty())) {
      throw new IllegalArgumentException("highest-model-temp needs an instance with a temperature");
    }
    if (pick.filter(Criterion.Judged.class::isInstance).isPresent() && judging.isEmpty()) {
      throw new IllegalArgumentException("judge needs somebody who judges");
    }
  }

  /** The same prompt to those, in the folder where the run is, without checks or a judge. */
  public static EnsemblePlan of(String prompt, List<Instance> instances, Criterion pick) {
    return new EnsemblePlan(
        prompt,
        instances,
        Optional.of(pick),
        pick instanceof Criterion.Consensus(Extractor extractor)
            ? extractor
            : new Extractor.Whole(),
        List.of(),
        Judging.USUAL_LIMIT,
        Optional.empty(),
        false,
        false);
  }

  /**
   * Who judges, by what.
   *
   * @param rubric what counts, in words
   * @param limit how long one verdict may take
   */
  public record Judging(Judge judge, String rubric, Duration limit) {
    /** Enough for a model that thinks for a while. */
    public static final Duration USUAL_LIMIT = Duration.ofMinutes(2);

    /** What is usually meant by a better answer. */
    public static final String USUAL_RUBRIC =
        "Which answer is more correct, then more complete, then clearer? Length by itself is no"
            + " merit.";

    /** By what is usually meant by a better answer. */
    public static Judging usual(Judge judge) {
      return new Judging(judge, USUAL_RUBRIC, USUAL_LIMIT);
    }
  }

  /** Whether the judge is asked. */
  boolean judged() {
    return judging.isPresent() && pick.map(Criterion.Judged.class::isInstance).orElse(true);
  }

  /** The word for what picks. */
  String pickWord() {
    return pick.map(Criterion::word).orElse(ALL);
  }

  /** The word for no single criterion. */
  public static final String ALL = "all";
}
