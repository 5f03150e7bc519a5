package dev.regatta.stress;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One of the instances of a task, as it is started.
 *
 * @param order the task
 * @param number from 1
 */
record Instance(TaskOrder order, int number) {
  /** The name of a try of it, which is also fit to be a file's. */
  String attempt(int tryNumber) {
    String id = order.task().id();
    return (order.task().instances() > 1 ? id + "@" + number : id) + "." + tryNumber;
  }

  /** The models of a task's instances, in turn; nothing if the suite names none. */
  static List<String> models(SuiteTask task) {
    List<String> models = task.models();
    return models.isEmpty()
        ? List.of()
        : IntStream.range(0, task.instances())
            .mapToObj(index -> models.get(index % models.size()))
            .toList();
  }

  /** Their temperatures, evenly over the range; nothing if the suite has none. */
  static List<Double> temperatures(SuiteTask task) {
    if (task.temperatures().size() != 2) {
      return List.of();
    }
    double low = task.temperatures().getFirst();
    double step = (task.temperatures().getLast() - low) / Math.max(1, task.instances() - 1);
    return IntStream.range(0, task.instances())
        .mapToObj(index -> Math.round((low + index * step) * 1000) / 1000.0)
        .toList();
  }

  /** Agents take a model from a variable too, so the suite's command stays as it is. */
  Map<String, String> variables() {
    List<String> models = models(order.task());
    Map<String, String> variables = new HashMap<>();
    if (!models.isEmpty()) {
      String model = models.get(number - 1);
      switch (order.plan().agent().orElse("")) {
        case "claude" -> variables.put("ANTHROPIC_MODEL", model);
        case "gemini" -> variables.put("GEMINI_MODEL", model);
        default -> {
          // It has none; the plan says so.
        }
      }
    }
    return variables;
  }
}
