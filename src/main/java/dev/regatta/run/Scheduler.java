package dev.regatta.run;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.credential.Grant;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.provider.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Carries out tasks, so many at once, each on a virtual thread of its own from its first attempt to
 * its last.
 *
 * <p>Only a task's own failure counts as a try of it. A credential at its limit rests, one that is
 * refused is out, and the task goes on with another; when none is left nothing more is started. A
 * provider that fails is asked again a few times, after pauses that grow.
 */
public final class Scheduler {
  /** A provider that failed is asked again after 1 s, 2 s, 4 s, 8 s and 16 s. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /**
   * After that often more it counts as down: half a minute and the agent's own tries are enough.
   */
  private static final int MORE_AFTER_PROVIDER = 5;

  /**
   * Refusals of credentials, and limits without a time at which they end, are borne this often, so
   * that no task goes on for ever. One that waits until a time that was named only waits.
   */
  private static final int PATIENCE = 20;

  private final Run run;
  private final RunSettings settings;
  private final Optional<CredentialPool> pool;
  private final Optional<Rests> rests;
  private final Map<Provider, Pause> pauses;
  private final ToIntFunction<String> attemptsBefore;
  private final Duration firstPause;
  private final UnaryOperator<AttemptPlan> prepared;
  private final boolean once;
  private final Assigner assigner;
  private final Starts starts;
  private final Slots slots;
  private final Optional<Call> asked;
  private final Cancellation cancellation;
  private final AtomicInteger order;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * A scheduler for one run.
   *
   * @param pool the credentials, or empty when tasks need none
   * @param wall the wall clock, by which credentials rest
   * @param attemptsBefore how many attempts a task had before, when a run is gone on with
   */
  public Scheduler(
      Run run,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      ToIntFunction<String> attemptsBefore) {
    this(run, settings, pool, wall, attemptsBefore, FIRST_PAUSE);
  }

  /**
   * One for an experiment: each task has one attempt, however it ends, and none that needs a
   * credential is begun later because all of them rest.
   *
   * @param prepared what becomes of each attempt before it starts, for example with a challenge
   */
  public static Scheduler ofExperiment(
      Run run,
      RunSettings settings,
      CredentialPool pool,
      InstantSource wall,
      UnaryOperator<AttemptPlan> prepared) {
    return new Scheduler(
        run, settings, Optional.of(pool), wall, task -> 0, FIRST_PAUSE, prepared, true);
  }

  /**
   * One that prepares each attempt before it starts, for example with further arguments.
   *
   * @param prepared what becomes of each attempt
   */
  public static Scheduler preparing(
      Run run,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      UnaryOperator<AttemptPlan> prepared) {
    return new Scheduler(run, settings, pool, wall, task -> 0, FIRST_PAUSE, prepared, false);
  }

  Scheduler(
      Run run,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      ToIntFunction<String> attemptsBefore,
      Duration firstPause) {
    this(run, settings, pool, wall, attemptsBefore, firstPause, UnaryOperator.identity(), false);
  }

  private Scheduler(
      Run run,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      ToIntFunction<String> attemptsBefore,
      Duration firstPause,
      UnaryOperator<AttemptPlan> prepared,
      boolean once) {
    this.prepared = prepared;
    this.once = once;
    this.attemptsBefore = attemptsBefore;
    this.firstPause = firstPause;
    this.run = run;
    this.settings = settings;
    this.pool = pool;
    this.rests = pool.map(credentials -> run.heed(credentials, wall));
    this.pauses = pool.map(credentials -> pauses(run, credentials, wall)).orElseGet(() -> Map.of());
    this.assigner = new Assigner(run, settings);
    this.starts = new Starts();
    this.slots = new Slots(settings.parallel());
    this.asked = Optional.empty();
    this.cancellation = run.cancellation();
    this.order = new AtomicInteger();
  }

  private Scheduler(Scheduler whole, Call asked) {
    this.run = whole.run;
    this.settings = whole.settings;
    this.pool = whole.pool;
    this.rests = whole.rests;
    this.pauses = whole.pauses;
    this.attemptsBefore = task -> 0;
    this.firstPause = whole.firstPause;
    this.prepared = whole.prepared;
    this.once = whole.once;
    this.assigner = whole.assigner;
    this.starts = whole.starts;
    this.slots = whole.slots;
    this.order = whole.order;
    this.asked = Optional.of(asked);
    this.cancellation = asked.cancellation();
  }

