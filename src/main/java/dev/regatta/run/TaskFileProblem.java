package dev.regatta.run;

import java.util.List;

/** A tasks file that can't be used. The message has one line per problem, at most ten. */
public final class TaskFileProblem extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 10;

  private final transient List<String> problems;

  /**
   * All problems of one file.
   *
   * @param problems one line each, as {@code FILE:LINE:COLUMN: FIELD: RULE}, safe to show
   */
  TaskFileProblem(List<String> problems) {
    super(message(problems));
    this.problems = List.copyOf(problems);
  }

  /** Every problem that was found, also those beyond the ten of the message. */
  public List<String> problems() {
    return problems;
  }

  private static String message(List<String> problems) {
    String shown = String.join("\n", problems.subList(0, Math.min(SHOWN, problems.size())));
    int more = problems.size() - SHOWN;
    return more > 0 ? shown + "\n… and " + more + " more" : shown;
  }
}
