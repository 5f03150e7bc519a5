package dev.regatta.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A file of tasks, YAML or JSON, as {@code docs/tasks-file.md} describes it and {@code
 * docs/schema/tasks-1.schema.json} fixes it.
 */
public final class TaskFile {
  private TaskFile() {}

  /**
   * Reads a tasks file, with its defaults merged into each task.
   *
   * @param file a file of at most 64 MB; as JSON if its name ends in {@code .json}, else as YAML
   * @return its tasks in the order of the file; unnamed ones are named by their position, from 1;
   *     their folders are absolute
   * @throws TaskFileProblem if the file can't be read, or breaks a rule; with every broken rule
   */
  public static List<Task> read(Path file) {
    TaskText text = TaskText.of(file);
    JsonNode tree = TaskTree.read(text);
    stopAt(text, new TaskSchema().problems(tree));
    Path base = file.toAbsolutePath().getParent();
    TaskReader reader = new TaskReader(base == null ? file.toAbsolutePath() : base, tree);
    List<Task> tasks = reader.tasks();
    List<Problem> problems = new ArrayList<>(reader.problems());
    // With a task missing, others would seem to wait for a name that is unknown.
    if (problems.isEmpty()) {
      problems.addAll(TaskGraph.problems(tasks));
    }
    stopAt(text, problems);
    return tasks;
  }

  private static void stopAt(TaskText text, List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw Places.locate(text, problems);
    }
  }
}
