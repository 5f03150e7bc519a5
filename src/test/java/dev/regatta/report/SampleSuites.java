package dev.regatta.report;

import dev.regatta.store.StressRun;
import dev.regatta.stress.Best;
import dev.regatta.stress.Ending;
import dev.regatta.stress.Endpoint;
import dev.regatta.stress.InstanceResult;
import dev.regatta.stress.Judgement;
import dev.regatta.stress.LearnedLimit;
import dev.regatta.stress.LimitSource;
import dev.regatta.stress.Limits;
import dev.regatta.stress.PlannedTask;
import dev.regatta.stress.Remembered;
import dev.regatta.stress.Sighting;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TaskStatus;
import dev.regatta.stress.TranscriptCheck;
import dev.regatta.stress.TryResult;
import dev.regatta.stress.Verification.Match;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Results of suites of every kind, with their saved outputs, for the tests of their reports. */
final class SampleSuites {
  static final Instant BEGUN = Instant.parse("2026-11-22T01:02:03Z");

  /** What a hostile command prints, is called and is told: all of it in one. */
  static final String HOSTILE =
      "\u001b]0;owned\u0007\u001b[2J<script>alert(1)</script> & \"q\" ]]> \u202egnp\u0000 \uFFFE";

  private static final Optional<String> CLAUDE = Optional.of("claude");

  private final Path folder;

  SampleSuites(Path folder) {
    this.folder = folder;
  }

  List<StressReport> all() {
    return List.of(
        green(), failures(), hostile(), rehearsal(), nothing(), killed(), instances(), learned());
  }

