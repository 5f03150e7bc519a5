package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparklineTest {
  @Test
  void theLowestBarIsNothingAndOnlyAllOfThemAreTheHighest() {
    List<Double> shares = List.of(0.0, 0.14, 0.15, 0.5, 0.99, 1.0);
    assertThat(Sparkline.of(shares, true)).isEqualTo("▁▁▂▄▇█");
    assertThat(Sparkline.of(shares, false)).isEqualTo("__.:*#");
  }

  @Test
  void ofManyTheLatestFortyAreShown() {
    List<Double> shares = new java.util.ArrayList<>(Collections.nCopies(100, 0.0));
    shares.add(1.0);
    assertThat(Sparkline.of(shares, true)).hasSize(40).endsWith("▁█");
    assertThat(Sparkline.of(List.of(), true)).isEmpty();
  }
}
