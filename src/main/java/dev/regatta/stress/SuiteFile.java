package dev.regatta.stress;

import dev.regatta.run.Places;
import dev.regatta.run.Problem;
import dev.regatta.run.TaskFileProblem;
import dev.regatta.run.TaskSchema;
import dev.regatta.run.TaskText;
import dev.regatta.run.TaskTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A file with a suite, JSON or YAML, as {@code docs/stress.md} describes it and {@code
 * docs/schema/stress-1.schema.json} fixes it.
 *
 * @param text the file's text
 * @param suite what it says
 * @param unknown its fields that are not known
 */
public record SuiteFile(TaskText text, Suite suite, List<Problem> unknown) {
  static final String SCHEMA = "/dev/regatta/schema/stress-1.schema.json";

  /** Copies the list. */
  public SuiteFile {
    unknown = List.copyOf(unknown);
  }

  /**
   * Reads a suite.
   *
   * @param file as JSON if its name ends in {@code .json}, else as YAML
   * @param label what messages call it
   * @throws SuiteProblem if the file can't be read, or has faults; with every fault
   */
  public static SuiteFile read(Path file, String label) {
    try {
      TaskText text = TaskText.of(file, label, "'categories' or 'tests'");
      JsonNode tree = TaskTree.read(text);
      TaskSchema schema = new TaskSchema(SCHEMA);
      List<Problem> faults = new ArrayList<>(schema.problems(tree));
      faults.addAll(new SuiteRules(tree, faults).problems());
      if (!faults.isEmpty()) {
        throw new SuiteProblem(Places.lines(text, faults));
      }
      KnownFields known = new KnownFields(schema.root());
      String name = String.valueOf(file.getFileName());
      return new SuiteFile(text, new SuiteReader(known, name).suite(tree), known.unknown(tree));
    } catch (TaskFileProblem e) {
      throw new SuiteProblem(e.problems());
    }
  }

  /** Problems of this file, as {@code FILE:LINE:COLUMN: PATH: REASON}, in the order of the file. */
  public List<String> lines(List<Problem> problems) {
    return Places.lines(text, problems);
  }
}
