package dev.regatta.stress;

import dev.regatta.run.Problem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A task in the tree of a suite, whatever form the suite has.
 *
 * @param category the name of its category
 * @param holder the category, or the suite of a bare list
 * @param holderPlace where that is
 * @param node the task
 * @param place where it is
 */
record TaskNode(String category, JsonNode holder, String holderPlace, JsonNode node, String place) {
  /** What the tasks of a bare list are in. */
  static final String BARE = "tests";

  /** All tasks of a suite. */
  static List<TaskNode> all(JsonNode suite) {
    List<TaskNode> tasks = new ArrayList<>();
    suite
        .path("categories")
        .properties()
        .forEach(category ->
            tasks.addAll(
                of(
                    category.getKey(),
                    category.getValue(),
                    Problem.within("categories", category.getKey()))));
    tasks.addAll(of(BARE, suite, "", BARE));
    return tasks;
  }

  /** The tasks of a category. */
  static List<TaskNode> of(String category, JsonNode holder, String place) {
    List<TaskNode> tasks = new ArrayList<>(of(category, holder, place, "tasks"));
    tasks.addAll(of(category, holder, place, "tests"));
    return tasks;
  }

  /** The tasks of one list. */
  static List<TaskNode> of(String category, JsonNode holder, String place, String field) {
    List<TaskNode> tasks = new ArrayList<>();
    JsonNode list = holder.path(field);
    for (int at = 0; list.isArray() && at < list.size(); at++) {
      String where = Problem.within(Problem.within(place, field), at);
      tasks.add(new TaskNode(category, holder, place, list.get(at), where));
    }
    return tasks;
  }
}
