package dev.regatta.stress;

import dev.regatta.journal.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What came of a suite, from the journal of its run, also of one that goes on or was killed. */
public final class SuiteReading {
  /** The level of notes about what was looked at before a suite began. */
  public static final String PREREQUISITE = "prerequisite";

  private final Path folder;
  private final boolean alive;
  private final Map<String, Event.SuiteTaskPlanned> plans = new LinkedHashMap<>();
  private final Map<String, Event.AttemptStarted> started = new HashMap<>();
  private final Map<String, Event.AttemptEnded> ended = new HashMap<>();
  private final Map<String, Map<Integer, List<TryResult>>> tries = new HashMap<>();
  private final Map<String, Map<Integer, Integer>> answers = new HashMap<>();
  private final Map<String, Map<String, Best>> picked = new HashMap<>();
  private final Map<String, String> notTried = new HashMap<>();
  private final List<String> prerequisites = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private Event.@Nullable RunStarted run;
  private Event.@Nullable SuitePlanned suite;
  private Event.@Nullable RunEnded end;
  private long last;

  private SuiteReading(Path folder, boolean alive) {
    this.folder = folder;
    this.alive = alive;
  }

  /**
   * Reads it.
   *
   * @param events of the journal
   * @param folder of the run, absolute
   * @param alive whether the run goes on
   * @return empty if the journal holds no plan of a suite, because it broke off before that
   */
  public static Optional<SuiteResult> of(List<Event> events, Path folder, boolean alive) {
    SuiteReading reading = new SuiteReading(folder, alive);
    events.forEach(reading::take);
    return reading.result();
  }

  private void take(Event event) {
    switch (event) {
      case Event.RunStarted it -> run = it;
      case Event.SuitePlanned it -> suite = it;
      case Event.SuiteTaskPlanned it -> plans.put(it.task(), it);
      case Event.AttemptStarted it -> {
        started.put(it.attempt(), it);
        last = Math.max(last, it.spawnedNanos());
      }
      case Event.AttemptEnded it -> {
        ended.put(it.attempt(), it);
        last = Math.max(last, it.exitNanos());
      }
      case Event.TryJudged it -> judged(it);
      case Event.InstancePicked it ->
          picked
              .computeIfAbsent(it.task(), task -> new HashMap<>())
              .put(it.criterion(), Journalled.best(it));
      case Event.TaskNotTried it -> notTried.put(it.task(), it.reason());
      case Event.Noted it when it.level().equals(PREREQUISITE) -> prerequisites.add(it.text());
      case Event.Noted it when it.level().equals("warning") -> warnings.add(it.text());
      case Event.RunEnded it -> end = it;
      default -> {
        // Not of the result.
      }
    }
  }

  private void judged(Event.TryJudged judged) {
    Event.AttemptStarted began = started.get(judged.attempt());
    Event.AttemptEnded over = ended.get(judged.attempt());
    if (began == null || over == null) {
      return; // the journal was tampered with; its chain says so
    }
    Long first = over.firstOutputNanos();
    TryResult result =
        new TryResult(
            judged.attempt(),
            began.number(),
            at(began.spawnNanos()),
            Optional.ofNullable(first).map(it -> Duration.ofNanos(it - began.spawnNanos())),
            Duration.ofNanos(over.exitNanos() - began.spawnNanos()),
            Journalled.ending(judged, over),
            Journalled.judgement(judged),
            Journalled.check(judged),
            Optional.ofNullable(judged.output()).map(folder::resolve),
            over.outputBytes(),
            began.pid() == 0 ? OptionalLong.empty() : OptionalLong.of(began.pid()));
    tries
        .computeIfAbsent(began.task(), task -> new TreeMap<>())
        .computeIfAbsent(judged.instance(), instance -> new ArrayList<>())
        .add(result);
    answers
        .computeIfAbsent(began.task(), task -> new HashMap<>())
        .put(judged.instance(), judged.answerCharacters());
  }

  private Instant at(long nanos) {
    return Instant.EPOCH.plusNanos((run == null ? 0 : run.originEpochNanos()) + nanos);
  }

