package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Limits;
import dev.regatta.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents that start others; what they are is a shell. */
@Timeout(120)
class TreeTest {
  /** Until it is stopped. */
  /** Told apart from those of another build on this machine by the number of its JVM. */
  private static final String ENDLESS = "exec sleep 307." + ProcessHandle.current().pid();

  @TempDir Path home;

  private final LinkedBlockingQueue<String> began = new LinkedBlockingQueue<>();

  private Grove grove(int parallel, TreeBudget budget) {
    return watched(new Grove(home, parallel, 2, budget));
  }

  private Grove watched(Grove grove) {
    grove.watch(event -> {
      if (event instanceof Event.AttemptStarted started) {
        began.add(started.attempt());
      }
    });
    return grove;
  }

  private void awaitStart(String attempt) throws InterruptedException {
    assertThat(began.poll(60, TimeUnit.SECONDS)).isEqualTo(attempt);
  }

  @Test
  void whatAnAgentPrintsIsKeptWithoutItsToken() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      grove.carryOut(
          Task.ofPrompt(
              "boss",
              "printf '%s\\n' $REGATTA_AGENT_TOKEN; echo $REGATTA_AGENT_TOKEN >&2; answer done"));
      String token = grove.token("boss.1");
      Path attempts = home.resolve("runs/test/attempts");
      assertThat(attempts.resolve("boss.1.out"))
          .content()
          .contains("[secret " + Secret.fingerprintOf(token) + "]", "done")
          .doesNotContain(token);
      assertThat(attempts.resolve("boss.1.err")).content().doesNotContain(token);
    }
  }

  @Test
  void whoIsRefusedOverAndOverIsCountedAndFillsNoJournal() {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      for (int i = 0; i < 1_003; i++) {
        grove.tree().turnedAway("POST", "/mcp", 401);
      }
      grove.close();
      assertThat(grove.events(Event.RequestRefused.class)).hasSize(1_000);
      assertThat(grove.events(Event.Noted.class))
          .singleElement()
          .extracting(Event.Noted::text)
          .asString()
          .startsWith("3 more requests were refused than the 1000 that are written down");
    }
  }

  @Test
  void whatAnAgentAsksForIsAnAttemptOfTheSameRunWithItsParentsName() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      Thread running = grove.begin(Task.ofPrompt("boss", "wait_to_be_told; answer done"));
      awaitStart("boss.1");
      List<Call.Answer> answers =
          grove
              .member("boss.1")
              .ask(
                  List.of(
                      new Wish(
                          "pwd > where; answer one",
                          Optional.of("the \u001b[31mfirst"),
                          Optional.empty(),
                          Optional.of("claude-small"),
                          Optional.empty()),
                      Grove.wish("echo oh; exit 3")))
              .carryOut(answer -> {});
      assertThat(answers).hasSize(2);
      assertThat(answers.get(0).answer()).contains("one");
      assertThat(answers.get(0).agent().name()).isEqualTo("the \\x1b[31mfirst");
      assertThat(answers.get(0).agent().claims().orElseThrow().sessionId())
          .isEqualTo("s-boss.1~1.1");
      assertThat(answers.get(1).agent().outcome()).contains(Outcome.OUTPUT_INVALID);
      assertThat(home.resolve("where")).hasContent(home.toRealPath().toString());
      assertThat(grove.given("boss.1~1.1").model()).contains("claude-small");
      assertThat(grove.given("boss.1~1.1").mark().toString()).contains("boss.1~1.1");
      Files.writeString(home.resolve("boss.1.pipe"), "go\n");
      running.join();
      grove.close();
      assertThat(grove.events(Event.AttemptStarted.class))
          .extracting(
              Event.AttemptStarted::attempt,
              Event.AttemptStarted::task,
              Event.AttemptStarted::parent)
          .containsExactly(
              tuple("boss.1", "boss", null),
              tuple("boss.1~1.1", "boss.1~1", "boss.1"),
              tuple("boss.1~2.1", "boss.1~2", "boss.1"));
      assertThat(grove.events(Event.AttemptStarted.class).get(1).credential())
          .as("the parent lends its place: the child has the credential with fewer users")
          .isNotNull();
      assertThat(grove.events(Event.ChildrenAsked.class).getFirst().tasks())
          .containsExactly("boss.1~1", "boss.1~2");
      assertThat(grove.events(Event.ChildrenAnswered.class).getFirst().call())
          .isEqualTo(grove.events(Event.ChildrenAsked.class).getFirst().call());
    }
  }

  @Test
  void whatExceedsABudgetIsRefusedWithTheReason() throws Exception {
    TreeBudget budget = new TreeBudget(1, 2, 3, Optional.of(1.2), Optional.empty());
    try (Grove grove = grove(3, budget)) {
      Thread running = grove.begin(Task.ofPrompt("one", ENDLESS), Task.ofPrompt("two", ENDLESS));
      began.poll(60, TimeUnit.SECONDS);
      began.poll(60, TimeUnit.SECONDS);
      Member one = grove.member("one.1");
      Member two = grove.member("two.1");
      assertRefused(one, 3, "may start 2 others; you started 0 and ask for 3 more");
      Call deep = one.ask(List.of(Grove.wish(ENDLESS), Grove.wish("answer x")));
      Thread waiting = asking(deep);
      String first = began.poll(60, TimeUnit.SECONDS);
      String second = began.poll(60, TimeUnit.SECONDS);
      assertThat(List.of(first, second)).containsExactlyInAnyOrder("one.1~1.1", "one.1~2.1");
      assertRefused(grove.member("one.1~1.1"), 1, "down to level 1, and you are there");
      assertRefused(one, 1, "may start 2 others; you started 2");
      assertRefused(two, 2, "may start 3 others together; 2 were started and you ask for 2 more");
      assertThat(two.left()).isEqualTo("you may start 1 more, and they no others");
      assertThatThrownBy(() ->
              two.ask(
                  List.of(
                      new Wish(
                          "x",
                          Optional.empty(),
                          Optional.of("command"),
                          Optional.empty(),
                          Optional.empty()))))
          .hasMessage(
              "tasks[0]: there is no agent 'command' here; there are claude, codex," + " gemini");
      assertThatThrownBy(() ->
              two.ask(
                  List.of(
                      new Wish(
                          "x",
                          Optional.empty(),
                          Optional.empty(),
                          Optional.of("--dangerously"),
                          Optional.empty()))))
          .hasMessage("tasks[0]: model must be a model's name");
      assertThatThrownBy(() -> two.ask(List.of(Grove.wish(" "))))
          .hasMessage("tasks[0]: prompt must not be blank");
      assertThatThrownBy(() -> two.ask(List.of())).hasMessage("tasks: there must be at least one");
      grove.cancellation().request();
      waiting.join();
      running.join();
      grove.close();
      assertThat(grove.events(Event.ChildrenRefused.class)).hasSize(8);
      assertThat(grove.events(Event.ChildrenRefused.class).getFirst().reason())
          .startsWith("an agent of this run may start 2 others");
    }
  }

  @Test
  void onceARunHasCostItsBudgetNothingMoreBegins() throws Exception {
    TreeBudget budget = new TreeBudget(1, 9, 9, Optional.of(0.75), Optional.empty());
    try (Grove grove = grove(1, budget)) {
      Thread running = grove.begin(Task.ofPrompt("boss", ENDLESS));
      awaitStart("boss.1");
      Member boss = grove.member("boss.1");
      List<Call.Answer> answers = // half a dollar each, one at a time
          boss.ask(List.of(Grove.wish("answer 1"), Grove.wish("answer 2"), Grove.wish("answer 3")))
              .carryOut(answer -> {});
      assertThat(answers)
          .extracting(answer -> answer.agent().outcome().orElseThrow())
          .containsExactlyInAnyOrder(Outcome.SUCCEEDED, Outcome.SUCCEEDED, Outcome.CANCELLED);
      assertThat(answers)
          .anyMatch(answer ->
              answer
                  .agent()
                  .reason()
                  .equals(
                      "not started: this run may start agents until it has cost $0.75, which"
                          + " it has"));
      assertRefused(boss, 1, "until it has cost $0.75, which it has");
      grove.cancellation().request();
      running.join();
    }
  }

  @Test
  void whenTheTimeIsOverWhatAgentsStartedIsStoppedAndNothingMoreBegins() throws Exception {
    TreeBudget budget =
        new TreeBudget(1, 9, 9, Optional.empty(), Optional.of(Duration.ofSeconds(2)));
    try (Grove grove = grove(1, budget)) {
      Thread running = grove.begin(Task.ofPrompt("boss", ENDLESS));
      awaitStart("boss.1");
      Member boss = grove.member("boss.1");
      List<Call.Answer> answers = boss.ask(List.of(Grove.wish(ENDLESS))).carryOut(answer -> {});
      assertThat(answers.getFirst().agent().outcome()).contains(Outcome.TIMED_OUT);
      assertRefused(boss, 1, "may start agents for 2 s, which are over");
      grove.cancellation().request();
      running.join();
    }
  }

  @Test
  void aTimeThatBoundsTheTreeBoundsWhatBeginsLaterToo() throws Exception {
    Duration most = Duration.ofSeconds(8);
    TreeBudget budget = new TreeBudget(1, 9, 9, Optional.empty(), Optional.of(most));
    try (Grove grove = grove(1, budget)) {
      Map<String, Duration> leftAtStart = new ConcurrentHashMap<>();
      CompletableFuture<Map.Entry<String, Duration>> stopped = new CompletableFuture<>();
      grove.watch(event -> {
        if (event instanceof Event.AttemptStarted started) {
          leftAtStart.put(started.attempt(), grove.tree().timeLeft().orElseThrow());
        } else if (event instanceof Event.StopSent stop) {
          stopped.complete(Map.entry(stop.attempt(), grove.tree().timeLeft().orElseThrow()));
        }
      });
      Thread running = grove.begin(Task.ofPrompt("boss", ENDLESS));
      awaitStart("boss.1");
      Wish told = Grove.wish("wait_to_be_told; answer done");
      Thread asking = asking(grove.member("boss.1").ask(List.of(told, told)));
      String first = began.poll(60, TimeUnit.SECONDS);
      await()
          .until(() -> grove.tree().timeLeft().orElseThrow().compareTo(Duration.ofSeconds(4)) < 0);
      Files.writeString(home.resolve(first + ".pipe"), "go\n");
      String second = began.poll(60, TimeUnit.SECONDS); // nobody tells it
      Map.Entry<String, Duration> stop = stopped.get(60, TimeUnit.SECONDS);
      assertThat(stop.getKey()).isEqualTo(second);
      assertThat(stop.getValue())
          .as("left when it was stopped, later than the tree's end and before one of its own")
          .isLessThanOrEqualTo(Duration.ZERO)
          .isGreaterThan(leftAtStart.get(second).minus(most));
      asking.join();
      grove.cancellation().request();
      running.join();
    }
  }

  @Test
  void onceARunHasCostItsBudgetNothingIsTriedAgain() throws Exception {
    String failing =
        "echo '{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,"
            + "\"result\":\"no\",\"session_id\":\"s\",\"total_cost_usd\":0.5}'; exit 1";
    TreeBudget budget = new TreeBudget(1, 9, 9, Optional.of(0.4), Optional.empty());
    try (Grove grove = watched(new Grove(home, 1, 1, budget, Limits.NONE, 3))) {
      Thread running = grove.begin(Task.ofPrompt("boss", ENDLESS));
      awaitStart("boss.1");
      List<Call.Answer> answers =
          grove.member("boss.1").ask(List.of(Grove.wish(failing))).carryOut(answer -> {});
      assertThat(answers.getFirst().agent().outcome()).contains(Outcome.AGENT_ERROR);
      assertThat(answers.getFirst().agent().attempts()).isEqualTo(1);
      grove.cancellation().request();
      running.join();
    }
  }

  @Test
  void aParentThatEndsTakesItsChildrenWithIt() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      Thread running = grove.begin(Task.ofPrompt("boss", "wait_to_be_told; answer bye"));
      awaitStart("boss.1");
      Thread asking =
          asking(grove.member("boss.1").ask(List.of(Grove.wish(ENDLESS), Grove.wish(ENDLESS))));
      awaitStartOfOne();
      Files.writeString(home.resolve("boss.1.pipe"), "go\n");
      running.join();
      asking.join();
      grove.close();
      assertThat(grove.events(Event.AttemptEnded.class))
          .extracting(Event.AttemptEnded::outcome)
          .as("the child's end is written down before its parent's")
          .containsExactly(Outcome.CANCELLED, Outcome.SUCCEEDED);
      assertThat(grove.events(Event.TaskNotTried.class))
          .as("the one that had no slot yet")
          .hasSize(1);
      assertNobodySleeps();
    }
  }

  @Test
  void aParentThatFailsWhileItWaitsIsTriedAgainInASlot() throws Exception {
    try (Grove grove = watched(new Grove(home, 1, 1, Grove.AMPLE, Limits.NONE, 1))) {
      Thread running = grove.begin(Task.ofPrompt("boss", "wait_to_be_told; exit 3"));
      awaitStart("boss.1");
      Thread asking = asking(grove.member("boss.1").ask(List.of(Grove.wish(ENDLESS))));
      awaitStart("boss.1~1.1");
      Files.writeString(home.resolve("boss.1.pipe"), "go\n");
      awaitStart("boss.2");
      assertThat(grove.tree().slots().free()).as("slots for others meanwhile").isZero();
      Files.writeString(home.resolve("boss.2.pipe"), "go\n");
      running.join();
      asking.join();
      assertThat(grove.tree().slots().free()).isEqualTo(1);
    }
  }

  @Test
  void aParentWhoseTimeIsOverTakesAllThatItStartedWithIt() throws Exception {
    Limits limits = TestRuns.timeout(Duration.ofSeconds(3));
    try (Grove grove = watched(new Grove(home, 3, 1, Grove.AMPLE, limits))) {
      Thread running = grove.begin(Task.ofPrompt("boss", ENDLESS));
      awaitStart("boss.1");
      Thread asking = asking(grove.member("boss.1").ask(List.of(Grove.wish(ENDLESS))));
      awaitStart("boss.1~1.1");
      Thread deeper = asking(grove.member("boss.1~1.1").ask(List.of(Grove.wish(ENDLESS))));
      awaitStart("boss.1~1.1~1.1");
      running.join();
      asking.join();
      deeper.join();
      grove.close();
      assertThat(grove.events(Event.AttemptEnded.class))
          .extracting(Event.AttemptEnded::attempt, Event.AttemptEnded::outcome)
          .containsExactly(
              tuple("boss.1~1.1~1.1", Outcome.CANCELLED),
              tuple("boss.1~1.1", Outcome.CANCELLED),
              tuple("boss.1", Outcome.TIMED_OUT));
      assertNobodySleeps();
    }
  }

  @Test
  void aStoppedRunStopsAllThatAgentsStarted() throws Exception {
    try (Grove grove = grove(2, Grove.AMPLE)) {
      Thread running = grove.begin(Task.ofPrompt("boss", ENDLESS));
      awaitStart("boss.1");
      Thread asking =
          asking(grove.member("boss.1").ask(List.of(Grove.wish(ENDLESS), Grove.wish(ENDLESS))));
      awaitStartOfOne();
      awaitStartOfOne();
      grove.cancellation().request();
      running.join();
      asking.join();
      grove.close();
      assertThat(grove.events(Event.AttemptEnded.class))
          .hasSize(3)
          .allMatch(end -> end.outcome() == Outcome.CANCELLED);
      assertNobodySleeps();
    }
  }

  @Test
  void anAbandonedCallStopsWhatItAskedForAndTheParentGoesOn() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      Thread running = grove.begin(Task.ofPrompt("boss", "wait_to_be_told; answer done"));
      awaitStart("boss.1");
      Call call = grove.member("boss.1").ask(List.of(Grove.wish(ENDLESS)));
      Thread asking = asking(call);
      awaitStart("boss.1~1.1");
      call.abandon();
      asking.join();
      assertThat(grove.tree().slots().free()).as("the parent works again").isZero();
      Files.writeString(home.resolve("boss.1.pipe"), "go\n");
      running.join();
      grove.close();
      assertThat(grove.events(Event.AttemptEnded.class))
          .extracting(Event.AttemptEnded::outcome)
          .containsExactly(Outcome.CANCELLED, Outcome.SUCCEEDED);
    }
  }

  @Test
  void aTokenIsKnownNoLongerThanItsAttemptRuns() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      Thread running = grove.begin(Task.ofPrompt("boss", "wait_to_be_told; answer done"));
      awaitStart("boss.1");
      String token = grove.token("boss.1");
      Member boss = grove.tree().member(token).orElseThrow();
      assertThat(grove.tree().member(token + "x")).isEmpty();
      asking(boss.ask(List.of(Grove.wish("answer a")))).join();
      Files.writeString(home.resolve("boss.1.pipe"), "go\n");
      running.join();
      assertThat(grove.tree().member(token)).isEmpty();
      assertThatThrownBy(() -> boss.ask(List.of(Grove.wish("answer b"))))
          .isInstanceOf(SpawnRefused.class)
          .hasMessage("you are being stopped");
      assertThat(grove.token("boss.1~1.1")).isNotEqualTo(token);
    }
  }

  @Test
  void aChildMayUseNoMoreToolsThanItsParent() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      Thread running =
          grove.begin(
              task("boss", "wait_to_be_told; answer done", List.of("Read"), Optional.empty()));
      awaitStart("boss.1");
      asking(grove.member("boss.1").ask(List.of(Grove.wish("answer a")))).join();
      assertThat(grove.given("boss.1~1.1").tools()).containsExactly("Read");
      Files.writeString(home.resolve("boss.1.pipe"), "go\n");
      running.join();
    }
  }

  @Test
  void anAgentThatCannotBeKeptToItsParentsToolsIsRefusedAndTheRunGoesOn() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      Thread running =
          grove.begin(task("boss", ENDLESS, List.of("Read", "Task"), Optional.empty()));
      awaitStart("boss.1");
      Member boss = grove.member("boss.1");
      String before = boss.left();
      assertThatThrownBy(() -> boss.ask(List.of(by("gemini"))))
          .isInstanceOf(SpawnRefused.class)
          .hasMessageStartingWith(
              "tasks[0]: it may use your tools and no others: the agent gemini has no tool 'Task'");
      assertThatThrownBy(() -> boss.ask(List.of(Grove.wish("answer x"), by("codex"))))
          .isInstanceOf(SpawnRefused.class)
          .hasMessageStartingWith(
              "tasks[1]: it may use your tools and no others: codex takes no list of tools");
      assertThat(boss.left()).isEqualTo(before);
      assertThat(grove.cancellation().requested()).isFalse();
      grove.cancellation().request();
      running.join();
    }
  }

  private static Wish by(String agent) {
    return new Wish(
        "answer x", Optional.empty(), Optional.of(agent), Optional.empty(), Optional.empty());
  }

  @Test
  void whileAnAgentWaitsForOthersItIsNotSilent() throws Exception {
    Duration stall = Duration.ofSeconds(2);
    CountDownLatch othersStalled = new CountDownLatch(1);
    try (Grove grove = grove(3, Grove.AMPLE)) {
      grove.watch(event -> {
        if (event instanceof Event.AttemptEnded ended && ended.attempt().equals("alone.1")) {
          othersStalled.countDown();
        }
      });
      Thread running =
          grove.begin(
              task("boss", ENDLESS, List.of(), Optional.of(stall)),
              task("alone", ENDLESS, List.of(), Optional.of(stall)));
      awaitStartOfOne();
      awaitStartOfOne();
      String untilTold = "until [ -e told ]; do sleep 0.05; done; answer done";
      Thread asking = asking(grove.member("boss.1").ask(List.of(Grove.wish(untilTold))));
      othersStalled.await();
      Files.createFile(home.resolve("told"));
      asking.join();
      running.join();
      grove.close();
      assertThat(grove.events(Event.AttemptEnded.class))
          .extracting(Event.AttemptEnded::attempt, Event.AttemptEnded::outcome)
          .containsExactly(
              tuple("alone.1", Outcome.STALLED),
              tuple("boss.1~1.1", Outcome.SUCCEEDED),
              tuple("boss.1", Outcome.STALLED));
      long answered = grove.events(Event.ChildrenAnswered.class).getFirst().atNanos();
      assertThat(grove.events(Event.StopSent.class).getLast().atNanos() - answered)
          .as("the silence after the wait counts from its end, give or take a busy machine")
          .isGreaterThan(stall.toNanos() / 2);
    }
  }

  @Test
  void oneOrderToStopIsOneForChildrenTooInWhateverOrderItReachesThem() throws Exception {
    String stubborn = "trap '' INT TERM; touch \"deaf-$name\"; " + ENDLESS;
    try (Grove grove = grove(2, Grove.AMPLE)) {
      Thread running = grove.begin(Task.ofPrompt("boss", stubborn));
      awaitStart("boss.1");
      Member boss = grove.member("boss.1");
      Call call = boss.ask(List.of(Grove.wish(stubborn)));
      Thread asking = asking(call);
      awaitStart("boss.1~1.1");
      Awaitility.await()
          .until(() ->
              Files.exists(home.resolve("deaf-boss.1"))
                  && Files.exists(home.resolve("deaf-boss.1~1.1")));
      boss.stop(); // as its attempt does once it sees the order, before that is passed on
      grove.cancellation().request();
      call.abandon();
      assertThat(boss.stopping().requested()).isTrue();
      assertThat(boss.stopping().urgent()).isFalse();
      assertThat(call.cancellation().requested()).isTrue();
      assertThat(call.cancellation().urgent()).isFalse();
      grove.cancellation().request();
      assertThat(boss.stopping().urgent()).isTrue();
      assertThat(call.cancellation().urgent()).isTrue();
      running.join();
      asking.join();
      assertNobodySleeps();
    }
  }

  @Test
  void anAttemptThatCannotBeMadeReadyIsLetInNowhere() throws Exception {
    try (Grove grove = grove(1, Grove.AMPLE)) {
      assertThatThrownBy(() -> grove.carryOut(Task.ofPrompt("boss", Grove.BROKEN)))
          .hasStackTraceContaining("the adapter is broken");
      assertThat(grove.tree().member(grove.token("boss.1"))).isEmpty();
    }
  }

  private static Task task(
      String name, String prompt, List<String> tools, Optional<Duration> stall) {
    Task task = Task.ofPrompt(name, prompt);
    return new Task(
        task.name(),
        task.prompt(),
        task.command(),
        task.agent(),
        task.model(),
        task.folder(),
        tools,
        task.timeout(),
        task.firstOutput(),
        stall,
        task.retries(),
        task.dependsOn(),
        task.files(),
        task.expect(),
        task.input());
  }

  private void awaitStartOfOne() throws InterruptedException {
    assertThat(began.poll(60, TimeUnit.SECONDS)).isNotNull();
  }

  private static Thread asking(Call call) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Thread thread =
        Thread.startVirtualThread(() -> {
          begun.countDown();
          try {
            call.carryOut(answer -> {});
          } catch (SpawnRefused | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    begun.await();
    return thread;
  }

  private static void assertRefused(Member member, int wanted, String reason) {
    List<Wish> wishes = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      wishes.add(Grove.wish("answer x"));
    }
    assertThatThrownBy(() -> member.ask(wishes))
        .isInstanceOf(SpawnRefused.class)
        .hasMessageContaining(reason);
  }

  private static void assertNobodySleeps() {
    assertThat(
            ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.endsWith(ENDLESS.substring("exec ".length()))))
        .isEmpty();
  }
}
