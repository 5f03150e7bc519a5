package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final Cancellation cancellation = new Cancellation();

  @Test
  void whoSleepsWakesWhenTheRunIsToStop() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    Thread sleeper =
        Thread.startVirtualThread(() -> {
          try {
            if (!cancellation.sleep(TimeUnit.HOURS.toNanos(1))) {
              woken.countDown();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    cancellation.request();
    woken.await();
    sleeper.join();
    assertThat(cancellation.sleep(TimeUnit.HOURS.toNanos(1))).as("returns at once").isFalse();
  }

  @Test
  void aSleepOfNoTimePassesUnlessTheRunIsToStop() throws Exception {
    assertThat(cancellation.sleep(0)).isTrue();
    cancellation.request();
    assertThat(cancellation.sleep(0)).isFalse();
  }

  @Test
  void anOrderThatIsPassedOnTwiceCountsOnce() {
    Cancellation below = new Cancellation();
    cancellation.onRequest(() -> below.requestAsOften(cancellation));
    below.requestOnce();
    cancellation.request();
    below.requestAsOften(cancellation);
    below.requestOnce();
    assertThat(below.requested()).isTrue();
    assertThat(below.urgent()).isFalse();
    cancellation.request();
    assertThat(below.urgent()).isTrue();
  }

  @Test
  void listenersHearEachRequestUntilTheyLeaveAndLateOnesHearAtOnce() {
    AtomicInteger heard = new AtomicInteger();
    AtomicInteger late = new AtomicInteger();
    try (Cancellation.Registration registration = cancellation.onRequest(heard::incrementAndGet)) {
      assertThat(registration).isNotNull();
      cancellation.request();
      assertThat(cancellation.urgent()).isFalse();
      cancellation.request();
    }
    cancellation.request();
    assertThat(heard).hasValue(2);
    assertThat(cancellation.urgent()).isTrue();
    cancellation.onRequest(late::incrementAndGet).close();
    assertThat(late).hasValue(1);
  }
}
