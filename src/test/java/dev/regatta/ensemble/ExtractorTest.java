package dev.regatta.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractorTest {
  private static final long SEED = 20261201;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The answer is 42.   | the ANSWER, is: 42!",
        "Yes                 | **yes**",
        "'ﬁne'               | 'fine'",
        "Straße              | STRASSE",
        "'1,000 apples'      | '1000 Apples'",
        "a\u00a0b            | a b",
        "'re\u0301sume\u0301' | 'r\u00e9sum\u00e9'",
      })
  void answersThatDifferInFormAloneCountAsOne(String one, String other) {
    assertThat(new Extractor.Whole().of(one)).isEqualTo(new Extractor.Whole().of(other));
  }

  @ParameterizedTest
  @CsvSource({"-5, 5", "1.5, 15", "yes, no", "a+b, a=b", "x, xx", "1.5, 1 5"})
  void answersThatSaySomethingElseDoNot(String one, String other) {
    assertThat(new Extractor.Whole().of(one)).isNotEqualTo(new Extractor.Whole().of(other));
  }

  /** What changes nothing of what is said: case, spacing, punctuation at the edges, NFD. */
  private static String disguised(String text, Random random) {
    String changed = text;
    if (random.nextBoolean()) {
      changed = changed.toUpperCase(java.util.Locale.ROOT);
    }
    if (random.nextBoolean()) {
      changed = Normalizer.normalize(changed, Normalizer.Form.NFD);
    }
    if (random.nextBoolean()) {
      changed = changed.replace(" ", random.nextBoolean() ? "  \n" : "\t");
    }
    if (random.nextBoolean()) {
      changed = "\u00ab" + changed + "\u00bb!";
    }
    return random.nextBoolean() ? "  " + changed + "\r\n" : changed;
  }

  @Test
  void normalizingIsBlindForFormAndSettlesAtOnceWhateverTheText() {
    Random random = new Random(SEED);
    String[] words = {"alpha", "Äpfel", "42", "3.14", "naïve", "ΣΊΣΥΦΟΣ", "x1", "東京", "ﬀ", "I"};
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        text.append(text.isEmpty() ? "" : " ").append(words[random.nextInt(words.length)]);
      }
      String plain = Answers.normalized(text.toString());
      assertThat(Answers.normalized(plain)).as("seed %d, %s", SEED, text).isEqualTo(plain);
      String other = disguised(text.toString(), random);
      assertThat(Answers.normalized(other)).as("seed %d, %s", SEED, other).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "It is 42            | 42",
        "42.0                | 42",
        "first 7 then 4.2e1  | 42",
        "about 1,234,567.50  | 1234567.5",
        "it is -3            | -3",
        "\u2212 0            | 0",
        "-0.0                | 0",
        "version v2 has 5    | 5",
      })
  void theLastNumberOfAnAnswerCounts(String answer, String number) {
    assertThat(new Extractor.Number().of(answer).map(java.math.BigDecimal::new))
        .hasValueSatisfying(
            value -> assertThat(value).isEqualByComparingTo(new java.math.BigDecimal(number)));
  }

  @Test
  @Timeout(10)
  void aNumberWithoutEndHoldsNobodyUp() {
    String endless = "1" + "0".repeat(1_000_000);
    assertThat(new Extractor.Number().of("so: " + endless)).contains(endless);
  }

  @Test
  void equalNumbersCountAsOneHoweverTheyAreWritten() {
    assertThat(new Extractor.Number().of("100")).isEqualTo(new Extractor.Number().of("1e2"));
    assertThat(new Extractor.Number().of("none")).isEmpty();
    assertThat(new Extractor.Number().of("1e999 is much")).isPresent();
  }

  @Test
  void theLastLineIsTheLastThatHoldsAnything() {
    assertThat(Extractor.named("last-line").of("reasons\n\nANSWER: 7\n \n")).contains("answer 7");
    assertThat(Extractor.named("last-line").of(" \n")).isEmpty();
  }

  @Test
  void aRegexCountsByItsFirstGroupOrAsAWhole() {
    assertThat(Extractor.named("answer: (\\w+)").of("so, answer: Yes.")).contains("yes");
    assertThat(Extractor.named("\\bno\\b").of("well, no")).contains("no");
    assertThat(Extractor.named("(a)|b").of("b")).isEmpty();
    assertThat(Extractor.named("never").of("b")).isEmpty();
  }

  @Test
  void anExpressionThatFindsNothingButNothingCountsNothing() {
    assertThat(Extractor.named("\\d*").of("abc")).isEmpty();
    assertThat(Extractor.named("answer:(.*)").of("answer: ")).isEmpty();
    assertThat(Extractor.named("").of("abc")).isEmpty();
  }

  @Test
  @Timeout(60)
  void anExpressionThatAnAnswerWouldHoldUpForEverIsGivenUp() {
    assertThat(Extractor.named("<a>((?:.|\\n)*)</a>").of("<a>" + "x\n".repeat(100_000) + "</a>"))
        .as("the JDK has no stack for it")
        .isEmpty();
    assertThat(Extractor.named("(x|xx)+y").of("x".repeat(60))).isEmpty();
  }

  @Test
  void valuesInJsonThatAreTheSameCountAsOneHoweverTheyAreWritten() {
    Extractor a = Extractor.named("$.a");
    assertThat(a.of("{\"a\": {\"x\": 1, \"y\": [2.50]}}"))
        .isEqualTo(a.of("{\"a\":{\"y\":[2.5],\"x\":1.0}}"))
        .contains("{\"x\":1,\"y\":[2.5]}");
    assertThat(a.of("{\"a\": 1e3}")).contains("1000").isEqualTo(a.of("{\"a\": 1000}"));
    assertThat(a.of("{\"a\": 1e999}")).isPresent();
    assertThat(a.of("{\"a\": 1}")).isNotEqualTo(a.of("{\"a\": 1.5}"));
  }

  @Test
  void aPathLeadsIntoJsonThatStandsAmongWords() {
    String answer =
        "Here [as asked]:\n```json\n{\"a\": [{\"b c\": \"Yes!\", \"n\": 1.0}]}\n```\nDone {";
    assertThat(Extractor.named("$.a[0]['b c']").of(answer)).contains("yes");
    assertThat(Extractor.named("$.a[0].n").of(answer)).contains("1");
    assertThat(Extractor.named("$.a[1]").of(answer)).isEmpty();
    assertThat(Extractor.named("$.a[0].*").of(answer).orElseThrow()).startsWith("[").contains(", ");
    assertThat(Extractor.named("$.a").of("{\"a\": null}")).contains("null");
    assertThat(Extractor.named("$[1]").of("[1, true]")).contains("true");
    assertThat(Extractor.named("$.a").of("no JSON")).isEqualTo(Optional.empty());
  }

  @Test
  @Timeout(20)
  void anAnswerOfBracketsAloneCostsNoMoreThanItsLength() {
    assertThat(Extractor.named("$.a").of("[{".repeat(500_000))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"$.a..b", "$a", "$.a[x]", "([a-z"})
  void whatNamesNothingIsRefusedWithTheReason(String text) {
    assertThatThrownBy(() -> Extractor.named(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
