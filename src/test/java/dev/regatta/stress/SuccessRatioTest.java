package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuccessRatioTest {
  @ParameterizedTest
  @CsvSource({
    "23, 2, 23:2 = 11.5:1, true",
    "30, 0, 30:0, true",
    "23, 1, 23:1, true",
    "20, 2, 20:2 = 10.0:1, true",
    "239, 24, 239:24 = 9.9:1, false",
    "9, 1, 9:1, false",
    "9, 0, 9:0, false",
    "10, 0, 10:0, true",
    "0, 3, 0:3 = 0.0:1, false",
    "0, 0, 0:0, false"
  })
  void theRatioNeverLooksBetterThanItIs(long good, long bad, String text, boolean graduated) {
    SuccessRatio ratio = new SuccessRatio(good, bad);
    assertThat(ratio.text()).isEqualTo(text);
    assertThat(ratio.graduated()).isEqualTo(graduated);
  }

  @ParameterizedTest
  @CsvSource({"5, 0, '5 passed, at least 10 are needed'", "5, 1, 10:1 is needed"})
  void whatIsNeededIsSaidAlsoWhereNothingFailed(long good, long bad, String needed) {
    assertThat(new SuccessRatio(good, bad).needed()).isEqualTo(needed);
  }
}
