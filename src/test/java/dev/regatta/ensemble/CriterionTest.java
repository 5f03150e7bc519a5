package dev.regatta.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Outcome;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CriterionTest {
  private static final Candidate.Check PASS = Candidates.check(true);
  private static final Candidate.Check FAIL = Candidates.check(false);

  /** Each has one thing in which it is the best; the sixth is best in all and failed. */
  private static final List<Candidate> PLANTED =
      List.of(
          one(1, "a very long answer indeed", 5, 0.05, 0.2, FAIL, FAIL),
          one(2, "same.", 2, 0.04, 0.4, PASS, FAIL),
          one(3, "x", 4, 0.03, 0.6, FAIL, PASS),
          one(4, "Same", 3, 0.01, 0.8, PASS, PASS),
          one(5, "another answer", 6, 0.06, 1.0, FAIL, FAIL),
          Candidates.of(6, "", 0.1, 0.0, 2.0, Outcome.AGENT_ERROR, List.of()));

  private static Candidate one(
      int number,
      String answer,
      double seconds,
      double cost,
      double temperature,
      Candidate.Check... checks) {
    return Candidates.of(
        number, answer, seconds, cost, temperature, Outcome.SUCCEEDED, List.of(checks));
  }

  private static Choice choose(String name, List<Candidate> candidates) {
    return Criterion.named(name, new Extractor.Whole()).orElseThrow().choose(candidates, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "fastest, 2",
    "FASTEST, 2",
    "most-detailed, 1",
    "MOST_DETAILED, 1",
    "shortest, 3",
    "cheapest, 4",
    "consensus, 2",
    "CONSENSUS, 2",
    "highest-model-temp, 5",
    "HIGHEST_MODEL_TEMP, 5",
    "passes-most-checks, 4",
    "BEST_CODE_QUALITY, 4",
  })
  void eachPicksItsPlantedBestAndNeverOneThatFailed(String name, int best) {
    Choice choice = choose(name, PLANTED);
    assertThat(choice.picked()).as(choice.reason()).isEqualTo(best);
    assertThat(choice.reason()).contains("instance " + best);
    assertThat(choice.figures()).hasSize(6);
    assertThat(choice.figures().getLast().shown()).isEqualTo("no answer");
  }

  @Test
  void everyWordNamesTheCriterionThatHasIt() {
    for (String word : Criterion.WORDS) {
      assertThat(Criterion.named(word, new Extractor.Whole()).orElseThrow().word()).isEqualTo(word);
      String old = word.toUpperCase(Locale.ROOT).replace('-', '_');
      assertThat(Criterion.named(old, new Extractor.Whole())).isPresent();
    }
    assertThat(Criterion.named("LLM_JUDGE", new Extractor.Whole()))
        .contains(new Criterion.Judged());
    assertThat(Criterion.named("best", new Extractor.Whole())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fastest",
        "most-detailed",
        "shortest",
        "cheapest",
        "consensus",
        "highest-model-temp",
        "judge"
      })
  void withoutAnAnswerNoneIsPickedAndThatIsSaid(String name) {
    List<Candidate> candidates =
        List.of(
            Candidates.failed(1, 1),
            Candidates.of(2, " \n", 1, 0.1, 0.5, Outcome.SUCCEEDED, List.of()));
    Choice choice = choose(name, candidates);
    assertThat(choice.picked()).isNull();
    assertThat(choice.reason()).isEqualTo("no instance gave an answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"most-detailed", "shortest", "cheapest", "consensus", "highest-model-temp"})
  void amongEqualsTheOneThatWasThereFirstIsPicked(String name) {
    List<Candidate> equal =
        List.of(
            Candidates.of(1, "same", 3),
            Candidates.of(2, "same", 1.5),
            Candidates.of(3, "same", 2));
    assertThat(choose(name, equal).picked()).isEqualTo(2);
    assertThat(choose(name, equal).reason()).contains("first");
  }

  @Test
  void amongThoseThatAreEquallyFastTheLowerNumberIsPicked() {
    assertThat(
            choose("fastest", List.of(Candidates.of(1, "a", 2), Candidates.of(2, "b", 2))).picked())
        .isEqualTo(1);
  }

  @Test
  void anUnknownFigureIsNotTheBestOne() {
    List<Candidate> candidates =
        List.of(
            Candidates.of(1, "a", 1, null, null, Outcome.SUCCEEDED, List.of()),
            Candidates.of(2, "b", 2, 0.5, 0.1, Outcome.SUCCEEDED, List.of()));
    assertThat(choose("cheapest", candidates).picked()).isEqualTo(2);
    assertThat(choose("cheapest", candidates).figures().getFirst().shown()).isEqualTo("unknown");
    assertThat(choose("highest-model-temp", candidates).picked()).isEqualTo(2);
    Choice none = choose("cheapest", candidates.subList(0, 1));
    assertThat(none.picked()).isNull();
    assertThat(none.reason()).isEqualTo("what it goes by is not known of any answer");
  }

  @Test
  void whatPassesNoCheckIsNotPickedForItsChecks() {
    List<Candidate> candidates =
        List.of(
            one(1, "a", 1, 0.1, 0.1, FAIL, FAIL),
            one(2, "b", 2, 0.1, 0.1, FAIL, FAIL),
            Candidates.of(3, "c", 3, 0.1, 0.1, Outcome.AGENT_ERROR, List.of(PASS, PASS)));
    Choice none = choose("passes-most-checks", candidates);
    assertThat(none.picked()).isNull();
    assertThat(none.reason()).isEqualTo("no answer passes any check");
    assertThat(none.figures().getFirst().shown()).isEqualTo("0 of 2 checks");
  }

  @Test
  void aConsensusSaysHowManyAgreeAndWhetherThatIsAMajority() {
    Choice three = choose("consensus", Candidates.saying("42", "43", "42.", " 42!"));
    assertThat(three.picked()).isEqualTo(1);
    assertThat(three.reason())
        .isEqualTo("3 of 4 answers agree (groups of 3, 1), and of these instance 1 was first");
    Choice two = choose("consensus", Candidates.saying("a", "b", "B", "c"));
    assertThat(two.picked()).isEqualTo(2);
    assertThat(two.reason()).contains("2 of 4 answers agree, which is no majority");
    Choice one = choose("consensus", Candidates.saying("a", " "));
    assertThat(one.picked()).isEqualTo(1);
    assertThat(one.reason())
        .isEqualTo("instance 1 alone gave an answer, so there was nothing to compare it with");
    Choice none = choose("consensus", Candidates.saying("a", "b", "c"));
    assertThat(none.picked()).isEqualTo(1);
    assertThat(none.reason()).contains("no two of 3 answers agree, which is no majority");
  }

  @Test
  void anAnswerWithoutWhatCountsIsInNoGroup() {
    Criterion numbers = Criterion.named("consensus", new Extractor.Number()).orElseThrow();
    Choice choice =
        numbers.choose(Candidates.saying("I don't know", "It is 7", "seven: 7.0"), List.of());
    assertThat(choice.picked()).isEqualTo(2);
    assertThat(choice.figures().getFirst().shown()).isEqualTo("nothing that counts in it");
    Choice none = numbers.choose(Candidates.saying("nothing", "at all"), List.of());
    assertThat(none.picked()).isNull();
    assertThat(none.reason()).isEqualTo("no answer holds what counts (number)");
  }
}
