package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.process.Limits;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.run.RunOpening;
import dev.regatta.run.RunSettings;
import dev.regatta.run.Scheduler;
import dev.regatta.run.Task;
import dev.regatta.run.TaskFile;
import dev.regatta.run.TaskLog;
import dev.regatta.secret.Redactor;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Wires a run together: from the options to the summary. */
final class Working {
  private static final int MOST_AT_ONCE = 10_000;
  private static final int MOST_RETRIES = 100;

  private final Context context;
  private final CliCommand command;
  private final RunOptions options;
  private final AgentOptions agents;
  private final List<String> words;
  private final Cancellation cancellation = new Cancellation();

  Working(
      Context context,
      CliCommand command,
      RunOptions options,
      AgentOptions agents,
      List<String> words) {
    this.context = context;
    this.command = command;
    this.options = options;
    this.agents = agents;
    this.words = words;
  }

  /** What is done: the tasks, and of an earlier run what is known. */
  private record Work(
      String id,
      RunFolder folder,
      RunClock clock,
      Iterator<Task> tasks,
      boolean resumed,
      Map<String, Integer> attempts,
      int known) {}

  int carryOut() throws InterruptedException {
    try (Fleet fleet = new Fleet(context, agents, false)) {
      String agent = fleet.agent("command");
      refuseContradictions(agent);
      List<Task> listed =
          options.tasks == null
              ? List.of()
              : TaskFile.read(context.folder().resolve(options.tasks));
      RegattaHome home = Homes.open(context, command);
      Work work = options.resume == null ? fresh(home, agent, listed) : resumed(home);
      boolean prompts =
          !agent.equals("command") || listed.stream().anyMatch(it -> it.command().isEmpty());
      int parallel =
          Words.count(
              "--parallel",
              options.parallel,
              1,
              MOST_AT_ONCE,
              Runtime.getRuntime().availableProcessors());
      List<Credential> credentials =
          prompts ? fleet.credentials(modelAgent(fleet, agent), parallel) : List.of();
      RunSettings settings = settings(home, fleet, agent, parallel, prompts);
      return run(home, fleet, work, settings, credentials);
    }
  }

  private void refuseContradictions(String agent) {
    if (options.resume != null && (!words.isEmpty() || options.tasks != null)) {
      throw CliFailure.usage(
          "--resume does what is left of a run; it takes no command and no tasks");
    }
    if (options.tasks != null && !words.isEmpty()) {
      throw CliFailure.usage("--tasks and a command exclude each other: the file has the commands");
    }
    if (options.resume == null
        && options.tasks == null
        && words.isEmpty()
        && agent.equals("command")) {
      throw CliFailure.usage(
          "a command is needed: regatta run -- COMMAND [ARG …], with a task per line on standard"
              + " input");
    }
  }

  /** Tasks with prompts in a run of commands go to a model's agent all the same. */
  private static String modelAgent(Fleet fleet, String agent) {
    return agent.equals("command") ? fleet.agent("") : agent;
  }

  private Work fresh(RegattaHome home, String agent, List<Task> listed) {
    RunClock clock = RunClock.system();
    String id = RunOpening.freshId(clock, new SecureRandom());
    RunFolder folder = RunFolder.prepare(home.runFolder(id));
    Iterator<Task> tasks =
        options.tasks == null
            ? new LineTasks(context.in(), words, !agent.equals("command"))
            : listed.iterator();
    return new Work(id, folder, clock, tasks, false, Map.of(), listed.size());
  }

