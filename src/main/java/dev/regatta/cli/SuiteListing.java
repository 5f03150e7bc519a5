package dev.regatta.cli;

import dev.regatta.process.MachineLoad;
import dev.regatta.run.Visible;
import dev.regatta.stress.ExpectedPattern;
import dev.regatta.stress.Limits;
import dev.regatta.stress.Suite;
import dev.regatta.stress.SuiteTask;
import dev.regatta.stress.TaskCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the tasks of a suite would run.
 *
 * @param suite what it is called
 * @param maxRetries how often a task that failed would be tried again
 * @param others fields of the suite that are not known
 * @param tasks those that are meant
 */
record SuiteListing(String suite, int maxRetries, Map<String, JsonNode> others, List<Row> tasks) {
  /** One task; times are in seconds. */
  record Row(
      String id,
      String category,
      @Nullable String name,
      String command,
      String marker,
      boolean markerInPrompt,
      double timeout,
      @Nullable Double stallTimeout,
      boolean expectNonZeroExit,
      String match,
      List<String> patterns,
      int concurrentInstances,
      List<String> models,
      List<Double> temperatureRange,
      List<String> evaluationCriteria,
      Map<String, JsonNode> others,
      Map<String, JsonNode> verificationOthers,
      String limits) {}

  static SuiteListing of(Suite suite, List<SuiteTask> tasks, MachineLoad load, Instant now) {
    return new SuiteListing(
        suite.id(),
        suite.maxRetries(),
        suite.others(),
        tasks.stream().map(task -> row(suite, task, load, now)).toList());
  }

  private static Row row(Suite suite, SuiteTask task, MachineLoad load, Instant now) {
    TaskCommand command = TaskCommand.of(task, now);
    Limits limits = Limits.of(task, suite.execution(), load);
    return new Row(
        task.id(),
        task.category(),
        task.name().orElse(null),
        command.line(),
        command.marker(),
        command.markerInPrompt(),
        seconds(limits.timeout()),
        limits.stall().map(SuiteListing::seconds).orElse(null),
        task.verification().failureExpected(),
        task.verification().match().name().toLowerCase(Locale.ROOT),
        task.verification().patterns().stream().map(ExpectedPattern::shown).toList(),
        task.instances(),
        task.models(),
        task.temperatures(),
        task.criteria(),
        task.others(),
        task.verification().others(),
        limits.words() + (task.instances() > 1 ? ", " + task.instances() + " at once" : ""));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** A line for each task: id, category, limits and command. */
  List<String> lines() {
    int id = width(tasks.stream().map(Row::id).toList());
    int category = width(tasks.stream().map(row -> Visible.line(row.category(), 60)).toList());
    int limits = width(tasks.stream().map(Row::limits).toList());
    return tasks.stream()
        .map(row ->
            padded(row.id(), id)
                + padded(Visible.line(row.category(), 60), category)
                + padded(row.limits(), limits)
                + Visible.of(row.command()))
        .toList();
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length() + 2);
  }
}
