package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageRateTest {
  private final AtomicLong nanos = new AtomicLong();
  private final MessageRate rate = new MessageRate(10, 100, nanos::get);

  private long taken(int sent) {
    return IntStream.range(0, sent).filter(i -> rate.takes()).count();
  }

  @Test
  void aBurstIsTakenThenOnlyWhatTheRateAllowsAndRestGathersNoMoreThanABurst() {
    assertThat(taken(150)).isEqualTo(100);
    nanos.addAndGet(1_000_000_000L);
    assertThat(taken(50)).isEqualTo(10);
    nanos.addAndGet(3_600_000_000_000L);
    assertThat(taken(500)).isEqualTo(100);
  }
}