  /** The tasks of an earlier run that did not succeed, with how often each was tried. */
  private Work resumed(RegattaHome home) {
    Path path = folderOf(home, String.valueOf(options.resume));
    RunFolder folder = RunFolder.of(path);
    TaskLog.Contents log =
        TaskLog.read(folder)
            .orElseThrow(() ->
                CliFailure.usage(
                    "run " + options.resume + " cannot be gone on with: it kept no tasks"));
    JournalReader.Contents journal = JournalReader.read(folder.journal());
    if (!(journal.events().getFirst() instanceof Event.RunStarted started)) {
      throw CliFailure.work(folder.journal() + " does not begin with the start of a run");
    }
    Map<String, Integer> attempts = new HashMap<>();
    Map<String, String> taskOf = new HashMap<>();
    Set<String> succeeded = new HashSet<>();
    for (Event event : journal.events()) {
      if (event instanceof Event.AttemptStarted attempt) {
        taskOf.put(attempt.attempt(), attempt.task());
        attempts.merge(attempt.task(), 1, Math::max);
        attempts.merge(attempt.task(), attempt.number(), Math::max);
      } else if (event instanceof Event.AttemptEnded end && end.outcome() == Outcome.SUCCEEDED) {
        succeeded.add(taskOf.getOrDefault(end.attempt(), ""));
      }
    }
    List<Task> left =
        log.tasks().stream().filter(task -> !succeeded.contains(task.name())).toList();
    context
        .err()
        .println(
            "regatta: "
                + succeeded.size()
                + " of "
                + log.tasks().size()
                + " tasks are done, "
                + left.size()
                + " are left"
                + (log.complete() ? "" : "; its input had not been read to the end"));
    RunClock clock =
        RunClock.continuing(
            started.originEpochNanos(),
            InstantSource.system(),
            System::nanoTime,
            ZoneId.of(started.zone()));
    // What they depend on succeeded, or is itself among them.
    Iterator<Task> tasks = left.stream().map(task -> task.without(succeeded)).iterator();
    return new Work(started.run(), folder, clock, tasks, true, attempts, left.size());
  }

  private static Path folderOf(RegattaHome home, String run) {
    try (Store store = Store.open(home)) {
      return store
          .run(run)
          .map(RunRow::folder)
          .or(() -> Optional.of(home.runFolder(run)).filter(Files::isDirectory))
          .orElseThrow(
              () -> CliFailure.usage("there is no run '" + run + "'; regatta runs lists them"));
    }
  }

  private RunSettings settings(
      RegattaHome home, Fleet fleet, String agent, int parallel, boolean prompts) {
    Map<String, Adapter> adapters = new LinkedHashMap<>();
    adapters.put("command", fleet.adapter("command"));
    String model = modelAgent(fleet, agent);
    if (prompts) {
      adapters.put(model, fleet.adapter(model));
    }
    Limits limits = fleet.limits(Optional.empty());
    return new RunSettings(
        parallel,
        adapters,
        prompts ? model : "command",
        limits,
        fleet.load().limitFactor(),
        Words.count("--retries", options.retries, 0, MOST_RETRIES, 0),
        fleet.permissions(),
        fleet.tools(),
        Optional.ofNullable(agents.model),
        fleet.endpoint(),
        fleet.rehearsal(),
        context.folder(),
        home.path().resolve("config"),
        new RunSettings.Stagger.AsTheAgentAsks(Runtime.getRuntime().availableProcessors()));
  }

