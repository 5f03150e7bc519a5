package dev.regatta.cli;

import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far a run had come that was killed: of a proof its attempts, as they were planned, of a plain
 * run its tasks, as they had come in.
 *
 * @param tasks 0 when it was killed before that was known
 */
record LostCount(int tasks, int succeeded) {

  static LostCount of(List<Event> events) {
    Set<String> known = new HashSet<>();
    Map<String, String> taskOf = new HashMap<>();
    Set<String> attempts = new HashSet<>();
    int planned = 0;
    for (Event event : events) {
      if (event instanceof Event.PlanRecorded plan) {
        planned = plan.tasks().size() * plan.order().size(); // a plain run has neither
      } else if (event instanceof Event.TasksListed listed) {
        listed.tasks().forEach(task -> known.add(task.task()));
      } else if (event instanceof Event.TaskScheduled scheduled) {
        known.add(scheduled.task());
      } else if (event instanceof Event.AttemptStarted started) {
        taskOf.put(started.attempt(), started.task());
      } else if (event instanceof Event.AttemptEnded end && end.outcome() == Outcome.SUCCEEDED) {
        attempts.add(end.attempt());
      }
    }
    if (planned > 0) {
      return new LostCount(planned, attempts.size());
    }
    long succeeded = attempts.stream().map(taskOf::get).distinct().count();
    return new LostCount(known.size(), (int) succeeded);
  }
}
