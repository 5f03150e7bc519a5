package dev.regatta.stress;

/** What became of a task. */
public sealed interface TaskStatus {
  /** Why, on one line. */
  String reason();

  /** Every instance has passed. */
  record Passed(String reason) implements TaskStatus {}

  /** It was tried and has not passed. */
  record Failed(String reason) implements TaskStatus {}

  /** It was left out on purpose. */
  record Skipped(String reason) implements TaskStatus {}

  /** It was not tried, or not to its end, because the run ended before. */
  record NotTried(String reason) implements TaskStatus {}

  /** In one or two words. */
  default String word() {
    return switch (this) {
      case Passed _ -> "passed";
      case Failed _ -> "failed";
      case Skipped _ -> "skipped";
      case NotTried _ -> "not tried";
    };
  }
}
