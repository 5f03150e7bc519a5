package dev.regatta.report;

import dev.regatta.run.Visible;
import dev.regatta.store.StressRun;
import dev.regatta.stress.Endpoint;
import dev.regatta.stress.PlannedTask;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TaskStatus;
import dev.regatta.stress.TranscriptCheck;
import dev.regatta.stress.TryResult;
import dev.regatta.stress.Verification.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What reports of a stress run are made from.
 *
 * @param result of the suite, from the run's journal
 * @param history of the suite's runs of the same kind, the earliest first and this one last; empty
 *     if it is not known
 */
public record StressReport(SuiteResult result, List<StressRun> history) {
  /** Leaves later runs away, so that a run is shown again as it was. */
  public StressReport {
    history = history.stream().filter(run -> !run.at().isAfter(result.started())).toList();
  }

  /** Those of the history that were of the whole suite. */
  List<StressRun> trend() {
    return history.stream().filter(run -> !run.partial()).toList();
  }

  /** What a run of a part of the suite is not, in one line; empty for a whole one. */
  Optional<String> partial() {
    return result.partial()
        ? Optional.of(
            result.chosen()
                + " of "
                + result.suiteTasks()
                + " tasks were chosen: it counts for these, not for the suite's trend and status")
        : Optional.empty();
  }

  boolean rehearsal() {
    return result.endpoint().rehearsal();
  }

  /** Those that passed. */
  long successes() {
    return result.ratio().successes();
  }

  /** Those that failed. */
  long failures() {
    return result.ratio().failures();
  }

  /** Those that were left out by name. */
  long skipped() {
    return result.tasks().stream()
        .filter(task -> task.status() instanceof TaskStatus.Skipped)
        .count();
  }

  /** Those to which the run did not come. */
  long notTried() {
    return result.tasks().stream()
        .filter(task -> task.status() instanceof TaskStatus.NotTried)
        .count();
  }

  /** How the run came to its end. */
  String status() {
    return result.ended() ? result.interrupted() ? "interrupted" : "completed" : "not ended";
  }

  /** By which rule the patterns were enough, of the tasks that have several. */
  String matchRule() {
    long any = matching(Match.ANY);
    long all = matching(Match.ALL);
    if (any + all == 0) {
      return "no task was tried that looks for patterns";
    }
    if (all == 0) {
      return "any: one pattern of a task is enough";
    }
    return any == 0
        ? "all: every pattern of a task is needed"
        : "of "
            + (any + all)
            + " tasks with patterns: any in "
            + any
            + ", where one is enough; all in "
            + all;
  }

  private long matching(Match match) {
    return result.tasks().stream()
        .filter(task -> task.passed() || task.failed())
        .map(TaskResult::task)
        .filter(task -> !task.patterns().isEmpty() && !task.failureExpected())
        .filter(task -> task.match() == match)
        .count();
  }

  /** Which model API the agents were led to. */
  String endpoint() {
    return switch (result.endpoint()) {
      case Endpoint.Rehearsal(String url) -> "the rehearsal server at " + url;
      case Endpoint.Provider _ -> "the providers' own";
      case Endpoint.Elsewhere(String variable, String url) -> url + " (" + variable + ")";
      case Endpoint.Unknown _ -> "not known: the server has an environment of its own";
    };
  }

  /** What a task's row says of it, on one line. */
  static String info(TaskResult task) {
    List<String> parts = new ArrayList<>(List.of(Visible.line(task.status().reason(), 160)));
    if (tried(task)
        .anyMatch(it -> it.transcript().verdict() == TranscriptCheck.Verdict.SUSPECTED)) {
      parts.add("hallucination: suspected");
    }
    return String.join("; ", parts);
  }

  private static Stream<TryResult> tried(TaskResult task) {
    return task.last().stream();
  }

  /** The tasks whose time limits were to be learned. */
  List<TaskResult> learned() {
    return result.tasks().stream().filter(task -> task.task().learned().isPresent()).toList();
  }

  /** The tries that count of tasks that ask an agent. */
  List<Checked> checked() {
    return result.tasks().stream()
        .filter(task -> task.task().agent().isPresent())
        .flatMap(task -> task.last().stream().map(it -> new Checked(task.task(), it)))
        .toList();
  }

  /** A try and its task. */
  record Checked(PlannedTask task, TryResult attempt) {
    TranscriptCheck check() {
      return attempt.transcript();
    }
  }

  /** How many there are of that verdict. */
  long checked(TranscriptCheck.Verdict verdict) {
    return checked().stream().filter(it -> it.check().verdict() == verdict).count();
  }
}
