package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.process.LateLauncher;
import dev.regatta.process.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end otherwise than they should. */
@Timeout(60)
class RunTest {
  private static final Event NOTE = new Event.Noted("info", "a line");

  @TempDir Path home;
  private final Cancellation cancellation = new Cancellation();

  @Test
  void whoSaysNothingOfItsEndHasFailed() {
    TestRuns.open(home, cancellation).close();
    assertThat(TestRuns.events(home, Event.RunEnded.class))
        .extracting(Event.RunEnded::status)
        .containsExactly("failed");
  }

  @Test
  void aBrokenJournalIsTheCauseThatIsThrownAndClosingAddsToIt() {
    assertThatExceptionOfType(JournalBroken.class)
        .isThrownBy(() -> {
          try (Run run = TestRuns.open(home, cancellation)) {
            breakJournal(run);
          }
        })
        .satisfies(e -> assertThat(e.getSuppressed()).hasOnlyElementsOfType(JournalBroken.class));
    assertThat(new LiveRuns(home).dead()).as("it was given up").isEmpty();
    assertThat(claimed("test")).isTrue();
    assertThat(JournalReader.read(journal()).integrity()).isInstanceOf(JournalReader.Intact.class);
  }

  @Test
  void theControlGroupIsLeftAndRemovedAlsoWhenTheJournalTakesNoMoreLines() throws Exception {
    Run run = TestRuns.open(home, cancellation);
    Optional<Path> group =
        TestRuns.events(home, Event.RunStarted.class).stream()
            .flatMap(started -> Optional.ofNullable(started.cgroup()).stream())
            .map(Path::of)
            .findFirst();
    // What it leaves is found by its adoption first, which cannot be written down.
    RunSettings settings = TestRuns.settings(home, 1, 0, Limits.NONE);
    AttemptPlan plan =
        new Assigner(run, settings)
            .plan(
                TestRuns.shell("t", "setsid env -i sleep 304.5 >/dev/null 2>&1 & sleep 0.1"),
                1,
                Optional.empty());
    run.start(plan).follow();
    assertThat(sleeping("304.5")).isOne();
    assertThatExceptionOfType(JournalBroken.class).isThrownBy(() -> breakJournal(run));
    assertThatExceptionOfType(JournalBroken.class).isThrownBy(run::close);
    assertThat(sleeping("304.5")).isZero();
    assumeTrue(group.isPresent(), "no control group can be made here");
    assertThat(group.get()).doesNotExist();
  }

  @Test
  void whatAnAgentPrintedCountsAlsoWhenItsEndWasHeardOfFirstAndLate() throws Exception {
    RunFolder folder = RunFolder.prepare(home.resolve("runs/test"));
    try (Run run = TestRuns.opening(home, cancellation).open("test", folder, new LateLauncher())) {
      AttemptPlan plan =
          new Assigner(run, TestRuns.settings(home, 1, 0, Limits.NONE))
              .plan(
                  TestRuns.shell("t", "for i in 1 2 3 4 5; do echo $i; sleep 0.02; done"),
                  1,
                  Optional.empty());
      AttemptResult result = run.start(plan).follow();
      assertThat(Files.readString(folder.output(plan.name()))).isEqualTo("1\n2\n3\n4\n5\n");
      assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void anAttemptThatCannotBeWrittenDownIsKilled() {
    Run run = TestRuns.open(home, cancellation);
    assertThatExceptionOfType(JournalBroken.class).isThrownBy(() -> breakJournal(run));
    RunSettings settings = TestRuns.settings(home, 1, 0, Limits.NONE);
    AttemptPlan plan =
        new Assigner(run, settings)
            .plan(Task.ofCommand("t", List.of("sleep", "305.5")), 1, Optional.empty());
    assertThatExceptionOfType(JournalBroken.class).isThrownBy(() -> run.start(plan));
    assertThatExceptionOfType(JournalBroken.class).isThrownBy(run::close);
    Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> sleeping("305.5") == 0);
  }

  @Test
  void whenTheJournalBreaksWhatRunsIsStoppedAndTheCauseThrown() {
    assertThatExceptionOfType(JournalBroken.class)
        .isThrownBy(() ->
            carryOut(
                List.of(TestRuns.shell("a", "echo up; sleep 306.5")).iterator(),
                run ->
                    run.watch(event -> {
                      if (event instanceof Event.AttemptStarted) {
                        breakJournal(run);
                      }
                    }),
                result -> {}));
    Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> sleeping("306.5") == 0);
  }

