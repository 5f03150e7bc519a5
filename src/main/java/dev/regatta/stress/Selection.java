package dev.regatta.stress;

import java.util.List;

/**
 * Which tasks of a suite are meant.
 *
 * @param categories only those of these, if any are named
 * @param only only these ids, if any are named
 * @param skip not these ids
 */
public record Selection(List<String> categories, List<String> only, List<String> skip) {
  /** Copies the lists. */
  public Selection {
    categories = List.copyOf(categories);
    only = List.copyOf(only);
    skip = List.copyOf(skip);
  }

  /**
   * Those tasks, in the order of the suite.
   *
   * @throws IllegalArgumentException if a category or an id is named that the suite doesn't have,
   *     or if no task is left
   */
  public List<SuiteTask> of(Suite suite) {
    List<String> ids = suite.tasks().map(SuiteTask::id).toList();
    List<String> names = suite.categories().stream().map(Category::name).toList();
    known("category", categories, names);
    known("task", only, ids);
    known("task", skip, ids);
    List<SuiteTask> chosen =
        suite
            .tasks()
            .filter(task -> categories.isEmpty() || categories.contains(task.category()))
            .filter(task -> only.isEmpty() || only.contains(task.id()))
            .filter(task -> !skip.contains(task.id()))
            .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("no task of the suite is left");
    }
    return chosen;
  }

  private static void known(String what, List<String> named, List<String> there) {
    for (String name : named) {
      if (!there.contains(name)) {
        throw new IllegalArgumentException(
            "the suite has no %s '%s'; it has %s%s"
                .formatted(
                    what,
                    name,
                    String.join(", ", there.subList(0, Math.min(10, there.size()))),
                    there.size() > 10 ? ", …" : ""));
      }
    }
  }
}
