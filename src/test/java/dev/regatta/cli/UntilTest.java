package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UntilTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-21T09:00:12Z, 2026-11-21T10:00:12+01:00 (in 12 s)",
    "2026-11-21T09:00:11.2Z, 2026-11-21T10:00:12+01:00 (in 12 s)",
    "2026-11-21T09:02:05Z, 2026-11-21T10:02:05+01:00 (in 2 min 5 s)",
    "2026-11-21T11:05:30Z, 2026-11-21T12:05:30+01:00 (in 2 h 5 min)",
    "2026-11-22T10:00:00Z, 2026-11-22T11:00:00+01:00 (in 1 day 1 h)",
    "2026-11-24T12:00:00Z, 2026-11-24T13:00:00+01:00 (in 3 days 3 h)",
    "2026-11-21T08:00:00Z, 2026-11-21T09:00:00+01:00 (in 0 s)",
  })
  void aTimeIsOnThePeoplesClockWithHowLongItIsUntilThen(Instant time, String shown) {
    Instant now = Instant.parse("2026-11-21T09:00:00Z");
    assertThat(Until.of(time, now, ZoneId.of("Europe/Berlin"))).isEqualTo(shown);
  }
}
