package dev.regatta.run;

/**
 * One broken rule of a file of tasks, or of a suite.
 *
 * @param field where, for example {@code tasks[2].timeout}; empty for the file as a whole
 * @param rule what it must be, or why not, ending without a full stop
 */
public record Problem(String field, String rule) {
  /** The field within this one, or the field alone at the top. */
  public static String within(String parent, String field) {
    return parent.isEmpty() ? field : parent + "." + field;
  }

  /** The item of a list. */
  public static String within(String parent, int index) {
    return parent + "[" + index + "]";
  }
}
