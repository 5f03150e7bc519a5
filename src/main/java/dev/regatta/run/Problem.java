package dev.regatta.run;

/**
 * One broken rule of a tasks file.
 *
 * @param field where, for example {@code tasks[2].timeout}; empty for the file as a whole
 * @param rule what it must be, or why not, ending without a full stop
 */
record Problem(String field, String rule) {
  /** The field within this one, or the field alone at the top. */
  static String within(String parent, String field) {
    return parent.isEmpty() ? field : parent + "." + field;
  }

  /** The item of a list. */
  static String within(String parent, int index) {
    return parent + "[" + index + "]";
  }
}