  @Test
  void aResultThatCannotBeTakenStopsTheRunWithItsOwnCause() {
    IllegalStateException cause = new IllegalStateException("no room for results");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            carryOut(
                List.of(
                        TestRuns.shell("quick", "true"),
                        TestRuns.shell("slow", "echo up; sleep 307.5"))
                    .iterator(),
                run -> {},
                result -> {
                  throw cause;
                }))
        .isSameAs(cause);
    assertThat(sleeping("307.5")).isZero();
    assertThat(TestRuns.events(home).getLast())
        .isInstanceOfSatisfying(
            Event.RunEnded.class, end -> assertThat(end.status()).isEqualTo("failed"));
  }

  @Test
  void aSourceOfTasksThatBreaksStopsTheRunButKeepsWhatWasDone() {
    Iterator<Task> breaking =
        new Iterator<>() {
          private boolean given;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Task next() {
            if (given) {
              throw new IllegalStateException("the pipe broke");
            }
            given = true;
            return TestRuns.shell("first", "echo done");
          }
        };
    List<TaskResult> results = new ArrayList<>();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> {
          try (Run run = TestRuns.open(home, cancellation)) {
            scheduler(run, 1).carryOut(breaking, results::add);
          }
        })
        .withMessage("the pipe broke");
    assertThat(results).singleElement().matches(TaskResult::succeeded);
    assertThat(home.resolve("runs/test/attempts/first.1.out")).hasContent("done");
  }

  @Test
  void interruptedItWaitsForWhatItStopsBeforeTheRunIsClosed() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread carrying =
        Thread.startVirtualThread(() -> {
          try {
            carryOut(
                List.of(
                        TestRuns.shell("a", "trap '' INT; echo up; sleep 308.5; sleep 308.5"),
                        TestRuns.shell("b", "echo up; sleep 308.5"))
                    .iterator(),
                run -> {},
                result -> {});
          } catch (Throwable e) {
            thrown.set(e);
          }
        });
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() ->
            Files.exists(home.resolve("runs/test/attempts/a.1.out"))
                && Files.exists(home.resolve("runs/test/attempts/b.1.out")));
    carrying.interrupt();
    carrying.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(sleeping("308.5")).isZero();
    assertThat(TestRuns.events(home, Event.AttemptEnded.class))
        .extracting(Event.AttemptEnded::outcome)
        .containsExactly(Outcome.CANCELLED, Outcome.CANCELLED);
    assertThat(TestRuns.events(home).getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void cancelledWhatWaitsForADependencyIsNotBegun() throws Exception {
    Task first = TestRuns.shell("first", "echo up; sleep 309.5");
    Task second =
        new Task(
            "second",
            Optional.empty(),
            List.of("true"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of("first"),
            List.of(),
            Optional.empty(),
            Optional.empty());
    List<TaskResult> results = new ArrayList<>();
    carryOut(
        List.of(first, second).iterator(),
        run ->
            run.watch(event -> {
              if (event instanceof Event.AttemptStarted) {
                cancellation.request();
              }
            }),
        results::add);
    assertThat(results)
        .singleElement()
        .satisfies(result -> {
          assertThat(result.task().name()).isEqualTo("first");
          assertThat(result.outcome()).isEqualTo(Outcome.CANCELLED);
        });
  }

  @Test
  void aLivingRunCannotBeGoneOnWithAndItsJournalIsNotTouched() throws Exception {
    try (Run run = TestRuns.open(home, cancellation)) {
      run.record(NOTE);
      Files.writeString(journal(), "{\"half a li", StandardOpenOption.APPEND);
      long size = Files.size(journal());
      RunOpening again = TestRuns.opening(home, new Cancellation());
      assertThatExceptionOfType(RunBusy.class)
          .isThrownBy(() -> again.resume("test", RunFolder.of(home.resolve("runs/test"))));
      assertThat(Files.size(journal())).as("a living writer's half line stays").isEqualTo(size);
    }
  }

  @Test
  void whatCannotBeOpenedIsGivenUpAgain() {
    TestRuns.open(home, cancellation).close();
    RunOpening opening = TestRuns.opening(home, cancellation);
    RunFolder folder = RunFolder.of(home.resolve("runs/test"));
    assertThatExceptionOfType(JournalBroken.class)
        .isThrownBy(() -> opening.open("test", folder))
        .withMessageContaining("a run has a journal of its own");
    assertThat(claimed("test")).isTrue();
  }

  @Test
  void goneOnWithItsJournalIsOneChain() throws Exception {
    Run first = TestRuns.open(home, cancellation);
    first.record(NOTE);
    first.close();
    Files.writeString(journal(), "{\"torn", StandardOpenOption.APPEND);
    RunFolder folder = RunFolder.of(home.resolve("runs/test"));
    try (Run second = TestRuns.opening(home, cancellation).resume("test", folder)) {
      second.record(new Event.Noted("info", "and another"));
      second.end("completed");
    }
    JournalReader.Contents journal = JournalReader.read(journal());
    assertThat(journal.integrity()).isInstanceOf(JournalReader.Intact.class);
    assertThat(journal.events()).hasSize(5);
    assertThat(TestRuns.events(home, Event.RunEnded.class))
        .extracting(Event.RunEnded::status)
        .containsExactly("failed", "completed");
  }

  private Path journal() {
    return home.resolve("runs/test/journal.jsonl");
  }

  private boolean claimed(String id) {
    try (LiveRuns.Claim claim = new LiveRuns(home).claim(id, home, Optional.empty()).orElse(null)) {
      return claim != null;
    }
  }

  /** An interrupted thread's write closes the channel for good: a real failure of the file. */
  private static void breakJournal(Run run) {
    FullDisk.under(run.folder().journal());
    run.record(NOTE);
  }

  private void carryOut(
      Iterator<Task> tasks,
      java.util.function.Consumer<Run> prepare,
      java.util.function.Consumer<TaskResult> results)
      throws InterruptedException {
    try (Run run = TestRuns.open(home, cancellation)) {
      prepare.accept(run);
      scheduler(run, 2).carryOut(tasks, results);
      run.end("completed");
    }
  }

  private Scheduler scheduler(Run run, int parallel) {
    return new Scheduler(
        run,
        TestRuns.settings(home, parallel, 0, Limits.NONE),
        Optional.empty(),
        InstantSource.system(),
        task -> 0);
  }

  private static long sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.endsWith("sleep " + seconds))
        .count();
  }
}
