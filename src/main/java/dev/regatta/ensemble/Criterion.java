package dev.regatta.ensemble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What makes an answer the best. Only successful answers are candidates. Among equals the one that
 * was there sooner is picked, and among those the one with the lower number.
 */
public sealed interface Criterion {
  /** The words of all of them, as in {@code --pick}. */
  List<String> WORDS =
      List.of(
          "fastest",
          "most-detailed",
          "shortest",
          "cheapest",
          "consensus",
          "highest-model-temp",
          "passes-most-checks",
          "judge");

  /** The word that names it. */
  String word();

  /**
   * Picks one.
   *
   * @param candidates all of them, in the order of the instances
   * @param judgements what a judge said of pairs of them; none where nobody was asked
   */
  Choice choose(List<Candidate> candidates, List<Judgement> judgements);

  /**
   * The criterion of that name, in any case: a word of {@link #WORDS}, or a name that older tools
   * have for it.
   *
   * @param extractor what counts for a consensus
   * @return empty if there is none
   */
  static Optional<Criterion> named(String name, Extractor extractor) {
    return switch (name.strip().toLowerCase(Locale.ROOT).replace('_', '-')) {
      case "fastest" -> Optional.of(new Fastest());
      case "most-detailed" -> Optional.of(new MostDetailed());
      case "shortest" -> Optional.of(new Shortest());
      case "cheapest" -> Optional.of(new Cheapest());
      case "consensus" -> Optional.of(new Consensus(extractor));
      case "highest-model-temp" -> Optional.of(new HighestTemperature());
      case "passes-most-checks", "best-code-quality" -> Optional.of(new MostChecks());
      case "judge", "llm-judge" -> Optional.of(new Judged());
      default -> Optional.empty();
    };
  }

  /** The least time from start to end. */
  record Fastest() implements Criterion {
    @Override
    public String word() {
      return "fastest";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      return Ranking.least(
          this, candidates, Candidate::seconds, Ranking::seconds, "took the least time");
    }
  }

  /** The longest answer, in characters. */
  record MostDetailed() implements Criterion {
    @Override
    public String word() {
      return "most-detailed";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      return Ranking.most(
          this, candidates, Ranking::length, Ranking::characters, "has the longest answer");
    }
  }

  /** The shortest answer, in characters. */
  record Shortest() implements Criterion {
    @Override
    public String word() {
      return "shortest";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      return Ranking.least(
          this, candidates, Ranking::length, Ranking::characters, "has the shortest answer");
    }
  }

  /** The least cost, among those whose cost is known. */
  record Cheapest() implements Criterion {
    @Override
    public String word() {
      return "cheapest";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      return Ranking.least(
          this, candidates, Candidate::costUsd, Ranking::dollars, "cost the least");
    }
  }

  /** The highest temperature that was asked for. */
  record HighestTemperature() implements Criterion {
    @Override
    public String word() {
      return "highest-model-temp";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      return Ranking.most(
          this,
          candidates,
          candidate -> candidate.instance().temperature().orElse(null),
          value -> "temperature " + Instance.plain(value),
          "was asked for the highest temperature");
    }
  }

  /** The most checks passed, and at least one. */
  record MostChecks() implements Criterion {
    @Override
    public String word() {
      return "passes-most-checks";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      int of = candidates.stream().mapToInt(each -> each.checks().size()).max().orElse(0);
      Choice choice =
          Ranking.most(
              this,
              candidates,
              candidate -> candidate.checks().isEmpty() ? null : (double) passed(candidate),
              value -> String.format(Locale.ROOT, "%.0f of %d checks", value, of),
              "passes the most checks");
      // A script takes a picked answer for one that is good for something.
      return choice.picked() == null || candidates.stream().anyMatch(MostChecks::passes)
          ? choice
          : Choice.none(word(), "no answer passes any check", choice.figures());
    }

