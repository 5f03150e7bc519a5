package dev.regatta.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TournamentTest {
  private static final long SEED = 4;

  private static Judgement said(int first, int second, @Nullable Integer winner) {
    return new Judgement(first, second, winner, true, "", false, null, null, null, null, 1);
  }

  private static Judgement silent(int first, int second) {
    return new Judgement(first, second, null, false, "late", false, null, null, null, null, 1);
  }

  private static Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
    return new Criterion.Judged().choose(candidates, judgements);
  }

  @Test
  void whoeverWinsInBothOrdersWins() {
    List<Candidate> two = Candidates.saying("a", "b");
    List<Judgement> said = List.of(said(1, 2, 2), said(2, 1, 2));
    assertThat(choose(two, said).picked()).isEqualTo(2);
    assertThat(new Tournament(two, said).agreement()).contains(1.0);
    assertThat(choose(two, said).reason())
        .isEqualTo(
            "instance 2 has the most points of the judge's, 1 won, 0 tied, 0 lost; agreement 100"
                + " %");
  }

  @Test
  void aJudgeThatAlwaysPrefersTheFirstDecidesNothing() {
    List<Candidate> three = Candidates.saying("a", "b", "c");
    List<Judgement> said = new ArrayList<>();
    for (int[] pair : new int[][] {{1, 2}, {1, 3}, {2, 3}}) {
      said.add(said(pair[0], pair[1], pair[0]));
      said.add(said(pair[1], pair[0], pair[1]));
    }
    Tournament tournament = new Tournament(three, said);
    assertThat(tournament.pairs()).allMatch(pair -> pair.winner().isEmpty() && !pair.consistent());
    assertThat(tournament.agreement()).contains(0.0);
    assertThat(choose(three, said).picked()).as("all equal, so who was first").isEqualTo(1);
    assertThat(choose(three, said).reason()).contains("3 are equal");
  }

  @Test
  void aPairWithoutTwoVerdictsIsATieAndCountsForNoAgreement() {
    List<Candidate> three = Candidates.saying("a", "b", "c");
    List<Judgement> said =
        List.of(
            said(1, 2, 1),
            silent(2, 1),
            said(1, 3, 3),
            said(3, 1, 3),
            said(2, 3, null),
            said(3, 2, null));
    Tournament tournament = new Tournament(three, said);
    assertThat(tournament.agreement()).contains(1.0);
    assertThat(tournament.standing(1)).isEqualTo(new Tournament.Standing(1, 0, 1, 1));
    assertThat(tournament.standing(3)).isEqualTo(new Tournament.Standing(3, 1, 1, 0));
    assertThat(choose(three, said).picked()).isEqualTo(3);
  }

  @Test
  void aJudgeThatIsNeverHeardPicksNobody() {
    Choice choice = choose(Candidates.saying("a", "b"), List.of(silent(1, 2), silent(2, 1)));
    assertThat(choice.picked()).isNull();
    assertThat(choice.reason()).isEqualTo("the judge gave no pair a verdict in both orders");
  }

  @Test
  void oneAnswerAloneNeedsNoJudge() {
    List<Candidate> one = List.of(Candidates.failed(1, 1), Candidates.of(2, "b", 2));
    assertThat(choose(one, List.of()).picked()).isEqualTo(2);
    assertThat(choose(one, List.of()).reason()).contains("nothing to judge");
  }

  /** Looking through all verdicts for each pair would take minutes for this many. */
  @Test
  @Timeout(20)
  void aLargeTournamentIsCountedAtOnce() {
    List<Candidate> many =
        Candidates.saying(IntStream.range(0, 400).mapToObj(i -> "a" + i).toArray(String[]::new));
    List<Judgement> said = new ArrayList<>();
    for (Candidate first : many) {
      for (Candidate second : many) {
        if (first.number() != second.number()) {
          said.add(
              said(first.number(), second.number(), Math.max(first.number(), second.number())));
        }
      }
    }
    assertThat(choose(many, said).picked()).isEqualTo(400);
    assertThat(new Tournament(many, said).standing(400))
        .isEqualTo(new Tournament.Standing(400, 399, 0, 0));
  }

  /** Whatever a judge says, and in whatever order it is written down. */
  @Test
  void pointsAddUpAndTheOrderOfVerdictsChangesNothing() {
    Random random = new Random(SEED);
    for (int round = 0; round < 500; round++) {
      int count = random.nextInt(2, 7);
      List<Candidate> candidates = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        candidates.add(
            random.nextInt(6) == 0
                ? Candidates.failed(i, i)
                : Candidates.of(i, "answer " + i, random.nextInt(1, 4)));
      }
      List<Judgement> said = judged(candidates, random);
      Tournament tournament = new Tournament(candidates, said);
      double points =
          candidates.stream()
              .mapToDouble(each -> tournament.standing(each.number()).points())
              .sum();
      assertThat(points).as("seed %d, round %d", SEED, round).isEqualTo(tournament.pairs().size());
      tournament.agreement().ifPresent(share -> assertThat(share).isBetween(0.0, 1.0));
      List<Judgement> shuffled = new ArrayList<>(said);
      Collections.shuffle(shuffled, random);
      assertThat(choose(candidates, shuffled)).isEqualTo(choose(candidates, said));
      Integer picked = choose(candidates, said).picked();
      if (picked != null) {
        assertThat(candidates.get(picked - 1).eligible()).isTrue();
      }
    }
  }

  private static List<Judgement> judged(List<Candidate> candidates, Random random) {
    List<Judgement> said = new ArrayList<>();
    for (Candidate first : Criterion.eligible(candidates)) {
      for (Candidate second : Criterion.eligible(candidates)) {
        int one = first.number();
        int other = second.number();
        if (one != other) {
          said.add(
              switch (random.nextInt(4)) {
                case 0 -> silent(one, other);
                case 1 -> said(one, other, null);
                case 2 -> said(one, other, one);
                default -> said(one, other, other);
              });
        }
      }
    }
    return said;
  }
}
