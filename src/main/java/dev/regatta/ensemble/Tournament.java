package dev.regatta.ensemble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private final Map<Integer, Standing> standings = new HashMap<>();

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
    Map<Order, Judgement> verdicts = new HashMap<>();
    for (Judgement each : judgements) {
      if (each.valid()) {
        verdicts.putIfAbsent(new Order(each.first(), each.second()), each);
      }
    }
    List<Candidate> players = Criterion.eligible(candidates);
    List<Pair> found = new ArrayList<>();
    for (int i = 0; i < players.size(); i++) {
      for (int j = i + 1; j < players.size(); j++) {
        Pair pair = pair(players.get(i).number(), players.get(j).number(), verdicts);
        found.add(pair);
        count(pair);
      }
    }
    this.pairs = List.copyOf(found);
  }

  /** The numbers of two answers, in the order in which they were shown. */
  private record Order(int first, int second) {}

  private static Pair pair(int one, int other, Map<Order, Judgement> verdicts) {
    Judgement there = verdicts.get(new Order(one, other));
    Judgement back = verdicts.get(new Order(other, one));
    if (there == null || back == null) {
      return new Pair(one, other, Optional.empty(), false, false);
    }
    boolean same = Objects.equals(there.winner(), back.winner());
    return new Pair(
        one, other, same ? Optional.ofNullable(there.winner()) : Optional.empty(), true, same);
  }

  private void count(Pair pair) {
    for (int number : new int[] {pair.one(), pair.other()}) {
      int won = pair.winner().filter(winner -> winner == number).isPresent() ? 1 : 0;
      int tied = pair.winner().isEmpty() ? 1 : 0;
      Standing before = standing(number);
      standings.put(
          number,
          new Standing(
              number, before.wins() + won, before.ties() + tied, before.losses() + 1 - won - tied));
    }
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
    return standings.getOrDefault(instance, new Standing(instance, 0, 0, 0));
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
