package dev.regatta.run;

import static dev.regatta.run.StubClaude.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.credential.Grant;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Limits;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is tried again, with which credential, on whose account: with real processes. */
@Timeout(60)
class RetriesTest {
  private static final Instant NOW =
      Instant.ofEpochSecond(4_000_000_000L).minus(Duration.ofDays(1));

  @TempDir Path home;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private Consumer<Event> watcher = event -> {};

  @Test
  void aRefusedCredentialIsOutAndItsTaskGoesOnWithAnother() throws Exception {
    List<TaskResult> results = run(List.of("a", "b", "c"), 1, 0, key("refused"), key("good"));
    assertThat(results).allMatch(TaskResult::succeeded);
    assertThat(results.getFirst().attempts()).isEqualTo(2);
    assertThat(StubClaude.calls(home)).containsExactly("refused", "good", "good", "good");
    assertThat(TestRuns.events(home, Event.CredentialRested.class))
        .singleElement()
        .satisfies(rested -> {
          assertThat(rested.credential()).isEqualTo("KEY_refused");
          assertThat(rested.until()).as("it never comes back").isNull();
          assertThat(rested.reason()).contains("refused (401)");
        });
  }

  @Test
  void whenNoCredentialIsLeftNothingMoreStartsAndATriedTaskKeepsItsOwnEnd() throws Exception {
    List<TaskResult> results = run(List.of("a", "b", "c"), 1, 5, key("refused"));
    assertThat(StubClaude.calls(home)).containsExactly("refused");
    assertThat(results).extracting(TaskResult::attempts).containsExactly(1, 0, 0);
    assertThat(results).extracting(TaskResult::outcome).containsOnly(Outcome.UNAUTHORIZED);
    assertThat(results.get(0).reason()).startsWith("the credential was refused (401)");
    assertThat(results.get(0).attempt()).contains("a.1");
    assertThat(results.get(1).reason())
        .startsWith("not started: no credential is left: KEY_refused");
  }

  @Test
  void aLimitedCredentialRestsUntilTheProviderSaysAndTheOtherGoesOn() throws Exception {
    List<TaskResult> results = run(List.of("a", "b"), 1, 0, key("limited"), key("good"));
    assertThat(results).allMatch(TaskResult::succeeded);
    assertThat(StubClaude.calls(home)).containsExactly("limited", "good", "good");
    assertThat(TestRuns.events(home, Event.CredentialRested.class))
        .extracting(Event.CredentialRested::until)
        .containsExactly(Instant.ofEpochSecond(4_000_000_000L).toString());
  }

  @Test
  void aTimeThatNoProviderWouldNameIsNotWaitedFor() throws Exception {
    Instant thatDay = NOW.minus(Duration.ofDays(400));
    now.set(thatDay);
    run(List.of("a"), 1, 0, key("limited"), key("good"));
    assertThat(TestRuns.events(home, Event.CredentialRested.class))
        .extracting(Event.CredentialRested::until)
        .containsExactly(thatDay.plus(Duration.ofDays(8)).toString());
  }

  @Test
  void aLimitWithoutATimeRestsAMinute() throws Exception {
    run(List.of("a"), 1, 0, key("vaguely-limited"), key("good"));
    assertThat(TestRuns.events(home, Event.CredentialRested.class))
        .extracting(Event.CredentialRested::until)
        .containsExactly(NOW.plusSeconds(60).toString());
  }

  @Test
  void whereAllRestTheTaskWaitsVisiblyAndGoesOnWhenTheTimeHasCome() throws Exception {
    CredentialPool pool = new CredentialPool(List.of(key("good")), now::get);
    Instant until = NOW.plus(Duration.ofHours(5));
    pool.rest(key("good"), until);
    watcher =
        event -> {
          if (event instanceof Event.RunPaused) {
            now.set(until);
          }
        };
    List<TaskResult> results = run(List.of("a"), settings(1, 0), pool, now::get);
    assertThat(results).allMatch(TaskResult::succeeded);
    assertThat(TestRuns.events(home, Event.RunPaused.class))
        .singleElement()
        .satisfies(paused -> {
          assertThat(paused.until()).isEqualTo(until.toString());
          assertThat(paused.reason())
              .isEqualTo("every credential is refused: KEY_good until " + until);
        });
    assertThat(TestRuns.events(home, Event.RunWentOn.class)).hasSize(1);
  }

