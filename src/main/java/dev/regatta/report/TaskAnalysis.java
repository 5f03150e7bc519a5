package dev.regatta.report;

import dev.regatta.stress.InstanceResult;
import dev.regatta.stress.PlannedTask;
import dev.regatta.stress.Sighting;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TryResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a task failed, and how to look further.
 *
 * @param result of the task
 * @param instance the first of its instances that failed
 * @param last the try of it that counts
 * @param tail the last lines that this printed
 * @param alone the line of the shell that runs the task by itself
 * @param command the line of the shell that was run
 */
record TaskAnalysis(
    TaskResult result,
    InstanceResult instance,
    TryResult last,
    Optional<OutputTail> tail,
    String alone,
    String command) {
  private static final int TAIL = 10;

  /** Of each task that failed. */
  static List<TaskAnalysis> of(SuiteResult suite) {
    return suite.tasks().stream()
        .filter(TaskResult::failed)
        .flatMap(task -> of(suite, task).stream())
        .toList();
  }

  private static Optional<TaskAnalysis> of(SuiteResult suite, TaskResult task) {
    return task.instances().stream()
        .filter(instance -> !instance.passed() && instance.last().isPresent())
        .findFirst()
        .map(instance -> {
          TryResult last = instance.last().orElseThrow();
          return new TaskAnalysis(
              task,
              instance,
              last,
              output(suite, last).map(file -> OutputTail.of(file, TAIL)),
              alone(suite, task.task()),
              ShellWords.run(task.task().command()));
        });
  }

  /** Where its output is; a relative path is one in the run's folder. */
  static Optional<Path> output(SuiteResult suite, TryResult attempt) {
    return attempt.output().map(suite.folder()::resolve);
  }

  /** The line of the shell that runs that task by itself. */
  static String alone(SuiteResult suite, PlannedTask task) {
    // What begins with a dash would be an option, and 'lint' and 'history' are words of stress.
    String file = suite.file().contains("/") ? suite.file() : "./" + suite.file();
    return "regatta stress "
        + ShellWords.quoted(file)
        + (suite.embedded() ? "" : " --server " + ShellWords.quoted(suite.server()))
        + (suite.endpoint().rehearsal() ? " --rehearsal" : "") // else it would cost
        + suite.options().stream()
            .map(word -> " " + ShellWords.quoted(word))
            .collect(Collectors.joining())
        + " --only "
        + ShellWords.quoted(task.id());
  }

  /** The patterns that were found, with their lines. */
  List<Sighting> found() {
    return last.judgement().sightings().stream().filter(Sighting::found).toList();
  }

  /** Those that were not. */
  List<Sighting> missing() {
    return last.judgement().sightings().stream().filter(sighting -> !sighting.found()).toList();
  }
}
