package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks are carried out by real processes. */
@Timeout(60)
class SchedulerTest {
  @TempDir Path home;
  private final Cancellation cancellation = new Cancellation();

  @Test
  void everyTaskIsCarriedOutAndItsOutputKeptApart() throws Exception {
    List<Task> tasks =
        IntStream.range(0, 40)
            .mapToObj(i -> TestRuns.shell("t" + i, "echo out " + i + "; echo err " + i + " >&2"))
            .toList();
    Map<String, TaskResult> results = run(tasks, 8, 0, Limits.NONE);
    assertThat(results).hasSize(40);
    for (int i = 0; i < 40; i++) {
      assertThat(results.get("t" + i).succeeded()).isTrue();
      assertThat(home.resolve("runs/test/attempts/t" + i + ".1.out")).hasContent("out " + i);
      assertThat(home.resolve("runs/test/attempts/t" + i + ".1.err")).hasContent("err " + i);
    }
    assertThat(TestRuns.events(home).getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void noMoreRunAtOnceThanAskedFor() throws Exception {
    run(
        IntStream.range(0, 12).mapToObj(i -> TestRuns.shell("t" + i, "sleep 0.05")).toList(),
        3,
        0,
        Limits.NONE);
    int running = 0;
    int most = 0;
    for (Event event : TestRuns.events(home)) {
      if (event instanceof Event.AttemptStarted) {
        most = Math.max(most, ++running);
      } else if (event instanceof Event.AttemptEnded) {
        running--;
      }
    }
    assertThat(most).isEqualTo(3);
  }

  @Test
  void aFailureIsRetriedAsOftenAsAskedAndTheLastAttemptCounts() throws Exception {
    String twice = "n=$(cat n 2>/dev/null || echo 0); echo $((n+1)) > n; test $n -ge 2";
    TaskResult result =
        run(List.of(TestRuns.shell("third", twice)), 1, 2, Limits.NONE).get("third");
    assertThat(result.succeeded()).isTrue();
    assertThat(result.attempts()).isEqualTo(3);
    assertThat(TestRuns.events(home, Event.AttemptEnded.class))
        .extracting(Event.AttemptEnded::outcome)
        .containsExactly(Outcome.AGENT_ERROR, Outcome.AGENT_ERROR, Outcome.SUCCEEDED);
  }

  @Test
  void whatCannotStartIsNotRetriedAndSaysWhy() throws Exception {
    TaskResult result =
        run(List.of(Task.ofCommand("x", List.of("no-such-program-here"))), 1, 3, Limits.NONE)
            .get("x");
    assertThat(result.outcome()).isEqualTo(Outcome.SPAWN_FAILED);
    assertThat(result.attempts()).isEqualTo(1);
    assertThat(result.reason()).contains("no-such-program-here");
  }

  @Test
  void oneFailureDoesNotTouchTheOthers() throws Exception {
    Map<String, TaskResult> results =
        run(
            List.of(
                TestRuns.shell("good", "echo fine"),
                TestRuns.shell("bad", "exit 3"),
                TestRuns.shell("killed", "kill -9 $$")),
            3,
            0,
            Limits.NONE);
    assertThat(results.get("good").succeeded()).isTrue();
    assertThat(results.get("bad").exitCode()).isEqualTo(3);
    assertThat(results.get("killed").reason()).contains("signal 9");
  }

  @Test
  void aTimeLimitStopsTheWholeTreeAndSaysSo() throws Exception {
    String tree = "echo up; (trap '' INT; sleep 300.77) & sleep 300.77";
    TaskResult result =
        run(List.of(TestRuns.shell("slow", tree)), 1, 0, TestRuns.timeout(Duration.ofMillis(300)))
            .get("slow");
    assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(TestRuns.events(home, Event.StopSent.class))
        .extracting(Event.StopSent::signal)
        .startsWith("INT");
    assertThat(
            ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.endsWith("sleep 300.77")))
        .as("nobody sleeps on")
        .isEmpty();
  }

  @Test
  void silenceIsAStall() throws Exception {
    Limits limits =
        new Limits(Optional.empty(), Optional.empty(), Optional.of(Duration.ofMillis(300)));
    TaskResult result =
        run(List.of(TestRuns.shell("quiet", "echo hello; sleep 300")), 1, 0, limits).get("quiet");
    assertThat(result.outcome()).isEqualTo(Outcome.STALLED);
  }

  @Test
  void aFirstOutputThatDoesNotComeIsAStall() throws Exception {
    Limits limits =
        new Limits(Optional.empty(), Optional.of(Duration.ofMillis(300)), Optional.empty());
    TaskResult result = run(List.of(TestRuns.shell("mute", "sleep 300")), 1, 0, limits).get("mute");
    assertThat(result.outcome()).isEqualTo(Outcome.STALLED);
    assertThat(result.reason()).contains("first output");
  }

  @Test
  void cancelledItStopsWhatRunsAndStartsNothingMore() throws Exception {
    List<Task> tasks =
        IntStream.range(0, 10)
            .mapToObj(i -> TestRuns.shell("t" + i, "echo up; sleep 300"))
            .toList();
    Thread stopper =
        Thread.startVirtualThread(() -> {
          while (!Files.exists(home.resolve("runs/test/attempts/t1.1.out"))) {
            Thread.onSpinWait();
          }
          cancellation.request();
        });
    Map<String, TaskResult> results = run(tasks, 2, 0, Limits.NONE);
    stopper.join();
    assertThat(results).containsOnlyKeys("t0", "t1");
    assertThat(results.get("t0").outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void whatAnAttemptLeavesBehindIsStoppedAndWrittenDown() throws Exception {
    run(
        List.of(TestRuns.shell("left", "setsid sleep 301 >/dev/null 2>&1 & sleep 0.15")),
        1,
        0,
        Limits.NONE);
    assertThat(TestRuns.events(home, Event.LeftoversStopped.class))
        .singleElement()
        .satisfies(left -> assertThat(left.attempt()).isEqualTo("left.1"));
  }

  @Test
  void whatAShortCommandLeavesBehindIsStoppedAtTheEndAtTheLatest() throws Exception {
    run(List.of(TestRuns.shell("left", "setsid sleep 302 >/dev/null 2>&1 &")), 1, 0, Limits.NONE);
    assertThat(TestRuns.events(home, Event.LeftoversStopped.class)).hasSize(1);
  }

  @Test
  void outputWithoutEndIsKeptWholeAndTheLineBoundHolds() throws Exception {
    run(
        List.of(TestRuns.shell("long", "head -c 9000000 /dev/zero | tr '\\0' x")),
        1,
        0,
        Limits.NONE);
    assertThat(home.resolve("runs/test/attempts/long.1.out")).hasSize(9_000_000);
  }

  @Test
  void anExpectationThatDoesNotHoldFailsTheTask() throws Exception {
    Expect expect = new Expect(List.of("needle"), Optional.empty(), List.of());
    Map<String, TaskResult> results =
        run(
            List.of(
                expecting("met", List.of("echo", "a needle"), expect),
                expecting("unmet", List.of("echo", "hay"), expect)),
            1,
            0,
            Limits.NONE);
    assertThat(results.get("met").succeeded()).isTrue();
    assertThat(results.get("unmet").outcome()).isEqualTo(Outcome.VERIFICATION_FAILED);
    assertThat(results.get("unmet").reason()).contains("needle");
  }

  @Test
  void inputIsFedToTheCommand() throws Exception {
    Task task =
        new Task(
            "fed",
            Optional.empty(),
            List.of("cat"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.of("through the pipe"));
    run(List.of(task), 1, 0, Limits.NONE);
    assertThat(home.resolve("runs/test/attempts/fed.1.out")).hasContent("through the pipe");
  }

  private Map<String, TaskResult> run(List<Task> tasks, int parallel, int retries, Limits limits)
      throws InterruptedException {
    Map<String, TaskResult> results = new TreeMap<>();
    List<String> order = new ArrayList<>();
    try (Run run = TestRuns.open(home, cancellation)) {
      new Scheduler(
              run,
              TestRuns.settings(home, parallel, retries, limits),
              Optional.empty(),
              InstantSource.system(),
              task -> 0)
          .carryOut(
              tasks.iterator(),
              result -> {
                order.add(result.task().name());
                results.put(result.task().name(), result);
              });
      run.end("completed");
    }
    assertThat(order).doesNotHaveDuplicates();
    return results;
  }

  private static Task expecting(String name, List<String> command, Expect expect) {
    return new Task(
        name,
        Optional.empty(),
        command,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.of(expect),
        Optional.empty());
  }
}
