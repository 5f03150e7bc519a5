package dev.regatta.stress;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Results of suites, for tests. */
public final class Results {
  /** When all of them began. */
  public static final Instant BEGUN = Instant.parse("2026-11-22T01:02:03Z");

  private Results() {}

  /** A try that ended with that exit code. */
  public static TryResult tried(String attempt, int number, int code, Duration took) {
    return new TryResult(
        attempt,
        number,
        BEGUN,
        Optional.of(Duration.ofMillis(10)),
        took,
        new Ending.Exited(code),
        new Judgement(code == 0, "exit " + code, List.of()),
        TranscriptCheck.unknown("the output names no session"),
        Optional.empty(),
        0,
        OptionalLong.of(4711));
  }

  /** An instance with these tries. */
  public static InstanceResult instance(int number, TryResult... tries) {
    return new InstanceResult(number, Optional.empty(), OptionalDouble.empty(), List.of(tries));
  }

  /** A task with these instances. */
  public static TaskResult task(String id, TaskStatus status, InstanceResult... instances) {
    PlannedTask task =
        new PlannedTask(
            id,
            "simple",
            1,
            "categories.simple.tasks[0]",
            Optional.empty(),
            Optional.empty(),
            "",
            "true",
            Optional.empty(),
            id + "_MARKER",
            false,
            List.of(),
            Verification.Match.ANY,
            new Limits(Duration.ofSeconds(30), Optional.empty()),
            LimitSource.SUITE,
            Math.max(1, instances.length),
            List.of(),
            Optional.empty());
    return new TaskResult(task, status, List.of(instances), List.of());
  }

  /** A suite with these tasks. */
  public static SuiteResult suite(TaskResult... tasks) {
    return new SuiteResult(
        "SMALL",
        "suite.json",
        "20261122-010203-small",
        Path.of("/runs/20261122-010203-small"),
        BEGUN,
        Duration.ofSeconds(12),
        true,
        false,
        "http://127.0.0.1:8004",
        true,
        new Endpoint.Provider(),
        0.5,
        1,
        4,
        0,
        tasks.length,
        List.of(),
        List.of(tasks),
        List.of(),
        List.of());
  }
}
