package dev.regatta.ensemble;

import dev.regatta.process.Limits;
import dev.regatta.run.Run;
import dev.regatta.run.RunSettings;
import dev.regatta.run.Scheduler;
import dev.regatta.run.Task;
import dev.regatta.run.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Runs commands on answers, as tasks of the run; each gets the answer on standard input. */
final class Checks {
  private final Run run;
  private final Names names;
  private final List<String> commands;
  private final Duration limit;
  private final RunSettings settings;
  private final InstantSource wall;

  Checks(
      Run run,
      Names names,
      List<String> commands,
      Duration limit,
      RunSettings settings,
      InstantSource wall) {
    this.run = run;
    this.names = names;
    this.commands = commands;
    this.limit = limit;
    this.settings = settings;
    this.wall = wall;
  }

  /**
   * Runs all of them on each answer that may be picked. Those of one folder come one after another,
   * as each may change what is in it.
   *
   * @param folders where those of an instance work, by its number
   */
  void carryOut(List<Candidate> candidates, IntFunction<Path> folders, Consumer<TaskResult> ended)
      throws InterruptedException {
    List<Task> tasks = new ArrayList<>();
    for (Candidate candidate : Criterion.eligible(candidates)) {
      for (int i = 0; i < commands.size(); i++) {
        tasks.add(
            task(
                names.check(candidate.number(), i),
                commands.get(i),
                candidate.text(),
                folders.apply(candidate.number())));
      }
    }
    if (tasks.isEmpty() || run.cancellation().requested()) {
      return;
    }
    int cores = Runtime.getRuntime().availableProcessors();
    new Scheduler(
            run,
            settings.with(Math.min(cores, tasks.size()), within(limit), 0),
            Optional.empty(),
            wall,
            task -> 0)
        .carryOut(tasks.iterator(), ended);
  }

  private static Task task(String name, String command, String answer, Path folder) {
    return new Task(
        name,
        Optional.empty(),
        List.of("sh", "-c", command),
        Optional.empty(),
        Optional.empty(),
        Optional.of(folder),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of("./"),
        Optional.empty(),
        Optional.of(answer));
  }

  /** A limit on the whole of an attempt. */
  static Limits within(Duration whole) {
    return new Limits(Optional.of(whole), Optional.empty(), Optional.empty());
  }
}