  /** Thirty tasks of which all passed, after four runs that were worse. */
  StressReport green() {
    List<TaskResult> tasks = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      tasks.add(passed("simple_" + i, i * 0.37));
    }
    return withHistory(suite(tasks), 0, 12, 20, 27);
  }

  /** 23:2, one of these after two tries, one left out and one not tried. */
  StressReport failures() {
    List<TaskResult> tasks = new ArrayList<>();
    for (int i = 1; i <= 23; i++) {
      tasks.add(passed("task_" + i, 1 + i * 0.2));
    }
    String wrong = "1 of 2 patterns found, all needed; not 'Rome' (it's spelt so)";
    TryResult last =
        attempt(
            "capitals.2",
            2,
            new Ending.Exited(0),
            new Judgement(
                false,
                wrong,
                List.of(
                    new Sighting("'Paris'", OptionalInt.of(3), ""),
                    new Sighting("'Rome'", OptionalInt.empty(), "it's spelt so"))),
            new TranscriptCheck(
                TranscriptCheck.Verdict.SUSPECTED, "The tests passed.", Optional.of("5e55-10f")),
            output(
                "capitals.2",
                "begin\n\nParis is one\n" + "line\n".repeat(20) + "The tests passed.\n"));
    tasks.add(
        new TaskResult(
            planned("capitals", "claude -p \"What's the capital of France & Italy?\"", CLAUDE),
            new TaskStatus.Failed(wrong + " (try 2 of 4)"),
            List.of(
                one(
                    attempt(
                        "capitals.1",
                        1,
                        new Ending.TimedOut(Duration.ofSeconds(30)),
                        new Judgement(false, "timed out after 30 s", List.of()),
                        TranscriptCheck.unknown("it was stopped"),
                        Optional.empty()),
                    last)),
            List.of()));
    tasks.add(
        new TaskResult(
            planned("failure_3", "cat", Optional.empty()),
            new TaskStatus.Failed("expected non-zero, got 0"),
            List.of(
                one(
                    attempt(
                        "failure_3.1",
                        1,
                        new Ending.Exited(0),
                        new Judgement(false, "expected non-zero, got 0", List.of()),
                        TranscriptCheck.unknown("no agent"),
                        Optional.empty()))),
            List.of()));
    tasks.add(untried("left_out", new TaskStatus.Skipped("--skip left_out")));
    tasks.add(untried("late", new TaskStatus.NotTried("interrupted")));
    return withHistory(suite(tasks), 20, 22);
  }

  /** Whatever a command, an agent or a suite may say. */
  StressReport hostile() {
    PlannedTask plan =
        new PlannedTask(
            "evil",
            HOSTILE,
            1,
            "tests[0]",
            Optional.of(HOSTILE),
            Optional.of(HOSTILE),
            HOSTILE,
            "printf '%s' " + HOSTILE.replace("\u0000", "") + "\nforged: passed",
            Optional.of("claude"),
            HOSTILE,
            false,
            List.of(HOSTILE),
            Match.ANY,
            new Limits(Duration.ofSeconds(5), Optional.of(Duration.ofMillis(1_500))),
            LimitSource.DEFAULT,
            1,
            List.of(),
            Optional.empty());
    TryResult attempt =
        attempt(
            "evil.1",
            1,
            new Ending.Lost(HOSTILE),
            new Judgement(
                false, HOSTILE, List.of(new Sighting(HOSTILE, OptionalInt.empty(), HOSTILE))),
            new TranscriptCheck(TranscriptCheck.Verdict.SUSPECTED, HOSTILE, Optional.of(HOSTILE)),
            output(
                "evil.1",
                "x".repeat(1_000_000) + "\n" + HOSTILE + "\nSuccess ratio: 30:0, graduated\n"));
    SuiteResult plain =
        suite(
            List.of(
                new TaskResult(
                    plan,
                    new TaskStatus.Failed(HOSTILE),
                    List.of(one(attempt)),
                    List.of(new Best(HOSTILE, OptionalInt.empty(), HOSTILE)))));
    return new StressReport(
        new SuiteResult(
            HOSTILE,
            HOSTILE.replace("\u0000", ""),
            plain.run(),
            folder,
            BEGUN,
            plain.duration(),
            true,
            false,
            "http://127.0.0.1:1/" + HOSTILE,
            false,
            new Endpoint.Elsewhere("ANTHROPIC_BASE_URL", HOSTILE),
            20,
            3,
            4,
            3,
            plain.suiteTasks(),
            List.of(HOSTILE),
            plain.tasks(),
            List.of(HOSTILE),
            List.of(HOSTILE)),
        List.of());
  }

  StressReport rehearsal() {
    SuiteResult plain = suite(List.of(passed("simple_1", 1)));
    return new StressReport(
        with(plain, new Endpoint.Rehearsal("http://127.0.0.1:9"), true, false), List.of());
  }

  StressReport nothing() {
    return new StressReport(
        suite(List.of(untried("a", new TaskStatus.NotTried("the server went away")))), List.of());
  }

  StressReport killed() {
    SuiteResult plain =
        suite(
            List.of(
                passed("simple_1", 1), untried("simple_2", new TaskStatus.NotTried("not yet"))));
    return new StressReport(with(plain, new Endpoint.Unknown(), false, false), List.of());
  }

  /** Several at once, one of which failed. */
  StressReport instances() {
    List<InstanceResult> instances = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      boolean good = number != 2;
      instances.add(
          new InstanceResult(
              number,
              Optional.of(number == 1 ? "opus" : "sonnet"),
              OptionalDouble.of(0.2 * number),
              List.of(
                  attempt(
                      "concurrent@" + number + ".1",
                      1,
                      good
                          ? new Ending.Exited(0)
                          : new Ending.Stalled(Duration.ofSeconds(20), true),
                      new Judgement(
                          good,
                          good ? "exit 0, no patterns" : "stalled: no more output for 20 s",
                          List.of()),
                      TranscriptCheck.unknown("the output names no session"),
                      Optional.empty()))));
    }
    PlannedTask plan = planned("concurrent", "claude -p x", CLAUDE);
    return new StressReport(
        suite(
            List.of(
                new TaskResult(
                    plan,
                    new TaskStatus.Failed(
                        "2 of 3 instances passed; instance 2: stalled: no more output for 20 s"),
                    instances,
                    List.of(new Best("FASTEST", OptionalInt.of(3), "1.25 s"))))),
        List.of());
  }

  TaskResult passed(String id, double seconds) {
    TryResult attempt =
        new TryResult(
            id + ".1",
            1,
            BEGUN,
            Optional.of(Duration.ofMillis(10)),
            Duration.ofMillis(Math.round(seconds * 1000)),
            new Ending.Exited(0),
            new Judgement(
                true,
                "exit 0, 1 of 1 patterns found, any needed",
                List.of(new Sighting("'x'", OptionalInt.of(1), ""))),
            new TranscriptCheck(TranscriptCheck.Verdict.NONE, "", Optional.of("s-" + id)),
            output(id + ".1", "x\n"),
            2,
            OptionalLong.of(4711));
    return new TaskResult(
        planned(id, "claude -p \"What is x?\"", CLAUDE),
        new TaskStatus.Passed(attempt.judgement().reason()),
        List.of(one(attempt)),
        List.of());
  }

  private static TaskResult untried(String id, TaskStatus status) {
    return new TaskResult(planned(id, "true", Optional.empty()), status, List.of(), List.of());
  }

  static InstanceResult one(TryResult... tries) {
    return new InstanceResult(1, Optional.empty(), OptionalDouble.empty(), List.of(tries));
  }

  private static TryResult attempt(
      String name,
      int number,
      Ending ending,
      Judgement judgement,
      TranscriptCheck check,
      Optional<Path> output) {
    return new TryResult(
        name,
        number,
        BEGUN.plusSeconds(number),
        Optional.empty(),
        Duration.ofMillis(1_250),
        ending,
        judgement,
        check,
        output,
        output.isPresent() ? 1234567 : 0,
        OptionalLong.empty());
  }

  static PlannedTask planned(String id, String command, Optional<String> agent) {
    return new PlannedTask(
        id,
        "simple",
        1,
        "categories.simple.tasks[0]",
        Optional.empty(),
        Optional.empty(),
        "[complexity:medium]",
        command,
        agent,
        id + "_MARKER",
        id.startsWith("failure_"),
        agent.isPresent() ? List.of("'x'") : List.of(),
        id.equals("capitals") ? Match.ALL : Match.ANY,
        new Limits(Duration.ofSeconds(30), Optional.empty()),
        id.startsWith("learned") ? LimitSource.LEARNED : LimitSource.SUITE,
        1,
        List.of(),
        learned(id));
  }

  private static Optional<LearnedLimit> learned(String id) {
    Duration before = Duration.ofSeconds(30);
    return switch (id) {
      case "learned" ->
          Optional.of(
              new LearnedLimit(
                  LearnedLimit.Basis.SAME,
                  12,
                  1,
                  Optional.of(Duration.ofMillis(31_250)),
                  Optional.empty(),
                  before,
                  Duration.ofSeconds(47)));
      case "learned_not" ->
          Optional.of(
              new LearnedLimit(
                  LearnedLimit.Basis.SUITE,
                  2,
                  0,
                  Optional.empty(),
                  Optional.empty(),
                  before,
                  before));
      default -> Optional.empty();
    };
  }

  /** With {@code --timeouts auto}. */
  StressReport learned() {
    return new StressReport(
        suite(List.of(passed("learned", 1), passed("learned_not", 1))), List.of());
  }

  /** The same suite of which one task was chosen, after whole runs; run with a script. */
  StressReport partial() {
    SuiteResult whole = suite(List.of(passed("simple_1", 1)));
    return withHistory(
        new SuiteResult(
            whole.suite(),
            whole.file(),
            whole.run(),
            whole.folder(),
            whole.started(),
            whole.duration(),
            true,
            false,
            whole.server(),
            whole.embedded(),
            new Endpoint.Rehearsal("http://127.0.0.1:1"),
            whole.load(),
            whole.limitFactor(),
            whole.jobs(),
            whole.maxRetries(),
            30,
            List.of("--script", "my answers.yaml"),
            whole.tasks(),
            List.of(),
            List.of()),
        1,
        0);
  }

  /** One that was run whole: what was left out counts as never in it. */
  SuiteResult suite(List<TaskResult> tasks) {
    return new SuiteResult(
        "SMALL",
        "my suites/suite.json",
        "20261122-010203-abcd",
        folder,
        BEGUN,
        Duration.ofSeconds(12),
        true,
        false,
        "ws://127.0.0.1:8004/ws",
        true,
        new Endpoint.Provider(),
        0.5,
        1,
        4,
        3,
        (int) tasks.stream().filter(it -> !(it.status() instanceof TaskStatus.Skipped)).count(),
        List.of(),
        tasks,
        List.of("OK tool.claude: 2.1.197", "WARN port.8004: held by process 17"),
        List.of());
  }

  private static SuiteResult with(
      SuiteResult suite, Endpoint endpoint, boolean ended, boolean interrupted) {
    return new SuiteResult(
        suite.suite(),
        suite.file(),
        suite.run(),
        suite.folder(),
        suite.started(),
        suite.duration(),
        ended,
        interrupted,
        suite.server(),
        suite.embedded(),
        endpoint,
        suite.load(),
        suite.limitFactor(),
        suite.jobs(),
        suite.maxRetries(),
        suite.suiteTasks(),
        suite.options(),
        suite.tasks(),
        suite.prerequisites(),
        List.of("a warning"));
  }

  /** After runs in which so many of its judged tasks passed. */
  private static StressReport withHistory(SuiteResult suite, int... passed) {
    StressRun now = Remembered.of(suite);
    List<StressRun> history = new ArrayList<>();
    for (int i = 0; i < passed.length; i++) {
      List<StressRun.Task> tasks = new ArrayList<>();
      for (StressRun.Task task : now.tasks()) {
        tasks.add(
            new StressRun.Task(
                task.id(),
                task.category(),
                task.agent(),
                task.complexity(),
                tasks.size() < passed[i],
                false,
                task.duration()));
      }
      history.add(
          new StressRun(
              "2026112" + i + "-010203-abcd",
              now.suite(),
              BEGUN.minus(Duration.ofDays(passed.length - i)),
              false,
              false,
              tasks));
    }
    history.add(now);
    return new StressReport(suite, history);
  }

  private Optional<Path> output(String attempt, String text) {
    try {
      Path file = Files.createDirectories(folder.resolve("attempts")).resolve(attempt + ".out");
      Files.writeString(file, text);
      return Optional.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
