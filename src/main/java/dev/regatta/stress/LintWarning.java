package dev.regatta.stress;

/**
 * What experience says against one place of a suite.
 *
 * @param rule which experience
 * @param place where, such as {@code categories.simple.tasks[2].verification.timeout}
 * @param text what is wrong there
 * @param better the better form
 */
public record LintWarning(LintRule rule, String place, String text, String better) {
  /** With what the rule says in general. */
  static LintWarning of(LintRule rule, String place) {
    return new LintWarning(rule, place, rule.when(), rule.better());
  }
}
