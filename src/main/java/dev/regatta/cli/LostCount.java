package dev.regatta.cli;

import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.run.AbandonedRuns;
import dev.regatta.run.RunFolder;
import dev.regatta.run.TaskLog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How far a run had come that was killed: of a proof its attempts, as they were planned, of a plain
 * run its tasks, as they had come in.
 *
 * @param tasks 0 when it was killed before that was known
 */
record LostCount(int tasks, int succeeded) {

  static LostCount of(AbandonedRuns.Found found) {
    Map<String, String> taskOf = new HashMap<>();
    Set<String> attempts = new HashSet<>();
    int planned = 0;
    for (Event event : found.events()) {
      if (event instanceof Event.PlanRecorded plan) {
        planned = plan.tasks().size() * plan.order().size(); // a plain run has neither
      } else if (event instanceof Event.AttemptStarted started) {
        taskOf.put(started.attempt(), started.task());
      } else if (event instanceof Event.AttemptEnded end && end.outcome() == Outcome.SUCCEEDED) {
        attempts.add(end.attempt());
      }
    }
    if (planned > 0) {
      return new LostCount(planned, attempts.size());
    }
    int known = TaskLog.read(RunFolder.of(found.folder())).map(log -> log.tasks().size()).orElse(0);
    long succeeded = attempts.stream().map(taskOf::get).distinct().count();
    return new LostCount(known, (int) succeeded);
  }
}