    private static boolean passes(Candidate candidate) {
      return candidate.eligible() && passed(candidate) > 0;
    }

    private static long passed(Candidate candidate) {
      return candidate.checks().stream().filter(Candidate.Check::passed).count();
    }
  }

  /** What most others say too. */
  record Consensus(Extractor extractor) implements Criterion {
    @Override
    public String word() {
      return "consensus";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      return new Agreement(extractor, candidates).choice(word());
    }
  }

  /** What a judge prefers, of each two in both orders. */
  record Judged() implements Criterion {
    @Override
    public String word() {
      return "judge";
    }

    @Override
    public Choice choose(List<Candidate> candidates, List<Judgement> judgements) {
      return new Tournament(candidates, judgements).choice(word());
    }
  }

  /** Those of the candidates that may be picked. */
  static List<Candidate> eligible(List<Candidate> candidates) {
    return candidates.stream().filter(Candidate::eligible).toList();
  }

  /** Sooner there before later, a lower number before a higher. */
  Comparator<Candidate> SOONEST =
      Comparator.comparingDouble(
              (Candidate each) -> each.seconds() == null ? Double.MAX_VALUE : each.seconds())
          .thenComparingInt(Candidate::number);

  /** Picks by one figure. */
  final class Ranking {
    private static final double SAME = 1e-9;

    private Ranking() {}

    static Choice least(
        Criterion criterion,
        List<Candidate> candidates,
        Function<Candidate, @Nullable Double> figure,
        Function<Double, String> words,
        String why) {
      return pick(criterion, candidates, figure, words, why, -1);
    }

    static Choice most(
        Criterion criterion,
        List<Candidate> candidates,
        Function<Candidate, @Nullable Double> figure,
        Function<Double, String> words,
        String why) {
      return pick(criterion, candidates, figure, words, why, 1);
    }

    private static Choice pick(
        Criterion criterion,
        List<Candidate> candidates,
        Function<Candidate, @Nullable Double> figure,
        Function<Double, String> words,
        String why,
        int sign) {
      List<Choice.Figure> figures = new ArrayList<>();
      @Nullable Candidate best = null;
      double reached = 0;
      int equals = 0;
      for (Candidate candidate : candidates) {
        Double value = candidate.eligible() ? figure.apply(candidate) : null;
        figures.add(
            new Choice.Figure(
                candidate.number(),
                value,
                value == null ? unknown(candidate) : words.apply(value)));
        if (value == null) {
          continue;
        }
        double ahead = best == null ? 1 : sign * (value - reached);
        if (Math.abs(ahead) <= SAME && best != null) {
          equals++;
          best = SOONEST.compare(candidate, best) < 0 ? candidate : best;
        } else if (ahead > 0) {
          best = candidate;
          reached = value;
          equals = 1;
        }
      }
      if (best == null) {
        return Choice.none(criterion.word(), nobody(candidates), figures);
      }
      String reason = "instance " + best.number() + " " + why + ": " + words.apply(reached);
      return new Choice(criterion.word(), best.number(), reason + among(equals), figures);
    }

    /** What the rule for equals did. */
    static String among(int equals) {
      return equals > 1 ? "; " + equals + " are equal, and it was there first" : "";
    }

    static String unknown(Candidate candidate) {
      return candidate.eligible() ? "unknown" : "no answer";
    }

    static String nobody(List<Candidate> candidates) {
      return Criterion.eligible(candidates).isEmpty()
          ? "no instance gave an answer"
          : "what it goes by is not known of any answer";
    }

    private static Double length(Candidate candidate) {
      return (double) Answers.length(candidate.text());
    }

    private static String seconds(double value) {
      return String.format(Locale.ROOT, "%.2f s", value);
    }

    private static String characters(double value) {
      return String.format(Locale.ROOT, "%.0f characters", value);
    }

    private static String dollars(double value) {
      return String.format(Locale.ROOT, "%.6f USD", value);
    }
  }
}
