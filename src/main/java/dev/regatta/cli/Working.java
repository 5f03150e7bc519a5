package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Event;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private @Nullable OutputGone outputGone;

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

  /** What the options say, checked before the disk is touched. */
  private record Order(
      int parallel, int retries, Limits limits, Optional<String> model, List<Task> listed) {}

  /** What is done: the tasks, and of an earlier run what is known. */
  private record Work(
      String id,
      RunFolder folder,
      RunClock clock,
      Iterator<Task> tasks,
      boolean resumed,
      Map<String, Integer> attempts,
      int known,
      int done) {}

  int carryOut() throws InterruptedException {
    try (Fleet fleet = new Fleet(context, agents, false)) {
      String asked = fleet.agent("command");
      refuseContradictions(asked);
      Order order = order(fleet);
      if (options.resume != null) {
        return resume(fleet, order, options.resume);
      }
      boolean prompts = !asked.equals("command") || hasPrompts(order.listed());
      Map<String, Adapter> adapters = adapters(fleet, asked, prompts, order.listed());
      List<Credential> credentials = credentials(fleet, order, asked, prompts);
      RegattaHome home = Homes.open(context, command);
      RunSettings settings = settings(home, fleet, order, asked, prompts, adapters);
      return run(home, fleet, fresh(home, asked, order.listed()), settings, credentials);
    }
  }

  private int resume(Fleet fleet, Order order, String named) throws InterruptedException {
    RegattaHome home =
        Homes.existing(context, command).orElseThrow(() -> EarlierRun.unknown(named));
    EarlierRun earlier = EarlierRun.find(home, named);
    String agent = earlier.agent();
    refuseOtherConditions(fleet, earlier);
    boolean prompts = hasPrompts(earlier.left());
    Map<String, Adapter> adapters = adapters(fleet, agent, prompts, earlier.left());
    List<Credential> credentials = credentials(fleet, order, agent, prompts);
    context.err().println("regatta: " + earlier.describe());
    Work work =
        new Work(
            earlier.id(),
            earlier.folder(),
            earlier.clock(),
            earlier.left().iterator(),
            true,
            earlier.attempts(),
            earlier.left().size(),
            earlier.done());
    RunSettings settings = settings(home, fleet, order, agent, prompts, adapters);
    return run(home, fleet, work, settings, credentials);
  }

  /** One run has one agent, and is a rehearsal or is none. */
  private void refuseOtherConditions(Fleet fleet, EarlierRun earlier) {
    if (agents.agent != null && !agents.agent.equals(earlier.agent())) {
      throw CliFailure.usage(
          "run "
              + earlier.id()
              + " was begun with the agent "
              + earlier.agent()
              + ", and goes on with it: leave out --agent");
    }
    if (earlier.rehearsal() != fleet.rehearsal()) {
      throw CliFailure.usage(
          "run "
              + earlier.id()
              + (earlier.rehearsal()
                  ? " was a rehearsal: add --rehearsal to go on with it"
                  : " was no rehearsal: leave out --rehearsal to go on with it"));
    }
  }

  private Order order(Fleet fleet) {
    return new Order(
        Words.count(
            "--parallel",
            options.parallel,
            1,
            MOST_AT_ONCE,
            Runtime.getRuntime().availableProcessors()),
        Words.count("--retries", options.retries, 0, MOST_RETRIES, 0),
        fleet.limits(Optional.empty()),
        fleet.model(),
        options.tasks == null ? List.of() : TaskFile.read(context.folder().resolve(options.tasks)));
  }

  private static boolean hasPrompts(List<Task> tasks) {
    return tasks.stream().anyMatch(task -> task.command().isEmpty());
  }

  private List<Credential> credentials(Fleet fleet, Order order, String agent, boolean prompts) {
    if (!prompts) {
      return List.of();
    }
    List<Credential> credentials = fleet.credentials(modelAgent(fleet, agent), order.parallel());
    fleet.sayIfShared(credentials, order.parallel());
    return credentials;
  }

  /** The run's agent, and those that single tasks name. */
  private static Map<String, Adapter> adapters(
      Fleet fleet, String agent, boolean prompts, List<Task> listed) {
    Map<String, Adapter> adapters = new LinkedHashMap<>();
    adapters.put("command", fleet.adapter("command"));
    if (prompts) {
      String model = modelAgent(fleet, agent);
      adapters.put(model, fleet.adapter(model));
    }
    for (Task task : listed) {
      if (task.command().isEmpty() && task.agent().isPresent()) {
        adapters.computeIfAbsent(task.agent().get(), fleet::adapter);
      }
    }
    return adapters;
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
            ? new LineTasks(
                new StandardInput(context.in(), cancellation), words, !agent.equals("command"))
            : listed.iterator();
    return new Work(id, folder, clock, tasks, false, Map.of(), listed.size(), 0);
  }

  private RunSettings settings(
      RegattaHome home,
      Fleet fleet,
      Order order,
      String agent,
      boolean prompts,
      Map<String, Adapter> adapters) {
    return new RunSettings(
        order.parallel(),
        adapters,
        prompts ? modelAgent(fleet, agent) : "command",
        order.limits(),
        fleet.load().limitFactor(),
        order.retries(),
        fleet.permissions(),
        fleet.tools(),
        order.model(),
        fleet.endpoint(),
        fleet.rehearsal(),
        context.folder(),
        home.path().resolve("config"),
        new RunSettings.Stagger.AsTheAgentAsks(Runtime.getRuntime().availableProcessors()));
  }

  private int run(
      RegattaHome home, Fleet fleet, Work work, RunSettings settings, List<Credential> credentials)
      throws InterruptedException {
    Redactor redactor = context.secrets().redactor();
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
    Summary summary = new Summary(work.id(), work.folder(), work.clock(), fleet.rehearsal());
    try (Interrupts interrupts = new Interrupts(cancellation, context.err());
        Progress progress = new Progress(context.err(), context.errTerminal(), true);
        Run run =
            work.resumed()
                ? opening.resume(work.id(), work.folder())
                : opening.open(work.id(), work.folder());
        Indexing indexing = new Indexing(context, home, row(work, fleet.rehearsal()))) {
      run.watch(progress);
      run.record(planRecorded(settings, credentials));
      Fleet.noteLongerLimits(run, settings.limitFactor());
      Results results = new Results(context, options, work.folder(), progress, summary);
      CredentialPool pool =
          credentials.isEmpty() ? null : new CredentialPool(credentials, InstantSource.system());
      // Only what the provider said counts beyond the run, not what another server did.
      if (pool != null && fleet.endpoint().isEmpty()) {
        SharedRests rests = new SharedRests(home, credentials, context.err());
        rests.bringInto(pool, Instant.now());
        run.watch(progress.andThen(rests));
      }
      Scheduler scheduler =
          new Scheduler(
              run,
              settings,
              Optional.ofNullable(pool),
              InstantSource.system(),
              task -> work.attempts().getOrDefault(task, 0));
      String status = "failed";
      try {
        scheduler.carryOut(results.ordered(logged(work, redactor)), results);
        results.finish();
        status = cancellation.requested() ? "interrupted" : "completed";
      } catch (OutputGone e) {
        outputGone = e; // what ran was stopped and is kept; that is said below
        status = "interrupted";
      } finally {
        run.end(status);
        String ended = status;
        int tasks = work.done() + summary.tasks();
        int succeeded = work.done() + summary.succeeded();
        indexing.note(row -> row.ended(Instant.now(), ended, tasks, succeeded));
      }
    }
    work.folder().recordManifest(List.of(TaskLog.NAME));
    return conclude(work, summary);
  }

  private int conclude(Work work, Summary summary) {
    if (outputGone != null) {
      if (!outputGone.closedPipe()) {
        context
            .err()
            .println(
                "regatta: "
                    + outputGone.getMessage()
                    + "; regatta run --resume "
                    + work.id()
                    + " does what is left");
      }
      return ExitCode.FAILED;
    }
    summary.print(context, options.json, cancellation.requested());
    if (cancellation.requested()) {
      return ExitCode.INTERRUPTED;
    }
    return summary.allSucceeded() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static RunRow row(Work work, boolean rehearsal) {
    return new RunRow(
        work.id(),
        "run",
        work.known() > 0 ? work.known() + " tasks" : "tasks from standard input",
        work.folder().path(),
        Instant.now(),
        null,
        "running",
        rehearsal,
        0,
        0,
        null,
        null);
  }

  /** The tasks, each noted as it comes in. */
  private Iterator<Task> logged(Work work, Redactor redactor) {
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
          if (!cancellation.requested()) { // else there may be more that was not read
            log.end();
          }
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
    Limits real = settings.limits().times(settings.limitFactor());
    real.whole().ifPresent(limit -> limits.put("timeout", seconds(limit)));
    real.firstOutput().ifPresent(limit -> limits.put("firstOutput", seconds(limit)));
    real.stall().ifPresent(limit -> limits.put("stall", seconds(limit)));
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
}