  private int run(
      RegattaHome home, Fleet fleet, Work work, RunSettings settings, List<Credential> credentials)
      throws InterruptedException {
    Redactor redactor = new Redactor(credentials.stream().map(Credential::value).toList());
    RunOpening opening =
        new RunOpening(
            home.path(),
            "run",
            VersionCommand.VERSION,
            work.clock(),
            redactor,
            cancellation,
            context.environment(),
            fleet.endpoint(),
            fleet.rehearsal(),
            fleet.facts());
    Summary summary = new Summary(work.id(), work.folder(), work.clock());
    Instant began = Instant.now();
    // The index is opened beside the work: it takes longer than a hundred small commands.
    try (Indexing indexing = new Indexing(home, work, began, fleet.rehearsal());
        Interrupts interrupts = new Interrupts(cancellation, context.err());
        Progress progress = new Progress(context.err(), context.errTerminal(), true);
        Run run =
            work.resumed()
                ? opening.resume(work.id(), work.folder())
                : opening.open(work.id(), work.folder())) {
      run.watch(progress);
      run.record(planRecorded(settings, credentials));
      Results results = new Results(context, options, work.folder(), progress, summary);
      CredentialPool pool =
          credentials.isEmpty() ? null : new CredentialPool(credentials, InstantSource.system());
      Scheduler scheduler =
          new Scheduler(
              run,
              settings,
              Optional.ofNullable(pool),
              InstantSource.system(),
              task -> work.attempts().getOrDefault(task, 0));
      scheduler.carryOut(results.ordered(logged(work, redactor)), results);
      results.finish();
      run.end(cancellation.requested() ? "interrupted" : "completed");
      indexing.ended(summary, cancellation.requested() ? "interrupted" : "completed");
    }
    work.folder().recordManifest(List.of(TaskLog.NAME));
    summary.print(context, options.json, cancellation.requested());
    if (cancellation.requested()) {
      return ExitCode.INTERRUPTED;
    }
    return summary.allSucceeded() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The tasks, each noted as it comes in. */
  private static Iterator<Task> logged(Work work, Redactor redactor) {
    if (work.resumed()) {
      return work.tasks();
    }
    TaskLog log = new TaskLog(work.folder(), redactor::redact);
    Iterator<Task> tasks = work.tasks();
    return new Iterator<>() {
      private boolean ended;

      @Override
      public boolean hasNext() {
        boolean more = tasks.hasNext();
        if (!more && !ended) {
          ended = true;
          log.end();
          log.close();
        }
        return more;
      }

      @Override
      public Task next() {
        Task task = tasks.next();
        log.add(task);
        return task;
      }
    };
  }

  private static Event.PlanRecorded planRecorded(
      RunSettings settings, List<Credential> credentials) {
    Map<String, Double> limits = new LinkedHashMap<>();
    settings.limits().whole().ifPresent(limit -> limits.put("timeout", seconds(limit)));
    settings.limits().firstOutput().ifPresent(limit -> limits.put("firstOutput", seconds(limit)));
    settings.limits().stall().ifPresent(limit -> limits.put("stall", seconds(limit)));
    return new Event.PlanRecorded(
        settings.parallel(),
        1,
        List.of(),
        List.of(),
        credentials.stream().map(Credential::name).toList(),
        !credentials.isEmpty() && credentials.size() < settings.parallel(),
        limits,
        settings.agent(),
        null);
  }

  private static double seconds(Duration limit) {
    return limit.toMillis() / 1000.0;
  }

  /** Keeps the run's row in the index, on a thread of its own until the end. */
  private static final class Indexing implements AutoCloseable {
    private final RegattaHome home;
    private final Work work;
    private final Instant began;
    private final boolean rehearsal;
    private final Thread opening;
    private @Nullable Store store;
    private @Nullable RuntimeException failure;

    Indexing(RegattaHome home, Work work, Instant began, boolean rehearsal) {
      this.home = home;
      this.work = work;
      this.began = began;
      this.rehearsal = rehearsal;
      this.opening = Thread.ofPlatform().name("regatta-index").start(this::open);
    }

    private void open() {
      try {
        store = Store.open(home);
        store.put(row(null, "running", 0, 0));
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    void ended(Summary summary, String status) throws InterruptedException {
      opening.join();
      if (failure != null) {
        throw failure;
      }
      if (store != null) {
        store.put(row(Instant.now(), status, summary.tasks(), summary.succeeded()));
      }
    }

    private RunRow row(@Nullable Instant ended, String status, int tasks, int good) {
      return new RunRow(
          work.id(),
          "run",
          work.known() > 0 ? work.known() + " tasks" : "tasks from standard input",
          work.folder().path(),
          began,
          ended,
          status,
          rehearsal,
          tasks,
          good,
          null,
          null);
    }

    @Override
    public void close() {
      if (store != null) {
        store.close();
      }
    }
  }
}
