package dev.regatta.stress;

import dev.regatta.run.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a suite for what was seen to go wrong. */
public final class Lint {
  private final List<LintWarning> warnings = new ArrayList<>();
  private final ExecutionConfig execution;

  private Lint(ExecutionConfig execution) {
    this.execution = execution;
  }

  /** All warnings about the tasks of a suite, and about its fields. */
  public static List<LintWarning> of(SuiteFile file) {
    Lint lint = new Lint(file.suite().execution());
    for (Problem unknown : file.unknown()) {
      lint.warnings.add(LintWarning.of(LintRule.UNKNOWN_FIELD, unknown.field()));
    }
    file.suite().tasks().forEach(lint::task);
    return List.copyOf(lint.warnings);
  }

  private void task(SuiteTask task) {
    AgentLine line = new AgentLine(task.template().orElse(TaskCommand.USUAL));
    boolean asks = line.agent().isPresent() && !task.verification().failureExpected();
    if (asks) {
      request(task);
      flags(task, line);
      timeout(task);
    }
    stall(task, asks && line.agent().orElse("").equals("claude") && !line.streams());
    expectation(task);
    if (TaskCommand.of(task, Instant.EPOCH).tooLong()) {
      warn(LintRule.TOO_LONG, task.place());
    }
  }

  private void request(SuiteTask task) {
    String request = task.request().orElse("");
    String place = Problem.within(task.place(), "natural_language_request");
    RequestWords.wantsAnswer(request)
        .ifPresent(words ->
            warnings.add(
                new LintWarning(
                    LintRule.INTERACTIVE,
                    place,
                    LintRule.INTERACTIVE.when() + " (\"" + words + "\")",
                    LintRule.INTERACTIVE.better())));
    if (RequestWords.orderSteps(request)) {
      warn(LintRule.STEPS, place);
    }
  }

  private void flags(SuiteTask task, AgentLine line) {
    String place = Problem.within(task.place(), task.templateField());
    Optional<String> template = task.template();
    if (template.isPresent()
        && task.request().isPresent()
        && !ShellTemplate.of(template.get()).has("REQUEST")) {
      warn(LintRule.REQUEST_UNUSED, place);
    }
    if (!line.prints()) {
      warn(LintRule.NOT_PRINTING, place);
    } else if (line.agent().orElse("").equals("claude")
        && line.streams()
        && !line.hasWord("--verbose")) {
      warn(LintRule.VERBOSE_MISSING, place);
    }
  }

  private void timeout(SuiteTask task) {
    Duration given = task.timeout().map(TimeLimit::time).orElse(execution.defaultTimeout());
    Duration floor = task.complexity().floor();
    if (given.compareTo(floor) < 0) {
      warnings.add(
          new LintWarning(
              LintRule.SHORT_TIMEOUT,
              task.timeout().map(TimeLimit::field).orElse(task.place()),
              "the time limit of %s is shorter than agents need to start and answer"
                  .formatted(Limits.seconds(given)),
              Limits.seconds(floor) + " or more"));
    }
  }

  private void stall(SuiteTask task, boolean silent) {
    Optional<TimeLimit> stall = task.stall();
    if (stall.isEmpty()) {
      return;
    }
    Duration timeout = task.timeout().map(TimeLimit::time).orElse(execution.defaultTimeout());
    if (stall.get().time().compareTo(timeout) >= 0) {
      warn(LintRule.STALL_UNREACHED, stall.get().field());
    } else if (silent) {
      warn(LintRule.SILENT_FORMAT, stall.get().field());
    }
  }

  private void expectation(SuiteTask task) {
    boolean expected = task.verification().failureExpected();
    if (expected && task.template().orElse("").strip().matches("cat( -)?")) {
      warn(LintRule.CANNOT_FAIL, Problem.within(task.place(), task.templateField()));
    }
    if (!expected && task.id().startsWith("failure_")) {
      warn(LintRule.FAILURE_UNSAID, Problem.within(task.place(), "id"));
    }
  }

  private void warn(LintRule rule, String place) {
    warnings.add(LintWarning.of(rule, place));
  }
}
