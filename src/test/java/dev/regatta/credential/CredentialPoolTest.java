package dev.regatta.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CredentialPoolTest {
  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
  private Instant now = START;

  private static List<Credential> credentials(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> new Credential("TOKEN" + i, new Secret("sk-ant-api03-number-" + i)))
        .toList();
  }

  private CredentialPool pool(int count) {
    return new CredentialPool(credentials(count), () -> now);
  }

  @Test
  void asManyTasksAsCredentialsGetOneEachInOrder() {
    CredentialPool pool = pool(3);
    for (int task = 0; task < 3; task++) {
      assertThat(pool.grant(task)).isEqualTo(new Grant.Granted(credentials(3).get(task), false));
    }
  }

  @Test
  void oneTaskAfterAnotherEachGetsTheNext() {
    CredentialPool pool = pool(3);
    for (int task = 0; task < 7; task++) {
      Credential expected = credentials(3).get(task % 3);
      assertThat(pool.grant(task)).isEqualTo(new Grant.Granted(expected, false));
      pool.release(expected);
    }
  }

  @Test
  void fewerCredentialsThanTasksAreSharedEvenlyAndReuseIsSaid() {
    CredentialPool pool = pool(3);
    Map<Credential, Integer> uses = new HashMap<>();
    for (int task = 0; task < 8; task++) {
      Grant.Granted granted = (Grant.Granted) pool.grant(task);
      assertThat(granted.reused()).as("task %s", task).isEqualTo(task >= 3);
      uses.merge(granted.credential(), 1, Integer::sum);
    }
    assertThat(uses.values()).containsExactlyInAnyOrder(3, 3, 2);
  }

  @Test
  void aTaskNumberBelowZeroOrHugeIsNoHarm() {
    CredentialPool pool = pool(3);
    assertThat(pool.grant(-1)).isEqualTo(new Grant.Granted(credentials(3).get(2), false));
    assertThat(pool.grant(Integer.MAX_VALUE)).isInstanceOf(Grant.Granted.class);
    assertThat(pool.grant(Integer.MIN_VALUE)).isInstanceOf(Grant.Granted.class);
  }

  @Test
  void oneThatRestsIsPassedOverUntilItsTimeAndNotLonger() {
    CredentialPool pool = pool(2);
    Credential first = credentials(2).getFirst();
    pool.rest(first, START.plusSeconds(60));
    assertThat(granted(pool, 0)).isEqualTo("TOKEN2");
    now = START.plusSeconds(60).minusNanos(1);
    assertThat(granted(pool, 0)).isEqualTo("TOKEN2");
    now = START.plusSeconds(60);
    assertThat(granted(pool, 0)).isEqualTo("TOKEN1");
  }

  @Test
  void ofTwoTimesTheLaterCounts() {
    CredentialPool pool = pool(1);
    Credential only = credentials(1).getFirst();
    pool.rest(only, START.plusSeconds(60));
    pool.rest(only, START.plusSeconds(10));
    assertThat(pool.grant(0)).isEqualTo(new Grant.WaitUntil(START.plusSeconds(60)));
    pool.rest(only, Instant.MAX);
    assertThat(pool.grant(0)).isEqualTo(new Grant.WaitUntil(Instant.MAX));
  }

  @Test
  void whenAllRestTheAnswerIsTheFirstThatIsRested() {
    CredentialPool pool = pool(3);
    pool.rest(credentials(3).get(0), START.plusSeconds(50));
    pool.rest(credentials(3).get(1), START.plusSeconds(20));
    pool.retire(credentials(3).get(2), "refused");
    assertThat(pool.grant(0)).isEqualTo(new Grant.WaitUntil(START.plusSeconds(20)));
  }

  @Test
  void oneThatWasRefusedIsOutForGood() {
    CredentialPool pool = pool(2);
    pool.retire(credentials(2).getFirst(), "the API refused it");
    now = START.plus(Duration.ofDays(1000));
    for (int task = 0; task < 4; task++) {
      assertThat(granted(pool, task)).isEqualTo("TOKEN2");
    }
  }

  @Test
  void whenNoneIsLeftEachIsNamedWithItsOwnReason() {
    CredentialPool pool = pool(2);
    pool.retire(credentials(2).get(0), "HTTP 401");
    pool.retire(credentials(2).get(1), "no credit");
    pool.retire(credentials(2).get(1), "said later");
    pool.rest(credentials(2).get(1), START.plusSeconds(60));
    assertThat(pool.grant(0))
        .isEqualTo(
            new Grant.NoneLeft("no credential is left: TOKEN1 (HTTP 401), TOKEN2 (no credit)"));
  }

  @Test
  void whoLentItsPlaceCountsAgainAlsoWhenItsCredentialRestsMeanwhile() {
    CredentialPool pool = pool(2);
    Credential first = ((Grant.Granted) pool.grant(0)).credential();
    pool.release(first); // while it waits
    assertThat(pool.grant(0)).isEqualTo(new Grant.Granted(first, false));
    pool.rest(first, START.plusSeconds(60));
    pool.retake(first);
    now = START.plusSeconds(61);
    assertThat(pool.grant(0))
        .as("two have the first one")
        .isEqualTo(new Grant.Granted(credentials(2).get(1), false));
    pool.release(first);
    pool.release(first);
    assertThatThrownBy(() -> pool.release(first)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatWasNotGrantedCannotBeGivenBack() {
    CredentialPool pool = pool(1);
    Credential only = credentials(1).getFirst();
    assertThatThrownBy(() -> pool.release(only))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("TOKEN1 is given back but was not granted");
    Credential stranger = new Credential("OTHER", new Secret("sk-ant-api03-other"));
    assertThatThrownBy(() -> pool.release(stranger)).hasMessage("OTHER is not of this pool");
    assertThatThrownBy(() -> new CredentialPool(List.of(), () -> now))
        .hasMessage("a pool needs at least one credential");
  }

  @Test
  void whateverHappensTheLeastUsedOfThoseThatMayIsGranted() {
    Random random = new Random(31);
    for (int round = 0; round < 300; round++) {
      int size = 1 + random.nextInt(5);
      List<Credential> all = credentials(size);
      now = START;
      CredentialPool pool = new CredentialPool(all, () -> now);
      List<Credential> held = new ArrayList<>();
      Map<Credential, Instant> rests = new HashMap<>();
      Set<Credential> out = new HashSet<>();
      for (int step = 0; step < 60; step++) {
        Credential one = all.get(random.nextInt(size));
        switch (random.nextInt(8)) {
          case 0 -> now = now.plusSeconds(random.nextInt(30));
          case 1 -> {
            Instant until = now.plusSeconds(random.nextInt(60));
            pool.rest(one, until);
            rests.merge(one, until, (a, b) -> a.isAfter(b) ? a : b);
          }
          case 2 -> {
            if (random.nextInt(5) == 0) {
              pool.retire(one, "x");
              out.add(one);
            }
          }
          case 3, 4 -> {
            if (!held.isEmpty()) {
              pool.release(held.remove(random.nextInt(held.size())));
            }
          }
          default -> {
            List<Credential> left = all.stream().filter(it -> !out.contains(it)).toList();
            List<Credential> may =
                left.stream()
                    .filter(it -> !rests.getOrDefault(it, Instant.MIN).isAfter(now))
                    .toList();
            String as = "seed 31, round " + round + ", step " + step;
            switch (pool.grant(random.nextInt(100))) {
              case Grant.NoneLeft ignored -> assertThat(left).as(as).isEmpty();
              case Grant.WaitUntil wait -> {
                assertThat(may).as(as).isEmpty();
                assertThat(left.stream().map(rests::get).min(Instant::compareTo))
                    .as(as)
                    .contains(wait.until());
              }
              case Grant.Granted granted -> {
                assertThat(may).as(as).contains(granted.credential());
                long users = uses(held, granted.credential());
                assertThat(may).as(as).allMatch(it -> uses(held, it) >= users);
                assertThat(granted.reused()).as(as).isEqualTo(users > 0);
                held.add(granted.credential());
              }
            }
          }
        }
      }
    }
  }

  @Test
  void manyThreadsAtOnceAreNeverGivenOneMoreThanTheirShare() throws Exception {
    CredentialPool pool = pool(4);
    Map<Credential, AtomicInteger> users = new ConcurrentHashMap<>();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int task = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int j = 0; j < 500; j++) {
                  Credential mine = ((Grant.Granted) pool.grant(task)).credential();
                  AtomicInteger count = users.computeIfAbsent(mine, it -> new AtomicInteger());
                  most.accumulateAndGet(count.incrementAndGet(), Math::max);
                  Thread.yield();
                  count.decrementAndGet();
                  pool.release(mine);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most).as("8 users of 4 credentials").hasValueLessThanOrEqualTo(2);
    assertThat(((Grant.Granted) pool.grant(0)).reused()).as("all were given back").isFalse();
  }

  private static long uses(List<Credential> held, Credential credential) {
    return held.stream().filter(credential::equals).count();
  }

  /** The name of the one granted, given back at once. */
  private static String granted(CredentialPool pool, int task) {
    Credential credential = ((Grant.Granted) pool.grant(task)).credential();
    pool.release(credential);
    return credential.name();
  }
}
