package dev.regatta.ensemble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Every two answers against each other, each pair judged in both orders. A pair whose verdict
 * changes with the order says more of the order than of the answers: it is a tie, as is one without
 * two verdicts. A win counts one point, a tie a half.
 */
public final class Tournament {
  private final List<Candidate> all;
  private final List<Pair> pairs;

  /**
   * How two answers compare.
   *
   * @param one number of an instance
   * @param other number of another, higher one
   * @param winner number of the better one; empty for a tie
   * @param whole whether there are verdicts in both orders
   * @param consistent whether these are the same
   */
  public record Pair(
      int one, int other, Optional<Integer> winner, boolean whole, boolean consistent) {}

  /**
   * The standing of one answer.
   *
   * @param instance its number
   */
  public record Standing(int instance, int wins, int ties, int losses) {
    double points() {
      return wins + ties / 2.0;
    }
  }

  /** The tournament of these candidates. */
  public Tournament(List<Candidate> candidates, List<Judgement> judgements) {
    this.all = candidates;
    List<Candidate> players = Criterion.eligible(candidates);
    List<Pair> found = new ArrayList<>();
    for (int i = 0; i < players.size(); i++) {
      for (int j = i + 1; j < players.size(); j++) {
        found.add(pair(players.get(i).number(), players.get(j).number(), judgements));
      }
    }
    this.pairs = List.copyOf(found);
  }

  private static Pair pair(int one, int other, List<Judgement> judgements) {
    Optional<Judgement> there = verdict(one, other, judgements);
    Optional<Judgement> back = verdict(other, one, judgements);
    boolean whole = there.isPresent() && back.isPresent();
    boolean same = whole && Objects.equals(there.get().winner(), back.get().winner());
    return new Pair(
        one,
        other,
        same ? Optional.ofNullable(there.get().winner()) : Optional.empty(),
        whole,
        same);
  }

  private static Optional<Judgement> verdict(int first, int second, List<Judgement> judgements) {
    return judgements.stream()
        .filter(each -> each.valid() && each.first() == first && each.second() == second)
        .findFirst();
  }

  /** The pairs, in the order of their numbers. */
  public List<Pair> pairs() {
    return pairs;
  }

  /**
   * The share of pairs with two verdicts in which these are the same; empty without such a pair.
   */
  public Optional<Double> agreement() {
    long whole = pairs.stream().filter(Pair::whole).count();
    long same = pairs.stream().filter(Pair::consistent).count();
    return whole == 0 ? Optional.empty() : Optional.of((double) same / whole);
  }

  /** How an answer stands. */
  public Standing standing(int instance) {
    int wins = 0;
    int ties = 0;
    int losses = 0;
    for (Pair pair : pairs) {
      if (pair.one() == instance || pair.other() == instance) {
        boolean tie = pair.winner().isEmpty();
        boolean won = !tie && pair.winner().get() == instance;
        wins += won ? 1 : 0;
        ties += tie ? 1 : 0;
        losses += !tie && !won ? 1 : 0;
      }
    }
    return new Standing(instance, wins, ties, losses);
  }

  Choice choice(String criterion) {
    List<Candidate> players = Criterion.eligible(all);
    List<Choice.Figure> figures = all.stream().map(this::figure).toList();
    if (players.isEmpty()) {
      return Choice.none(criterion, "no instance gave an answer", figures);
    }
    if (players.size() == 1) {
      int only = players.getFirst().number();
      return new Choice(
          criterion,
          only,
          "instance " + only + " alone gave an answer, so there was nothing to judge",
          figures);
    }
    if (pairs.stream().noneMatch(Pair::whole)) {
      return Choice.none(criterion, "the judge gave no pair a verdict in both orders", figures);
    }
    Candidate best =
        players.stream()
            .min(
                Comparator.comparingDouble((Candidate each) -> -points(each))
                    .thenComparing(Criterion.SOONEST))
            .orElseThrow();
    int equals = (int) players.stream().filter(each -> points(each) == points(best)).count();
    return new Choice(criterion, best.number(), reason(best, equals), figures);
  }

  private String reason(Candidate best, int equals) {
    Standing standing = standing(best.number());
    return String.format(
        Locale.ROOT,
        "instance %d has the most points of the judge's, %s; agreement %s%s",
        best.number(),
        words(standing),
        agreement()
            .map(share -> String.format(Locale.ROOT, "%.0f %%", share * 100))
            .orElse("unknown"),
        Criterion.Ranking.among(equals));
  }

  private double points(Candidate candidate) {
    return standing(candidate.number()).points();
  }

  private Choice.Figure figure(Candidate candidate) {
    if (!candidate.eligible()) {
      return new Choice.Figure(candidate.number(), null, "no answer");
    }
    Standing standing = standing(candidate.number());
    return new Choice.Figure(candidate.number(), standing.points(), words(standing));
  }

  private static String words(Standing standing) {
    return standing.wins() + " won, " + standing.ties() + " tied, " + standing.losses() + " lost";
  }
}
