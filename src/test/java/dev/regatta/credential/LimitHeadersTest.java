package dev.regatta.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What model APIs say of limits in the headers of their responses. */
class LimitHeadersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
  private static final long EPOCH = NOW.getEpochSecond();

  private static LimitsTold read(int status, String... headers) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return LimitHeaders.read(map, status, NOW);
  }

  @Test
  void aPlansWindowsSayTheShareThatIsUsed() {
    LimitsTold told =
        read(
            200,
            "anthropic-ratelimit-unified-status",
            "allowed_warning",
            "anthropic-ratelimit-unified-reset",
            "" + (EPOCH + 100),
            "anthropic-ratelimit-unified-5h-status",
            "allowed_warning",
            "anthropic-ratelimit-unified-5h-utilization",
            "0.95",
            "anthropic-ratelimit-unified-5h-reset",
            "" + (EPOCH + 100),
            "anthropic-ratelimit-unified-7d-utilization",
            "0.3",
            "anthropic-ratelimit-unified-7d-reset",
            "" + (EPOCH + 9000),
            "anthropic-ratelimit-unified-representative-claim",
            "five_hour",
            "anthropic-ratelimit-unified-overage-status",
            "rejected",
            "anthropic-ratelimit-unified-overage-utilization",
            "1.0");
    assertThat(told.allowances())
        .as("what is paid beyond the plan is no limit of it")
        .containsExactlyInAnyOrder(
            new Allowance("5h", 0.95, NOW.plusSeconds(100)),
            new Allowance("7d", 0.3, NOW.plusSeconds(9000)));
    assertThat(told.refused()).isFalse();
    assertThat(told.until()).isEmpty();
  }

  @Test
  void aKeysBucketsSayWhatIsLeftOfThem() {
    LimitsTold told =
        read(
            200,
            "anthropic-ratelimit-requests-limit",
            "50",
            "anthropic-ratelimit-requests-remaining",
            "5",
            "anthropic-ratelimit-requests-reset",
            "2026-11-21T09:00:30Z",
            "anthropic-ratelimit-input-tokens-limit",
            "1000",
            "anthropic-ratelimit-input-tokens-remaining",
            "1000",
            "anthropic-ratelimit-input-tokens-reset",
            "2026-11-21T09:00:00Z",
            "anthropic-ratelimit-output-tokens-limit",
            "0",
            "anthropic-ratelimit-output-tokens-remaining",
            "0");
    assertThat(told.allowances())
        .containsExactlyInAnyOrder(
            new Allowance("requests", 0.9, NOW.plusSeconds(30)),
            new Allowance("input-tokens", 0, NOW));
  }

  @Test
  void openAisHeadersSayTheSameInAnotherOrder() {
    LimitsTold told =
        read(
            200,
            "x-ratelimit-limit-requests",
            "100",
            "x-ratelimit-remaining-requests",
            "2",
            "x-ratelimit-reset-requests",
            "6m0s",
            "x-ratelimit-limit-tokens",
            "1000",
            "x-ratelimit-remaining-tokens",
            "500");
    assertThat(told.allowances())
        .containsExactlyInAnyOrder(
            new Allowance("requests", 0.98, NOW.plusSeconds(360)),
            new Allowance("tokens", 0.5, NOW.plusSeconds(60)));
  }

  @ParameterizedTest
  @CsvSource({
    "20ms, 0.02",
    "1s, 1",
    "59.5s, 59.5",
    "1d2h3m4s, 93784",
    "12, 12",
    "2026-11-21T09:00:05Z, 5",
    "2026-11-21T10:00:05+01:00, 5",
    "1795251605, 5",
    "1795251605000, 5",
  })
  void aResetMayBeWrittenInManyWays(String text, double seconds) {
    assertThat(EPOCH).isEqualTo(1795251600L);
    assertThat(LimitTimes.reset(text, NOW)).contains(NOW.plusNanos(Math.round(seconds * 1e9)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1e30", "99999999999999999999", "4102444800", "NaN"})
  void whatIsNoTimeOrAbsurdlyFarAwayIsNone(String text) {
    assertThat(LimitTimes.reset(text, NOW)).isEmpty();
  }

  @Test
  void aRefusalNamesItsTimeInSecondsOrAsADate() {
    assertThat(read(429, "retry-after", "7").until()).contains(NOW.plusSeconds(7));
    assertThat(read(429, "retry-after", "Sat, 21 Nov 2026 09:01:00 GMT").until())
        .contains(NOW.plusSeconds(60));
    assertThat(read(429, "retry-after-ms", "1500", "retry-after", "2").until())
        .contains(NOW.plusMillis(1500));
    assertThat(read(429, "retry-after", "whenever").until()).isEmpty();
    assertThat(read(429).refused()).isTrue();
    assertThat(read(503, "retry-after", "7").until()).as("that is no limit").isEmpty();
  }

  @Test
  void aRejectedWindowHoldsLongerThanRetryAfterSays() {
    String reset = "" + (EPOCH + 3600);
    assertThat(
            read(
                    429,
                    "retry-after",
                    "7",
                    "anthropic-ratelimit-unified-5h-status",
                    "rejected",
                    "anthropic-ratelimit-unified-5h-reset",
                    reset,
                    "anthropic-ratelimit-unified-7d-status",
                    "allowed",
                    "anthropic-ratelimit-unified-7d-reset",
                    "" + (EPOCH + 99999))
                .until())
        .contains(NOW.plusSeconds(3600));
  }

  @Test
  void anEmptyBucketsResetCountsOnlyWithoutRetryAfter() {
    String[] empty = {
      "anthropic-ratelimit-tokens-limit", "100",
      "anthropic-ratelimit-tokens-remaining", "0",
      "anthropic-ratelimit-tokens-reset", "2026-11-21T09:00:40Z",
      "anthropic-ratelimit-requests-limit", "100",
      "anthropic-ratelimit-requests-remaining", "9",
      "anthropic-ratelimit-requests-reset", "2026-11-21T10:00:00Z"
    };
    assertThat(read(429, empty).until()).contains(NOW.plusSeconds(40));
    String[] both = Arrays.copyOf(empty, empty.length + 2);
    both[empty.length] = "retry-after";
    both[empty.length + 1] = "3";
    assertThat(read(429, both).until()).contains(NOW.plusSeconds(3));
  }

  @Test
  void whatIsNoNumberSaysNothing() {
    assertThat(
            read(
                    200,
                    "anthropic-ratelimit-unified-5h-utilization",
                    "much",
                    "anthropic-ratelimit-tokens-limit",
                    "-1",
                    "anthropic-ratelimit-tokens-remaining",
                    "1")
                .allowances())
        .isEmpty();
    assertThat(read(200)).isEqualTo(new LimitsTold(List.of(), false, Optional.empty()));
  }
}
