package dev.regatta.cli;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.run.RunFolder;
import dev.regatta.run.Task;
import dev.regatta.run.TaskLog;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run that is gone on with, as its journal and its log of tasks have it.
 *
 * @param id its id
 * @param folder its folder
 * @param clock its axis of time
 * @param agent the agent that its tasks with a prompt got
 * @param rehearsal whether it was a rehearsal
 * @param known the tasks that had come in
 * @param complete whether all had
 * @param template what a line of its standard input becomes, if it had one
 * @param left those that did not succeed, waiting only for each other
 * @param attempts how often each was tried
 */
record EarlierRun(
    String id,
    RunFolder folder,
    RunClock clock,
    String agent,
    boolean rehearsal,
    List<Task> known,
    boolean complete,
    Optional<TaskLog.Template> template,
    List<Task> left,
    Map<String, Integer> attempts) {

  private static final int MOST_LISTED = 10;

  /** Finds a run by its id, or by the beginning of it, or by its folder. */
  static EarlierRun find(RegattaHome home, Path here, String named) {
    RunFolder folder = RunFolder.of(folderOf(home, here, named));
    TaskLog.Contents log =
        TaskLog.read(folder)
            .orElseThrow(() ->
                CliFailure.usage("run " + named + " cannot be gone on with: it kept no tasks"));
    List<Event> events = JournalReader.read(folder.journal()).events();
    if (events.isEmpty() || !(events.getFirst() instanceof Event.RunStarted started)) {
      throw CliFailure.work(folder.journal() + " does not begin with the start of a run");
    }
    String agent = null;
    Map<String, Integer> attempts = new HashMap<>();
    Map<String, String> taskOf = new HashMap<>();
    Set<String> succeeded = new HashSet<>();
    for (Event event : events) {
      if (event instanceof Event.PlanRecorded plan) {
        agent = agent == null ? plan.agent() : agent; // each time it is gone on with adds a plan
      } else if (event instanceof Event.AttemptStarted attempt) {
        taskOf.put(attempt.attempt(), attempt.task());
        attempts.merge(attempt.task(), attempt.number(), Math::max);
      } else if (event instanceof Event.AttemptEnded end && end.outcome() == Outcome.SUCCEEDED) {
        succeeded.add(taskOf.getOrDefault(end.attempt(), ""));
      }
    }
    RunClock clock =
        RunClock.continuing(
            started.originEpochNanos(),
            InstantSource.system(),
            System::nanoTime,
            ZoneId.of(started.zone()));
    List<Task> left =
        log.tasks().stream()
            .filter(task -> !succeeded.contains(task.name()))
            .map(task -> task.without(succeeded))
            .toList();
    return new EarlierRun(
        started.run(),
        folder,
        clock,
        agent == null ? "command" : agent,
        started.rehearsal(),
        log.tasks(),
        log.complete(),
        log.template(),
        left,
        attempts);
  }

  private static Path folderOf(RegattaHome home, Path here, String named) {
    Path given = here.resolve(named);
    if (Files.isRegularFile(given.resolve(RunFolder.JOURNAL))) {
      return given;
    }
    try (Store store = Store.open(home)) {
      return row(store, named)
          .map(RunRow::folder)
          .or(() -> Optional.of(home.runFolder(named)))
          .filter(Files::isDirectory)
          .orElseThrow(() -> unknown(named));
    }
  }

  /** The only run whose id is that or begins so. */
  static Optional<RunRow> row(Store store, String named) {
    List<RunRow> runs = store.beginningWith(named);
    if (runs.size() > 1) {
      throw CliFailure.usage(
          "'"
              + named
              + "' is the beginning of several runs: "
              + runs.stream().limit(MOST_LISTED).map(RunRow::id).collect(Collectors.joining(", "))
              + (runs.size() > MOST_LISTED ? ", …" : "")
              + "; give more of it (regatta runs lists them)");
    }
    return runs.stream().findFirst();
  }

  static CliFailure unknown(String named) {
    return CliFailure.usage("there is no run '" + named + "'; regatta runs lists them");
  }

  /** How many of its tasks had succeeded. */
  int done() {
    return known.size() - left.size();
  }

  /** What was done and what is left, for people. */
  String describe() {
    return done()
        + " of "
        + known.size()
        + " tasks are done, "
        + (left.isEmpty() ? "nothing is" : left.size() == 1 ? "1 is" : left.size() + " are")
        + " left"
        + (complete ? "" : "; its input had not been read to the end");
  }
}
