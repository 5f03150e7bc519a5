package dev.regatta.cli;

import dev.regatta.run.Visible;
import dev.regatta.stress.Best;
import dev.regatta.stress.Endpoint;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TranscriptCheck;
import dev.regatta.stress.TryResult;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What came of a suite, for people: a line a task, and the ratio. */
final class SuiteText {
  private static final int REASON = 300;

  private SuiteText() {}

  static String of(SuiteResult result) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        (result.endpoint().rehearsal() ? "REHEARSAL: " : "")
            + Visible.line(result.suite(), 100)
            + ", run "
            + result.run());
    line(text, endpoint(result.endpoint()));
    int width = result.tasks().stream().mapToInt(it -> it.task().id().length()).max().orElse(0);
    for (TaskResult task : result.tasks()) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "%-" + width + "s  %-9s  %8.3f s  %s%s",
              task.task().id(),
              task.status().word(),
              task.duration().toMillis() / 1000.0,
              Visible.line(task.status().reason(), REASON),
              hallucination(task)));
      task.best().forEach(best -> line(text, " ".repeat(width + 2) + best(best)));
    }
    result.warnings().forEach(warning -> line(text, "warning: " + Visible.line(warning, REASON)));
    line(text, "Outputs: " + result.folder().resolve("attempts").toUri());
    line(
        text,
        "Success ratio: "
            + result.ratio().text()
            + (result.ratio().graduated() ? ", graduated" : ", not graduated"));
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append('\n');
  }

  private static String endpoint(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Rehearsal(String url) ->
          "Agents were led to the built-in model server at " + url + ": no real call was made.";
      case Endpoint.Provider _ -> "Agents were led to the provider's own address.";
      case Endpoint.Elsewhere(String variable, String url) ->
          "Agents were led to "
              + Visible.line(url, 200)
              + " by "
              + variable
              + ", not the provider.";
      case Endpoint.Unknown _ ->
          "Which address agents were led to is the server's, and is not known here.";
    };
  }

  private static String hallucination(TaskResult task) {
    return task.last().stream()
        .map(TryResult::transcript)
        .filter(check -> check.verdict() == TranscriptCheck.Verdict.SUSPECTED)
        .map(check -> "; hallucination suspected: " + Visible.line(check.detail(), REASON))
        .collect(Collectors.joining());
  }

  private static String best(Best best) {
    return Visible.line(best.criterion(), 40)
        + ": "
        + (best.instance().isPresent() ? "instance " + best.instance().getAsInt() + ", " : "none, ")
        + best.reason();
  }

  /** One task; times are in seconds. */
  record Row(
      String id, String status, double seconds, int tries, String reason, String hallucination) {}

  /** The suite. */
  record Whole(
      String suite,
      String run,
      boolean rehearsal,
      long successes,
      long failures,
      boolean graduated,
      List<Row> tasks) {}

  static Whole json(SuiteResult result) {
    return new Whole(
        result.suite(),
        result.run(),
        result.endpoint().rehearsal(),
        result.ratio().successes(),
        result.ratio().failures(),
        result.ratio().graduated(),
        result.tasks().stream().map(SuiteText::row).toList());
  }

  private static Row row(TaskResult task) {
    return new Row(
        task.task().id(),
        task.status().word(),
        task.duration().toMillis() / 1000.0,
        task.tried(),
        task.status().reason(),
        task.last().stream()
            .map(it -> it.transcript().verdict())
            .max((one, other) -> rank(one) - rank(other))
            .orElse(TranscriptCheck.Verdict.UNKNOWN)
            .word());
  }

  /** The worst of several instances is what is said of all. */
  private static int rank(TranscriptCheck.Verdict verdict) {
    return switch (verdict) {
      case NONE -> 0;
      case UNKNOWN -> 1;
      case SUSPECTED -> 2;
    };
  }
}