  private Optional<SuiteResult> result() {
    Event.RunStarted start = run;
    Event.SuitePlanned plan = suite;
    if (start == null || plan == null) {
      return Optional.empty();
    }
    return Optional.of(
        new SuiteResult(
            plan.suite(),
            plan.file(),
            start.run(),
            folder,
            at(0),
            Duration.ofNanos(end == null ? last : end.endNanos()),
            end != null,
            end != null && end.status().equals("interrupted"),
            plan.server(),
            plan.embedded(),
            Journalled.endpoint(plan),
            plan.load(),
            plan.limitFactor(),
            plan.jobs(),
            plan.maxRetries(),
            plan.tasks() == null ? plans.size() : plan.tasks(),
            plan.options() == null ? List.of() : plan.options(),
            plans.values().stream().map(task -> task(plan, task)).toList(),
            prerequisites,
            warnings));
  }

  private TaskResult task(Event.SuitePlanned suitePlan, Event.SuiteTaskPlanned task) {
    PlannedTask plan = Journalled.plan(task);
    List<InstanceResult> instances = new ArrayList<>();
    Map<Integer, List<TryResult>> tried = tries.getOrDefault(task.task(), Map.of());
    for (int number = 1; task.skipped() == null && number <= task.instances(); number++) {
      instances.add(
          new InstanceResult(
              number,
              number <= task.models().size()
                  ? Optional.of(task.models().get(number - 1))
                  : Optional.empty(),
              number <= task.temperatures().size()
                  ? OptionalDouble.of(task.temperatures().get(number - 1))
                  : OptionalDouble.empty(),
              tried.getOrDefault(number, List.of())));
    }
    Criteria criteria =
        new Criteria(
            instances,
            answers.getOrDefault(task.task(), Map.of()),
            picked.getOrDefault(task.task(), Map.of()));
    List<Best> best =
        plan.instances() > 1 && !tried.isEmpty()
            ? plan.criteria().stream().map(criteria::best).toList()
            : List.of();
    return new TaskResult(plan, status(suitePlan, task, instances), instances, best);
  }

  private TaskStatus status(
      Event.SuitePlanned suitePlan, Event.SuiteTaskPlanned task, List<InstanceResult> instances) {
    if (task.skipped() != null) {
      return new TaskStatus.Skipped(task.skipped());
    }
    Optional<InstanceResult> failed =
        instances.stream().filter(SuiteReading::hasFailed).findFirst();
    if (failed.isPresent()) {
      return new TaskStatus.Failed(
          prefixed(instances, failed.get()) + tries(failed.get(), suitePlan));
    }
    if (!instances.stream().allMatch(InstanceResult::passed)) {
      return new TaskStatus.NotTried(notTried.getOrDefault(task.task(), unfinished(instances)));
    }
    return new TaskStatus.Passed(passed(instances, suitePlan));
  }

  /** A try that was interrupted is no failure of the task. */
  private static boolean hasFailed(InstanceResult instance) {
    return instance
        .last()
        .filter(it -> !it.judgement().passed() && !(it.ending() instanceof Ending.Interrupted))
        .isPresent();
  }

  private static String prefixed(List<InstanceResult> instances, InstanceResult failed) {
    String reason = failed.last().orElseThrow().judgement().reason();
    if (instances.size() == 1) {
      return reason;
    }
    long passed = instances.stream().filter(InstanceResult::passed).count();
    return "%d of %d instances passed; instance %d: %s"
        .formatted(passed, instances.size(), failed.number(), reason);
  }

  private static String tries(InstanceResult instance, Event.SuitePlanned plan) {
    int count = instance.tries().size();
    return plan.maxRetries() == 0 || count == 1
        ? ""
        : " (try %d of %d)".formatted(count, plan.maxRetries() + 1);
  }

  private static String passed(List<InstanceResult> instances, Event.SuitePlanned plan) {
    if (instances.size() == 1) {
      InstanceResult only = instances.getFirst();
      return only.last().orElseThrow().judgement().reason() + tries(only, plan);
    }
    int most = instances.stream().mapToInt(it -> it.tries().size()).max().orElse(1);
    return "%d of %d instances passed%s"
        .formatted(
            instances.size(),
            instances.size(),
            most == 1 ? "" : ", one in its try " + most + " of " + (plan.maxRetries() + 1));
  }

  private String unfinished(List<InstanceResult> instances) {
    boolean interrupted =
        instances.stream().flatMap(it -> it.last().stream()).findAny().isPresent();
    if (end != null) {
      return interrupted || end.status().equals("interrupted")
          ? "interrupted"
          : "the run broke off";
    }
    return alive ? "not yet" : "the run was killed";
  }
}