  @Test
  void cancelledWhileItWaitsForACredentialItIsNotTriedAndSaysSo() throws Exception {
    CredentialPool pool = new CredentialPool(List.of(key("good")), now::get);
    pool.rest(key("good"), NOW.plus(Duration.ofHours(5)));
    watcher =
        event -> {
          if (event instanceof Event.RunPaused) {
            cancellation.request();
          }
        };
    List<TaskResult> results = run(List.of("a", "b"), settings(1, 0), pool, now::get);
    assertThat(results)
        .singleElement()
        .satisfies(result -> {
          assertThat(result.outcome()).isEqualTo(Outcome.CANCELLED);
          assertThat(result.attempts()).isZero();
          assertThat(result.reason()).isEqualTo("the run was stopped");
        });
  }

  @Test
  void cancelledWhileItsCredentialRestsATriedTaskKeepsItsLastEnd() throws Exception {
    watcher =
        event -> {
          if (event instanceof Event.RunPaused) {
            cancellation.request();
          }
        };
    List<TaskResult> results = run(List.of("a"), 1, 0, key("limited"));
    assertThat(results)
        .singleElement()
        .satisfies(result -> {
          assertThat(result.outcome()).isEqualTo(Outcome.RATE_LIMITED);
          assertThat(result.attempts()).isEqualTo(1);
        });
  }

  /** Who asks in the moment in which a limit becomes known must not get the limited one. */
  @Test
  void aCredentialIsLearntAboutBeforeItIsGivenBack() throws Exception {
    CredentialPool pool =
        new CredentialPool(List.of(key("vaguely-limited"), key("good")), now::get);
    List<Grant> granted = new ArrayList<>();
    InstantSource asksForOneToo =
        () -> {
          if (granted.isEmpty()) {
            granted.add(pool.grant(0, Provider.ANTHROPIC));
          }
          return now.get();
        };
    run(List.of("a"), settings(1, 0), pool, asksForOneToo);
    assertThat(granted)
        .as("the limited one is still held, so the free one is given")
        .containsExactly(new Grant.Granted(key("good"), false));
  }

