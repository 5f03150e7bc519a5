package dev.regatta.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By what a process names the span that it works for. */
class TraceparentTest {
  private static final String IDS = "-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

  @Test
  void whatNamesASpanIsWrittenAsItWasRead() {
    assertThat(Traceparent.read("00" + IDS + "01").map(Traceparent::of))
        .contains("00" + IDS + "01");
    assertThat(Traceparent.read("00" + IDS + "00").map(Traceparent::of))
        .contains("00" + IDS + "00");
    assertThat(Traceparent.read("01" + IDS + "01-more")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00" + IDS + "01-more",
        "ff" + IDS + "01",
        "00" + IDS + "0",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00" + IDS + "01\n"
      })
  void whatIsIllFormedNamesNone(String text) {
    assertThat(Traceparent.read(text)).isEmpty();
  }
}