  private static Map<Provider, Pause> pauses(Run run, CredentialPool pool, InstantSource wall) {
    return pool.providers().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Function.identity(), provider -> new Pause(run, pool, provider, wall)));
  }

  /** The same for what an agent asked for: in the same slots, until that agent is stopped. */
  Scheduler within(Call call) {
    return new Scheduler(this, call);
  }

  Slots slots() {
    return slots;
  }

  RunSettings settings() {
    return settings;
  }

  /**
   * Carries out all tasks and returns when the last has ended.
   *
   * @param tasks in order; may arrive while others run
   * @param results gets each task's end, on the thread that carried it out, one at a time
   */
  public void carryOut(Iterator<Task> tasks, Consumer<TaskResult> results)
      throws InterruptedException {
    TaskQueue queue = new TaskQueue(scheduledAsRead(tasks), settings.folder());
    List<Thread> threads = new ArrayList<>();
    try (Cancellation.Registration closing = cancellation.onRequest(queue::close)) {
      // Those that an agent asked for are ready at once; each waits for a slot by itself.
      int workers = asked.map(Call::size).orElse(settings.parallel());
      for (int i = 0; i < workers; i++) {
        threads.add(Thread.ofVirtual().name("worker-" + i).start(() -> work(queue, results)));
      }
      cancellation.join(threads);
    }
    Throwable broken = failure.get();
    if (broken instanceof RuntimeException exception) {
      throw exception;
    } else if (broken instanceof Error error) {
      throw error;
    }
  }

  /**
   * A task that waits for nothing is ready when it is read. Written down then, it is known even
   * when the run is stopped before it begins.
   */
  private Iterator<Task> scheduledAsRead(Iterator<Task> tasks) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return tasks.hasNext();
      }

      @Override
      public Task next() {
        Task task = tasks.next();
        if (!waits(task)) {
          scheduled(task);
        }
        return task;
      }
    };
  }

  private static boolean waits(Task task) {
    return !task.dependsOn().isEmpty() || !task.files().isEmpty();
  }

  private void scheduled(Task task) {
    run.record(
        new Event.TaskScheduled(
            task.name(),
            asked.flatMap(call -> call.asking().plan().phase()).orElse(null),
            task.title(),
            run.clock().nanos()));
  }

  private void work(TaskQueue queue, Consumer<TaskResult> results) {
    try {
      while (true) {
        Optional<TaskQueue.Next> next = queue.take();
        if (next.isEmpty() || cancellation.requested()) {
          return; // what was not begun when the run was stopped is left for a later one
        }
        TaskResult result =
            switch (next.get()) {
              case TaskQueue.Next.Ready ready -> inSlot(ready.task());
              case TaskQueue.Next.Blocked blocked -> blocked(blocked);
            };
        if (result.attempt().isEmpty()) {
          run.record(new Event.TaskNotTried(result.task().name(), result.reason()));
        }
        queue.finished(result.task(), result.succeeded());
        synchronized (results) {
          results.accept(result);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // A full disk or a fault of ours: what runs is stopped, and the caller gets the first cause.
      failure.compareAndSet(null, e);
      run.cancellation().request();
      queue.close();
    }
  }

  private static TaskResult blocked(TaskQueue.Next.Blocked blocked) {
    return TaskResult.notTried(
        blocked.task(),
        Outcome.CANCELLED,
        "not started: it depends on " + blocked.failed() + ", which did not succeed");
  }

  private TaskResult inSlot(Task task) throws InterruptedException {
    Optional<Slots.Slot> slot = slots.take(cancellation);
    if (slot.isEmpty()) {
      return TaskResult.notTried(task, Outcome.CANCELLED, "the run was stopped");
    }
    try (Slots.Slot held = slot.get()) {
      return carryOut(task, new Seat(asked, held, pool));
    }
  }

  private TaskResult carryOut(Task task, Seat seat) throws InterruptedException {
    if (waits(task)) {
      scheduled(task);
    }
    int turn = order.getAndIncrement();
    int retries = task.retries().orElse(settings.retries());
    int own = 0;
    int credentials = 0;
    int provider = 0;
    Optional<AttemptResult> last = Optional.empty();
    for (int number = attemptsBefore.applyAsInt(task.name()) + 1; ; number++) {
      // After a failure of the provider it is another credential's turn, if there is another. An
      // attempt that ended while it waited for others has left its slot to them.
      Turn taken =
          seat.slot().reclaim(cancellation) ? turn(task, turn + provider) : Turn.None.stopped();
      if (taken instanceof Turn.None none) {
        return last.map(tried -> TaskResult.of(task, tried, 0))
            .orElseGet(() -> TaskResult.notTried(task, none.outcome(), none.reason()));
      }
      Optional<Credential> credential = ((Turn.Taken) taken).credential();
      AttemptResult result;
      boolean named;
      try {
        AttemptPlan plan = prepared.apply(assigner.plan(task, number, credential).in(seat));
        result = run.start(asked.flatMap(Call::timeLeft).map(plan::within).orElse(plan)).follow();
        // Before it is given back: else another task could take what was just refused.
        named = ended(result);
      } finally {
        pool.ifPresent(pool -> credential.ifPresent(pool::release));
      }
      last = Optional.of(result);
      Again again =
          again(
              result,
              own < retries,
              named || credentials < PATIENCE,
              provider < MORE_AFTER_PROVIDER);
      switch (again) {
        case NO -> {
          return TaskResult.of(task, result, provider);
        }
        case OWN -> own++;
        case CREDENTIAL -> credentials += named ? 0 : 1;
        case PROVIDER -> {
          // A run that is stopped meanwhile leaves the task with this end.
          if (!cancellation.sleep(firstPause.toNanos() << provider++)) {
            return TaskResult.of(task, result, 0);
          }
        }
      }
    }
  }

  private boolean ended(AttemptResult result) {
    return result
        .credential()
        .filter(carried -> rests.orElseThrow().ended(carried, result))
        .isPresent();
  }

  /** Whether to try again, and on whose account. */
  private enum Again {
    NO,
    OWN,
    PROVIDER,
    CREDENTIAL
  }

  private Again again(
      AttemptResult result, boolean triesLeft, boolean moreCredentials, boolean askAgain) {
    if (once || cancellation.requested() || result.hopeless()) {
      return Again.NO;
    }
    return switch (result.outcome()) {
      case SUCCEEDED, CANCELLED, SPAWN_FAILED, LOST -> Again.NO;
      case RATE_LIMITED, UNAUTHORIZED ->
          pool.isPresent() && moreCredentials ? Again.CREDENTIAL : Again.NO;
      case API_ERROR -> askAgain ? Again.PROVIDER : Again.NO;
      case AGENT_ERROR, TIMED_OUT, STALLED, OUTPUT_INVALID, VERIFICATION_FAILED ->
          triesLeft ? Again.OWN : Again.NO;
    };
  }

  /** Whether a task got what it needs to start. */
  private sealed interface Turn {
    record Taken(Optional<Credential> credential) implements Turn {}

    record None(Outcome outcome, String reason) implements Turn {
      static None stopped() {
        return new None(Outcome.CANCELLED, "the run was stopped");
      }
    }
  }

  /** Waits until the task may start now, and with what. */
  private Turn turn(Task task, int turn) throws InterruptedException {
    while (true) {
      Turn taken = credential(task, turn);
      if (!(taken instanceof Turn.Taken(Optional<Credential> credential))) {
        return taken;
      }
      boolean may = false;
      try {
        if (!starts.await(settings.gap(assigner.adapter(task)), cancellation)) {
          return Turn.None.stopped();
        }
        Optional<Turn.None> never = never();
        if (never.isPresent()) {
          return never.get();
        }
        // While it waited for its start, another may have been refused with the same credential.
        may = credential.isEmpty() || pool.orElseThrow().may(credential.get());
        if (may) {
          return taken;
        }
      } finally {
        if (!may) {
          credential.ifPresent(held -> pool.orElseThrow().release(held));
        }
      }
    }
  }

  /** The pool has a credential of the provider's, so there is one. */
  private Pause pause(Provider provider) {
    return Objects.requireNonNull(pauses.get(provider));
  }

  /** Why nothing more may start, if so: asked each time, as it may change while a task waits. */
  private Optional<Turn.None> never() {
    return cancellation.requested()
        ? Optional.of(Turn.None.stopped())
        : asked
            .flatMap(Call::exhausted)
            .map(why -> new Turn.None(Outcome.CANCELLED, "not started: " + why));
  }

  private Turn credential(Task task, int turn) throws InterruptedException {
    Optional<Turn.None> never = never();
    if (never.isPresent()) {
      return never.get();
    }
    Optional<Provider> provider = assigner.adapter(task).provider();
    if (pool.isEmpty() || provider.isEmpty()) {
      return new Turn.Taken(Optional.empty());
    }
    while (true) {
      switch (pool.get().grant(turn, provider.get())) {
        case Grant.Granted granted -> {
          pause(provider.get()).over();
          return new Turn.Taken(Optional.of(granted.credential()));
        }
        case Grant.NoneLeft none -> {
          return new Turn.None(Outcome.UNAUTHORIZED, "not started: " + none.why());
        }
        case Grant.WaitUntil wait -> {
          if (once) {
            return new Turn.None(
                Outcome.RATE_LIMITED,
                "not started: every credential is refused, the first until "
                    + wait.until()
                    + ", and nothing waits for it here");
          }
          if (!pause(provider.get()).await(wait.until(), cancellation)) {
            return Turn.None.stopped();
          }
        }
      }
    }
  }
}
