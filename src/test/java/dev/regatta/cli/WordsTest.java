package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0", " 0 ", "00"})
  void aPauseMayBeNoneInAnySpelling(String word) {
    assertThat(Words.pause("--stagger", word)).isZero();
    assertThatThrownBy(() -> Words.seconds("--timeout", word)).hasMessageContaining("above 0");
  }

  @Test
  void aPauseIsNoneUnlessOneIsGiven() {
    assertThat(Words.pause("--stagger", null)).isZero();
    assertThat(Words.pause("--stagger", "0.3")).isEqualTo(Duration.ofMillis(300));
    assertThatThrownBy(() -> Words.pause("--stagger", "-1")).hasMessageContaining("--stagger");
    assertThatThrownBy(() -> Words.pause("--stagger", "soon")).hasMessageContaining("'soon'");
  }
}
