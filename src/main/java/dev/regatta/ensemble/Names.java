package dev.regatta.ensemble;

/**
 * What a run's journal calls the answers to one question, and the tasks in which they are checked
 * and judged. Where a run has several questions, what is put before the numbers tells them apart.
 *
 * @param instances goes before the number of an answer
 * @param tasks goes before the numbers in a task's name; letters, digits, '.', '_' and '-'
 */
record Names(String instances, String tasks) {
  /** For a run with one question. */
  static final Names PLAIN = new Names("", "");

  String instance(int number) {
    return instances + number;
  }

  /** The task in which an agent judges two answers in one order. */
  String judgement(int first, int second) {
    return "judge-" + tasks + first + "-" + second;
  }

  /** The task of a check; {@code index} counts from 0. */
  String check(int instance, int index) {
    return "check-" + tasks + instance + "-" + (index + 1);
  }
}
