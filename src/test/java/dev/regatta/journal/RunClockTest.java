package dev.regatta.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunClockTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Instant START = Instant.parse("2026-11-21T09:00:00.123456789Z");

  private final AtomicReference<Instant> wall = new AtomicReference<>(START);
  private final AtomicLong monotonic = new AtomicLong(-7 * SECOND);
  private final RunClock clock = new RunClock(wall::get, monotonic::get, ZoneOffset.UTC);

  @Test
  void elapsedTimeCountsFromTheOriginWhateverTheMonotonicClockRead() {
    assertThat(clock.nanos()).isZero();
    monotonic.addAndGet(3 * SECOND);
    assertThat(clock.nanos()).isEqualTo(3 * SECOND);
    assertThat(clock.nanosOf(-6 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void elapsedTimeIsRightAlsoWhenTheMonotonicClockOverflows() {
    monotonic.set(Long.MAX_VALUE - 1);
    RunClock late = new RunClock(wall::get, monotonic::get, ZoneOffset.UTC);
    monotonic.addAndGet(10);
    assertThat(late.nanos()).isEqualTo(10);
  }

  @Test
  void settingTheWallClockMovesNothingOnTheAxisAndIsSeenByComparing() {
    wall.set(START.minus(Duration.ofHours(2)));
    monotonic.addAndGet(SECOND);
    assertThat(clock.nanos()).isEqualTo(SECOND);
    assertThat(clock.at(clock.nanos())).hasToString("2026-11-21T09:00:01.123Z");
    assertThat(clock.originEpochNanos() + clock.nanos() - clock.wallEpochNanos())
        .isEqualTo(Duration.ofHours(2).plusSeconds(1).toNanos());
  }

  @Test
  void anotherProcessGoesOnWithTheAxisByTheWallClock() {
    AtomicLong other = new AtomicLong(99 * SECOND);
    RunClock next =
        RunClock.continuing(
            clock.originEpochNanos(),
            InstantSource.fixed(START.plusSeconds(60)),
            other::get,
            ZoneOffset.UTC);
    assertThat(next.nanos()).isEqualTo(60 * SECOND);
    other.addAndGet(SECOND);
    assertThat(next.nanos()).isEqualTo(61 * SECOND);
    assertThat(next.originEpochNanos()).isEqualTo(clock.originEpochNanos());
  }

  @Test
  void timesBeforeTheEpochAndBeforeTheOriginAreTimes() {
    assertThat(RunClock.at(0, -1, ZoneOffset.UTC)).hasToString("1969-12-31T23:59:59.999Z");
    assertThat(clock.at(-SECOND)).hasToString("2026-11-21T08:59:59.123Z");
  }

  @Test
  void aWallClockBeyondWhatNanosecondsCanCountIsRefused() {
    assertThatThrownBy(() -> new RunClock(() -> Instant.MAX, monotonic::get, ZoneOffset.UTC))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void theStampOfALineIsTheClocksTimeInEveryZone() {
    DateTimeFormatter whole =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);
    Random random = new Random(5);
    for (String zone : List.of("Z", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns")) {
      // One hour before the clocks of Europe go back: the same local second comes twice.
      RunClock there =
          new RunClock(
              InstantSource.fixed(Instant.parse("2026-10-25T00:30:00Z")),
              monotonic::get,
              ZoneId.of(zone));
      Stamp stamp = new Stamp(there);
      long at = -SECOND;
      for (int i = 0; i < 2_000; i++) {
        assertThat(stamp.at(at)).as(zone + " " + at).isEqualTo(whole.format(there.at(at)));
        at += random.nextInt(10) == 0 ? 3_600 * SECOND : random.nextLong(SECOND / 3);
      }
    }
  }
}
