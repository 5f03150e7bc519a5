package dev.regatta.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.provider.Provider;
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
      assertThat(pool.grant(task, Provider.ANTHROPIC))
          .isEqualTo(new Grant.Granted(credentials(3).get(task), false));
    }
  }

  @Test
  void eachProvidersAgentsGetItsOwnCredentialsAndNoOther() {
    Credential openai = new Credential("OPENAI", new Secret("sk-proj-one")).at(Provider.OPENAI);
    Credential anthropic = credentials(1).getFirst();
    CredentialPool pool = new CredentialPool(List.of(anthropic, openai), () -> now);
    for (int task = 0; task < 4; task++) {
      assertThat(((Grant.Granted) pool.grant(task, Provider.OPENAI)).credential())
          .isEqualTo(openai);
      assertThat(((Grant.Granted) pool.grant(task, Provider.ANTHROPIC)).credential())
          .isEqualTo(anthropic);
    }
    assertThat(pool.grant(0, Provider.GOOGLE))
        .isEqualTo(new Grant.NoneLeft("there is no credential of Google's"));
    pool.retire(openai, "refused");
    assertThat(pool.grant(0, Provider.OPENAI))
        .isEqualTo(new Grant.NoneLeft("no credential is left: OPENAI (refused)"));
  }

  @Test
  void oneTaskAfterAnotherEachGetsTheNext() {
    CredentialPool pool = pool(3);
    for (int task = 0; task < 7; task++) {
      Credential expected = credentials(3).get(task % 3);
      assertThat(pool.grant(task, Provider.ANTHROPIC))
          .isEqualTo(new Grant.Granted(expected, false));
      pool.release(expected);
    }
  }

  @Test
  void fewerCredentialsThanTasksAreSharedEvenlyAndReuseIsSaid() {
    CredentialPool pool = pool(3);
    Map<Credential, Integer> uses = new HashMap<>();
    for (int task = 0; task < 8; task++) {
      Grant.Granted granted = (Grant.Granted) pool.grant(task, Provider.ANTHROPIC);
      assertThat(granted.reused()).as("task %s", task).isEqualTo(task >= 3);
      uses.merge(granted.credential(), 1, Integer::sum);
    }
    assertThat(uses.values()).containsExactlyInAnyOrder(3, 3, 2);
  }

  @Test
  void aTaskNumberBelowZeroOrHugeIsNoHarm() {
    CredentialPool pool = pool(3);
    assertThat(pool.grant(-1, Provider.ANTHROPIC))
        .isEqualTo(new Grant.Granted(credentials(3).get(2), false));
    assertThat(pool.grant(Integer.MAX_VALUE, Provider.ANTHROPIC)).isInstanceOf(Grant.Granted.class);
    assertThat(pool.grant(Integer.MIN_VALUE, Provider.ANTHROPIC)).isInstanceOf(Grant.Granted.class);
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
    assertThat(pool.grant(0, Provider.ANTHROPIC))
        .isEqualTo(new Grant.WaitUntil(START.plusSeconds(60)));
    pool.rest(only, Instant.MAX);
    assertThat(pool.grant(0, Provider.ANTHROPIC)).isEqualTo(new Grant.WaitUntil(Instant.MAX));
  }

  @Test
  void whenAllRestTheAnswerIsTheFirstThatIsRested() {
    CredentialPool pool = pool(3);
    pool.rest(credentials(3).get(0), START.plusSeconds(50));
    pool.rest(credentials(3).get(1), START.plusSeconds(20));
    pool.retire(credentials(3).get(2), "refused");
    assertThat(pool.grant(0, Provider.ANTHROPIC))
        .isEqualTo(new Grant.WaitUntil(START.plusSeconds(20)));
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

  private static Allowance used(double share, Instant resets) {
    return new Allowance("5h", share, resets);
  }

  @Test
  void oneNearItsLimitIsPassedOverWhileAnotherHasRoomUntilItIsCountedAnew() {
    CredentialPool pool = pool(2);
    Credential first = credentials(2).getFirst();
    assertThat(pool.used(first, used(0.949, START.plusSeconds(60)))).isFalse();
    assertThat(granted(pool, 0)).isEqualTo("TOKEN1");
    assertThat(pool.used(first, used(0.95, START.plusSeconds(60)))).isTrue();
    assertThat(pool.grant(1, Provider.ANTHROPIC))
        .isEqualTo(new Grant.Granted(credentials(2).get(1), false));
    assertThat(granted(pool, 0)).as("busy, but it has room").isEqualTo("TOKEN2");
    now = START.plusSeconds(60);
    assertThat(granted(pool, 0)).isEqualTo("TOKEN1");
  }

  @Test
  void whatIsSaidLastOfALimitCountsAndEachLimitCountsForItself() {
    CredentialPool pool = pool(2);
    Credential first = credentials(2).getFirst();
    pool.used(first, used(0.99, START.plusSeconds(60)));
    pool.used(first, used(0.1, START.plusSeconds(60)));
    assertThat(granted(pool, 0)).isEqualTo("TOKEN1");
    pool.used(first, new Allowance("7d", 1, START.plusSeconds(600)));
    assertThat(granted(pool, 0)).isEqualTo("TOKEN2");
  }

  @Test
  void moreLimitsThanAProviderHasAreNotBelieved() {
    CredentialPool pool = pool(1);
    Credential only = credentials(1).getFirst();
    Instant later = START.plusSeconds(60);
    for (int i = 0; i < 32; i++) {
      assertThat(pool.used(only, new Allowance("limit-" + i, 0.99, later))).isTrue();
    }
    assertThat(pool.used(only, new Allowance("one-more", 0.99, later))).isFalse();
    assertThat(pool.used(only, new Allowance("limit-0", 0.98, later))).as("a known one").isTrue();
  }

  @Test
  void whereAllAreNearTheirLimitsTheLeastUsedGoesOn() {
    CredentialPool pool = pool(3);
    pool.used(credentials(3).get(0), used(0.99, START.plusSeconds(60)));
    pool.used(credentials(3).get(1), used(0.96, START.plusSeconds(60)));
    pool.used(credentials(3).get(2), used(0.97, START.plusSeconds(60)));
    assertThat(pool.grant(0, Provider.ANTHROPIC))
        .isEqualTo(new Grant.Granted(credentials(3).get(1), false));
    assertThat(pool.grant(0, Provider.ANTHROPIC))
        .as("near is not refused")
        .isInstanceOf(Grant.Granted.class);
    pool.rest(credentials(3).get(1), START.plusSeconds(60));
    assertThat(granted(pool, 0)).isEqualTo("TOKEN3");
  }

  @Test
  void theThresholdIsTheUsers() {
    CredentialPool pool = new CredentialPool(credentials(2), () -> now, 0.5);
    assertThat(pool.used(credentials(2).getFirst(), used(0.5, START.plusSeconds(60)))).isTrue();
    assertThat(granted(pool, 0)).isEqualTo("TOKEN2");
    assertThatThrownBy(() -> new CredentialPool(credentials(1), () -> now, 0))
        .hasMessage("a threshold is above 0, not 0.0");
  }

  @Test
  void inThePlaceOfARefusedOneComesOneOfItsKindThatHasRoom() {
    Credential token = new Credential("PLAN", new Secret("sk-ant-oat01-plan"));
    List<Credential> all = new ArrayList<>(credentials(3));
    all.add(token);
    CredentialPool pool = new CredentialPool(all, () -> now);
    Set<Credential> refused = new HashSet<>(Set.of(all.get(0)));
    pool.used(all.get(1), used(0.99, START.plusSeconds(60)));
    assertThat(pool.instead(refused)).contains(all.get(2));
    pool.rest(all.get(2), START.plusSeconds(60));
    assertThat(pool.instead(refused)).as("near its limit it has no room").isEmpty();
    now = START.plusSeconds(60);
    refused.add(all.get(2));
    assertThat(pool.instead(refused)).contains(all.get(1));
    assertThat(pool.instead(Set.of(token))).isEmpty();
  }

  @Test
  void oneThatRestsOrIsOutMayStartNothing() {
    CredentialPool pool = pool(3);
    pool.rest(credentials(3).get(0), START.plusSeconds(60));
    pool.retire(credentials(3).get(1), "refused");
    assertThat(credentials(3).stream().map(pool::may)).containsExactly(false, false, true);
    assertThat(pool.resting()).isEqualTo(Map.of(credentials(3).get(0), START.plusSeconds(60)));
  }

  @Test
  void whenNoneIsLeftEachIsNamedWithItsOwnReason() {
    CredentialPool pool = pool(2);
    pool.retire(credentials(2).get(0), "HTTP 401");
    pool.retire(credentials(2).get(1), "no credit");
    pool.retire(credentials(2).get(1), "said later");
    pool.rest(credentials(2).get(1), START.plusSeconds(60));
    assertThat(pool.grant(0, Provider.ANTHROPIC))
        .isEqualTo(
            new Grant.NoneLeft("no credential is left: TOKEN1 (HTTP 401), TOKEN2 (no credit)"));
  }

  @Test
  void whoLentItsPlaceCountsAgainAlsoWhenItsCredentialRestsMeanwhile() {
    CredentialPool pool = pool(2);
    Credential first = ((Grant.Granted) pool.grant(0, Provider.ANTHROPIC)).credential();
    pool.release(first); // while it waits
    assertThat(pool.grant(0, Provider.ANTHROPIC)).isEqualTo(new Grant.Granted(first, false));
    pool.rest(first, START.plusSeconds(60));
    pool.retake(first);
    now = START.plusSeconds(61);
    assertThat(pool.grant(0, Provider.ANTHROPIC))
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
            switch (pool.grant(random.nextInt(100), Provider.ANTHROPIC)) {
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
                  Credential mine =
                      ((Grant.Granted) pool.grant(task, Provider.ANTHROPIC)).credential();
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
    assertThat(((Grant.Granted) pool.grant(0, Provider.ANTHROPIC)).reused())
        .as("all were given back")
        .isFalse();
  }

  private static long uses(List<Credential> held, Credential credential) {
    return held.stream().filter(credential::equals).count();
  }

  /** The name of the one granted, given back at once. */
  private static String granted(CredentialPool pool, int task) {
    Credential credential = ((Grant.Granted) pool.grant(task, Provider.ANTHROPIC)).credential();
    pool.release(credential);
    return credential.name();
  }
}
