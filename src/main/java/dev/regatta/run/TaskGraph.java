package dev.regatta.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which task waits for which: names that clash, names that are unknown, and circles. */
final class TaskGraph {
  private static final int SHOWN = 10;

  private TaskGraph() {}

  /** What is wrong with names and dependencies. */
  static List<Problem> problems(List<Task> tasks) {
    List<Problem> problems = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    for (int index = 0; index < tasks.size(); index++) {
      Integer earlier = places.putIfAbsent(tasks.get(index).name(), index);
      if (earlier != null) {
        problems.add(
            new Problem(
                "tasks[" + index + "].name",
                "'%s' is also the name of tasks[%d]; names must differ (an unnamed task has its"
                        .formatted(tasks.get(index).name(), earlier)
                    + " position as its name)"));
      }
    }
    for (int index = 0; index < tasks.size(); index++) {
      List<String> waits = tasks.get(index).dependsOn();
      for (int at = 0; at < waits.size(); at++) {
        if (!places.containsKey(waits.get(at))) {
          problems.add(
              new Problem(
                  "tasks[" + index + "].dependsOn[" + at + "]",
                  "there is no task named '" + waits.get(at) + "'"));
        }
      }
    }
    if (problems.isEmpty()) {
      circle(tasks, places).ifPresent(problems::add);
    }
    return problems;
  }

  /** One circle, if there is any. What can be done is taken away; what is left waits for itself. */
  private static Optional<Problem> circle(List<Task> tasks, Map<String, Integer> places) {
    int[] open = new int[tasks.size()];
    Map<String, List<Integer>> waiting = new HashMap<>();
    Deque<Integer> ready = new ArrayDeque<>();
    for (int index = 0; index < tasks.size(); index++) {
      open[index] = tasks.get(index).dependsOn().size();
      for (String name : tasks.get(index).dependsOn()) {
        waiting.computeIfAbsent(name, _ -> new ArrayList<>()).add(index);
      }
      if (open[index] == 0) {
        ready.add(index);
      }
    }
    while (!ready.isEmpty()) {
      for (int freed : waiting.getOrDefault(tasks.get(ready.remove()).name(), List.of())) {
        if (--open[freed] == 0) {
          ready.add(freed);
        }
      }
    }
    for (int index = 0; index < open.length; index++) {
      if (open[index] > 0) {
        return Optional.of(follow(tasks, places, open, index));
      }
    }
    return Optional.empty();
  }

  /** From any task that is left, each step leads to another that is left, until one comes again. */
  private static Problem follow(
      List<Task> tasks, Map<String, Integer> places, int[] open, int start) {
    Map<Integer, Integer> steps = new HashMap<>();
    List<String> names = new ArrayList<>();
    int at = start;
    while (steps.putIfAbsent(at, names.size()) == null) {
      names.add(tasks.get(at).name());
      at =
          tasks.get(at).dependsOn().stream()
              .map(name -> Objects.requireNonNull(places.get(name)))
              .filter(next -> open[next] > 0)
              .findFirst()
              .orElseThrow();
    }
    int first = Objects.requireNonNull(steps.get(at));
    List<String> circle = new ArrayList<>(names.subList(first, names.size()));
    circle.add(tasks.get(at).name());
    int more = circle.size() - SHOWN;
    String shown = String.join(" → ", circle.subList(0, Math.min(SHOWN, circle.size())));
    return new Problem(
        "tasks[" + at + "].dependsOn",
        "goes round in a circle: " + shown + (more > 0 ? " → … (" + more + " more)" : ""));
  }
}
