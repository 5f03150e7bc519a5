package dev.regatta.report;

import dev.regatta.experiment.Proof;
import dev.regatta.run.Visible;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the gateway saw of each attempt, one line each, for the text report. */
final class CallColumns {
  private static final int LONGEST_NAME = 100;

  private CallColumns() {}

  static List<String> lines(Proof proof) {
    Columns columns = new Columns("lrrrrrrl");
    columns.add(
        "attempt", "  calls", "  wire s", "  TTFT ms", "  ms/token", "  in", "  out", "  evidence");
    for (Proof.Phase phase : proof.phases()) {
      phase.attempts().forEach(attempt -> columns.add(line(attempt)));
    }
    return columns.lines();
  }

  private static String[] line(Proof.Attempt attempt) {
    List<Proof.Call> calls = attempt.evidence().calls();
    double wire = calls.stream().mapToDouble(call -> call.endSeconds() - call.startSeconds()).sum();
    Proof.Tokens tokens = Proof.Tokens.sum(calls.stream().map(Proof.Call::tokens).toList());
    int against = attempt.evidence().disagreements().size();
    return new String[] {
      Visible.line(attempt.name(), LONGEST_NAME),
      "  " + calls.size(),
      String.format(Locale.ROOT, "  %.2f", wire),
      "  " + mean(calls, call -> call.metrics().timeToFirstTokenMs()),
      "  " + mean(calls, call -> call.metrics().timePerOutputTokenMs()),
      "  " + orMissing(tokens.input()),
      "  " + orMissing(tokens.output()),
      "  " + attempt.evidence().level().word() + (against == 0 ? "" : ", " + against + " against")
    };
  }

  private static String mean(
      List<Proof.Call> calls, Function<Proof.Call, @Nullable Double> figure) {
    OptionalDouble mean =
        calls.stream()
            .map(figure)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .average();
    return mean.isPresent() ? String.format(Locale.ROOT, "%.0f", mean.getAsDouble()) : "missing";
  }

  private static String orMissing(@Nullable Long count) {
    return count == null ? "missing" : count.toString();
  }
}
