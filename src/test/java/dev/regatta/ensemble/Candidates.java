package dev.regatta.ensemble;

import dev.regatta.journal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Candidates as a test wants them. */
final class Candidates {
  private Candidates() {}

  static Candidate of(int number, String answer, double seconds) {
    return of(number, answer, seconds, 0.01, 0.5, Outcome.SUCCEEDED, List.of());
  }

  static Candidate failed(int number, double seconds) {
    return of(number, "Error", seconds, 0.0, 2.0, Outcome.AGENT_ERROR, List.of());
  }

  static Candidate of(
      int number,
      String answer,
      double seconds,
      @Nullable Double cost,
      @Nullable Double temperature,
      Outcome outcome,
      List<Candidate.Check> checks) {
    return new Candidate(
        new Instance(
            number, "claude", Optional.empty(), Optional.ofNullable(temperature), List.of()),
        1,
        outcome,
        "",
        Optional.of(answer),
        "model",
        "session",
        "TOKEN",
        "0123",
        0,
        seconds,
        0.1,
        10L,
        20L,
        cost,
        false,
        checks,
        null,
        Optional.empty());
  }

  static List<Candidate> saying(String... answers) {
    List<Candidate> candidates = new ArrayList<>();
    for (String answer : answers) {
      candidates.add(of(candidates.size() + 1, answer, candidates.size() + 1));
    }
    return candidates;
  }

  static Candidate.Check check(boolean passed) {
    return new Candidate.Check(
        "true", passed ? Outcome.SUCCEEDED : Outcome.AGENT_ERROR, passed ? 0 : 1, 0.1, null);
  }
}