  @Test
  void aLimitThatNeverEndsIsBorneTwentyTimes() throws Exception {
    List<TaskResult> results = run(List.of("a"), 1, 0, key("was-limited"));
    assertThat(results.getFirst().outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(StubClaude.calls(home)).hasSize(21);
  }

  @Test
  void aTaskThatOnlyWaitedForNamedTimesIsNeverGivenUp() throws Exception {
    watcher =
        event -> {
          if (event instanceof Event.RunPaused paused) {
            now.set(Instant.parse(paused.until()));
          }
        };
    List<TaskResult> results = run(List.of("a"), 1, 0, key("often-limited"));
    assertThat(results.getFirst().succeeded()).isTrue();
    assertThat(results.getFirst().attempts())
        .as("25 refusals and one that went well")
        .isEqualTo(26);
  }

  /** The second task has the credential already when it is refused, and waits for its start. */
  @Test
  void refusedUntilATimeStartsNothingBeforeItInRealTimeToo() throws Exception {
    CredentialPool pool =
        new CredentialPool(List.of(key("shortly-limited")), InstantSource.system());
    RunSettings spaced = StubClaude.spaced(home, 2, Duration.ofSeconds(3));
    List<TaskResult> results = run(List.of("a", "b"), spaced, pool, InstantSource.system());
    assertThat(results).hasSize(2).allMatch(TaskResult::succeeded);
    Instant resets =
        Instant.ofEpochSecond(Long.parseLong(Files.readString(home.resolve("resets")).strip()));
    List<Entry> journal = JournalReader.read(home.resolve("runs/test/journal.jsonl")).entries();
    assertThat(journal.stream().filter(entry -> entry.event() instanceof Event.AttemptStarted))
        .hasSize(3)
        .filteredOn(entry -> entry.at().toInstant().isBefore(resets))
        .as("what began before it")
        .hasSize(1);
    assertThat(TestRuns.events(home, Event.RunPaused.class)).hasSize(1);
    assertThat(TestRuns.events(home, Event.RunWentOn.class)).hasSize(1);
  }

  @Test
  void howeverManyTasksWaitItIsOnePauseSaidOnce() throws Exception {
    CredentialPool pool = new CredentialPool(List.of(key("good"), key("one")), Instant::now);
    Instant until = Instant.now().plusSeconds(3);
    pool.rest(key("good"), until);
    pool.rest(key("one"), until.plusSeconds(60));
    List<TaskResult> results = run(List.of("a", "b", "c", "d"), settings(4, 0), pool, Instant::now);
    assertThat(results).hasSize(4).allMatch(TaskResult::succeeded);
    assertThat(TestRuns.events(home, Event.RunPaused.class))
        .singleElement()
        .satisfies(paused ->
            assertThat(paused.reason())
                .isEqualTo(
                    "every credential is refused: KEY_good until "
                        + until
                        + ", KEY_one until "
                        + until.plusSeconds(60)));
    assertThat(TestRuns.events(home, Event.RunWentOn.class)).hasSize(1);
    assertThat(TestRuns.events(home, Event.Noted.class)).isEmpty();
  }

  @Test
  void whereOneProvidersCredentialsRestItsTasksAlonePauseAndItIsNamed() throws Exception {
    Credential resting = new Credential("OPENAI_KEY", new Secret("invented")).at(Provider.OPENAI);
    CredentialPool pool = new CredentialPool(List.of(key("good"), resting), now::get);
    Instant until = NOW.plus(Duration.ofHours(5));
    pool.rest(resting, until);
    AtomicInteger awaited = new AtomicInteger(4); // the pause, and the ends of three others
    watcher =
        event -> {
          if ((event instanceof Event.RunPaused || event instanceof Event.AttemptEnded)
              && awaited.decrementAndGet() == 0) {
            cancellation.request();
          }
        };
    List<Task> tasks =
        List.of(
            ofCodex("waits"),
            Task.ofPrompt("a", "hello"),
            Task.ofPrompt("b", "hello"),
            Task.ofPrompt("c", "hello"));
    List<TaskResult> results = new ArrayList<>();
    carryOut(tasks, StubClaude.besideCodex(home, 2), Optional.of(pool), now::get, results::add);
    assertThat(results)
        .extracting(result -> result.task().name(), TaskResult::outcome)
        .containsExactlyInAnyOrder(
            tuple("a", Outcome.SUCCEEDED),
            tuple("b", Outcome.SUCCEEDED),
            tuple("c", Outcome.SUCCEEDED),
            tuple("waits", Outcome.CANCELLED));
    assertThat(TestRuns.events(home, Event.RunPaused.class))
        .extracting(Event.RunPaused::reason)
        .containsExactly("every credential of OpenAI's is refused: OPENAI_KEY until " + until);
    assertThat(TestRuns.events(home, Event.RunWentOn.class)).isEmpty();
  }

  @Test
  void aCredentialThatItsAgentSaysIsNearlyUsedGetsNoNewTaskWhileAnotherHasRoom() throws Exception {
    List<TaskResult> results =
        run(List.of("a", "b", "c", "d"), 1, 0, key("nearly-limited"), key("good"));
    assertThat(results).allMatch(TaskResult::succeeded);
    assertThat(StubClaude.calls(home)).containsExactly("nearly-limited", "good", "good", "good");
    assertThat(TestRuns.events(home, Event.CredentialNearLimit.class))
        .singleElement()
        .satisfies(near -> {
          assertThat(near.credential()).isEqualTo("KEY_nearly-limited");
          assertThat(near.limit()).isEqualTo("five_hour");
          assertThat(near.usedPercent()).isEqualTo(95.0);
          assertThat(near.until()).isEqualTo(Instant.ofEpochSecond(4_000_000_000L).toString());
        });
  }

  @Test
  void whereAllAreNearTheirLimitsTheWorkGoesOn() throws Exception {
    List<TaskResult> results = run(List.of("a", "b"), 1, 0, key("nearly-limited"));
    assertThat(results).allMatch(TaskResult::succeeded);
    assertThat(TestRuns.events(home, Event.CredentialNearLimit.class)).as("said once").hasSize(1);
    assertThat(TestRuns.events(home, Event.RunPaused.class)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "garbage, OUTPUT_INVALID, 3",
    "mistaken, AGENT_ERROR, 3",
    "penniless, API_ERROR, 1", // another try can't end otherwise
    "malformed, API_ERROR, 1",
  })
  void itsOwnFailuresAreTriedAgainAndHopelessOnesAreNot(
      String prompt, Outcome outcome, int attempts) throws Exception {
    List<TaskResult> results = run(List.of(prompt), 1, 2, key("good"));
    assertThat(results.getFirst().outcome()).isEqualTo(outcome);
    assertThat(results.getFirst().attempts()).isEqualTo(attempts);
    assertThat(StubClaude.calls(home)).hasSize(attempts);
  }

  @Test
  void aTimeLimitIsItsOwnFailureToo() throws Exception {
    Limits short_ = TestRuns.timeout(Duration.ofMillis(200));
    CredentialPool pool = new CredentialPool(List.of(key("good")), now::get);
    List<TaskResult> results =
        run(List.of("slow"), StubClaude.settings(home, 1, 1, short_), pool, now::get);
    assertThat(results.getFirst().outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(results.getFirst().attempts()).isEqualTo(2);
  }

  @Test
  void anOverloadedProviderIsAskedAgainWithoutATryOfTheTask() throws Exception {
    List<TaskResult> results = run(List.of("overloaded"), 1, 0, key("good"));
    assertThat(results.getFirst().succeeded()).isTrue();
    assertThat(results.getFirst().attempts()).isEqualTo(2);
  }

  @Test
  void afterAnOverloadTheTasksOwnTriesAreAllLeft() throws Exception {
    List<TaskResult> results = run(List.of("overloaded-then-mistaken"), 1, 1, key("good"));
    assertThat(results.getFirst().outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(results.getFirst().attempts()).as("an overload and two tries").isEqualTo(3);
  }

  @Test
  void afterAnOverloadItIsAnotherCredentialsTurn() throws Exception {
    run(List.of("overloaded"), 1, 0, key("one"), key("two"));
    assertThat(StubClaude.calls(home)).containsExactly("one", "two");
  }

  @ParameterizedTest
  @CsvSource({"down", "failing", "broken"})
  void aProviderThatIsDownEndsTheTaskWithHowOftenItWasTried(String prompt) throws Exception {
    List<TaskResult> results = run(List.of(prompt), 1, 0, key("good"));
    assertThat(results.getFirst().outcome()).isEqualTo(Outcome.API_ERROR);
    assertThat(results.getFirst().attempts()).isEqualTo(6);
    assertThat(results.getFirst().reason()).endsWith("; it was tried 6 times, try again later");
  }

  @Test
  void stoppedBetweenTwoTriesTheTaskKeepsTheLastEnd() throws Exception {
    watcher =
        event -> {
          if (event instanceof Event.AttemptEnded) {
            cancellation.request();
          }
        };
    List<TaskResult> results = run(List.of("down"), 1, 0, key("good"));
    assertThat(results.getFirst().outcome()).isEqualTo(Outcome.API_ERROR);
    assertThat(results.getFirst().reason()).doesNotContain("tried");
    assertThat(StubClaude.calls(home)).hasSize(1);
  }

  @Test
  void aTasksOwnNumberOfRetriesCountsMoreThanTheRuns() throws Exception {
    Task never = asking("mistaken", 0);
    CredentialPool pool = new CredentialPool(List.of(key("good")), now::get);
    List<TaskResult> results = new ArrayList<>();
    carryOut(List.of(never), settings(1, 3), Optional.of(pool), now::get, results::add);
    assertThat(results.getFirst().attempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "good, down, API_ERROR",
    "was-limited, hello, RATE_LIMITED",
    "limited, hello, RATE_LIMITED",
    "good, mistaken, AGENT_ERROR",
  })
  void inAnExperimentNothingIsTriedAgain(String key, String prompt, Outcome outcome)
      throws Exception {
    CredentialPool pool = new CredentialPool(List.of(key(key), key("good-too")), now::get);
    List<TaskResult> results = experiment(prompt, pool);
    assertThat(results).extracting(TaskResult::outcome).containsExactly(outcome);
    assertThat(StubClaude.calls(home)).containsExactly(key);
  }

  @Test
  void inAnExperimentNothingWaitsForACredentialThatRests() throws Exception {
    CredentialPool pool = new CredentialPool(List.of(key("good")), now::get);
    Instant until = NOW.plus(Duration.ofHours(5));
    pool.rest(key("good"), until);
    List<TaskResult> results = experiment("hello", pool);
    assertThat(results)
        .singleElement()
        .satisfies(result -> {
          assertThat(result.outcome()).isEqualTo(Outcome.RATE_LIMITED);
          assertThat(result.attempts()).isZero();
          assertThat(result.reason())
              .isEqualTo(
                  "not started: every credential is refused, the first until "
                      + until
                      + ", and nothing waits for it here");
        });
    assertThat(TestRuns.events(home, Event.RunPaused.class)).isEmpty();
  }

  private List<TaskResult> experiment(String prompt, CredentialPool pool)
      throws InterruptedException {
    List<TaskResult> results = new ArrayList<>();
    try (Run run = TestRuns.open(home, cancellation)) {
      Scheduler.ofExperiment(run, settings(1, 0), pool, now::get, UnaryOperator.identity())
          .carryOut(List.of(Task.ofPrompt("a", prompt)).iterator(), results::add);
      run.end("completed");
    }
    return results;
  }

  @Test
  void goneOnWithAttemptsAreCountedFromThoseBefore() throws Exception {
    Map<String, Integer> before = new LinkedHashMap<>(Map.of("a", 3));
    try (Run run = TestRuns.open(home, cancellation)) {
      new Scheduler(
              run,
              settings(1, 0),
              Optional.of(new CredentialPool(List.of(key("good")), now::get)),
              now::get,
              task -> before.getOrDefault(task, 0))
          .carryOut(List.of(Task.ofPrompt("a", "hello")).iterator(), result -> {});
    }
    assertThat(TestRuns.events(home, Event.AttemptStarted.class))
        .singleElement()
        .satisfies(started -> {
          assertThat(started.attempt()).isEqualTo("a.4");
          assertThat(started.number()).isEqualTo(4);
        });
  }

  @Test
  void commandsNeedNoCredential() throws Exception {
    CredentialPool pool = new CredentialPool(List.of(key("refused")), now::get);
    List<TaskResult> results = new ArrayList<>();
    RunSettings settings = TestRuns.settings(home, 1, 0, Limits.NONE);
    carryOut(
        List.of(TestRuns.shell("a", "test -z \"$ANTHROPIC_API_KEY\"")),
        settings,
        Optional.of(pool),
        now::get,
        results::add);
    assertThat(results).allMatch(TaskResult::succeeded);
  }

  private RunSettings settings(int parallel, int retries) {
    return StubClaude.settings(home, parallel, retries, Limits.NONE);
  }

  private List<TaskResult> run(
      List<String> prompts, int parallel, int retries, Credential... credentials)
      throws InterruptedException {
    CredentialPool pool = new CredentialPool(List.of(credentials), now::get);
    return run(prompts, settings(parallel, retries), pool, now::get);
  }

  private List<TaskResult> run(
      List<String> prompts, RunSettings settings, CredentialPool pool, InstantSource wall)
      throws InterruptedException {
    List<TaskResult> results = new ArrayList<>();
    List<Task> tasks = prompts.stream().map(prompt -> Task.ofPrompt(prompt, prompt)).toList();
    carryOut(tasks, settings, Optional.of(pool), wall, results::add);
    return results;
  }

  private void carryOut(
      List<Task> tasks,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      Consumer<TaskResult> results)
      throws InterruptedException {
    try (Run run = TestRuns.open(home, cancellation)) {
      run.watch(event -> watcher.accept(event));
      new Scheduler(run, settings, pool, wall, task -> 0, Duration.ofMillis(1))
          .carryOut(tasks.iterator(), results);
      run.end("completed");
    }
  }

  private static Task ofCodex(String name) {
    return task(name, Optional.of("codex"), Optional.empty());
  }

  private static Task asking(String prompt, int retries) {
    return task(prompt, Optional.empty(), Optional.of(retries));
  }

  private static Task task(String prompt, Optional<String> agent, Optional<Integer> retries) {
    return new Task(
        prompt,
        Optional.of(prompt),
        List.of(),
        agent,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        retries,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }
}
