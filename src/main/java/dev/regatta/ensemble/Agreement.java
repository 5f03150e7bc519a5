package dev.regatta.ensemble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which answers agree: groups of those of which the same counts. */
final class Agreement {
  private final List<Candidate> candidates;
  private final Extractor extractor;
  private final Map<String, List<Candidate>> groups = new LinkedHashMap<>();

  Agreement(Extractor extractor, List<Candidate> candidates) {
    this.candidates = candidates;
    this.extractor = extractor;
    for (Candidate candidate : Criterion.eligible(candidates)) {
      extractor
          .of(candidate.text())
          .ifPresent(
              value -> groups.computeIfAbsent(value, first -> new ArrayList<>()).add(candidate));
    }
  }

  /** The largest group; among equal ones that of the answer that was there first. */
  Choice choice(String criterion) {
    List<Choice.Figure> figures = figures();
    Optional<List<Candidate>> largest =
        groups.values().stream()
            .max(
                Comparator.<List<Candidate>>comparingInt(List::size)
                    .thenComparing(Agreement::soonest, Criterion.SOONEST.reversed()));
    if (largest.isEmpty()) {
      String why =
          Criterion.eligible(candidates).isEmpty()
              ? "no instance gave an answer"
              : "no answer holds what counts (" + extractor.text() + ")";
      return Choice.none(criterion, why, figures);
    }
    Candidate picked = soonest(largest.get());
    return new Choice(criterion, picked.number(), reason(picked, largest.get().size()), figures);
  }

  private String reason(Candidate picked, int size) {
    int answers = Criterion.eligible(candidates).size();
    if (answers == 1) {
      return "instance "
          + picked.number()
          + " alone gave an answer, so there was nothing to compare it with";
    }
    String sizes =
        groups.values().stream()
            .map(List::size)
            .sorted(Comparator.reverseOrder())
            .map(String::valueOf)
            .reduce((all, next) -> all + ", " + next)
            .orElse("");
    String agreed =
        size == 1
            ? "no two of " + answers + " answers agree"
            : size + " of " + answers + " answers agree";
    String majority = size * 2 > answers ? "" : ", which is no majority";
    String more = groups.size() > 1 ? " (groups of " + sizes + ")" : "";
    return agreed + majority + more + ", and of these instance " + picked.number() + " was first";
  }

  private List<Choice.Figure> figures() {
    return candidates.stream().map(this::figure).toList();
  }

  private Choice.Figure figure(Candidate candidate) {
    for (Map.Entry<String, List<Candidate>> group : groups.entrySet()) {
      if (group.getValue().contains(candidate)) {
        int size = group.getValue().size();
        return new Choice.Figure(
            candidate.number(), (double) size, "group of " + size + ": " + group.getKey());
      }
    }
    return new Choice.Figure(
        candidate.number(), null, candidate.eligible() ? "nothing that counts in it" : "no answer");
  }

  private static Candidate soonest(List<Candidate> group) {
    return group.stream().min(Criterion.SOONEST).orElseThrow();
  }
}
