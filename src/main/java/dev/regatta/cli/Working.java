package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.RunClock;
import dev.regatta.mcp.AgentServer;
import dev.regatta.process.Limits;
import dev.regatta.provider.Provider;
import dev.regatta.run.Cancellation;
import dev.regatta.run.LiveRuns;
import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.run.RunOpening;
import dev.regatta.run.RunSettings;
import dev.regatta.run.Scheduler;
import dev.regatta.run.Task;
import dev.regatta.run.TaskFile;
import dev.regatta.run.TaskLog;
import dev.regatta.run.Tree;
import dev.regatta.run.TreeBudget;
import dev.regatta.secret.Redactor;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Wires a run together: from the options to the summary. */
final class Working {
  private static final int MOST_AT_ONCE = 10_000;
  private static final int MOST_RETRIES = 100;
  private static final int LISTED_AT_ONCE = 500;

  private final Context context;
  private final CliCommand command;
  private final RunOptions options;
  private final SpawnOptions spawning;
  private final AgentOptions agents;
  private final LimitOptions limits;
  private final TokenOptions tokens;
  private final List<String> words;
  private final Cancellation cancellation = new Cancellation();
  private @Nullable OutputGone outputGone;
  private boolean inputLeft;
  private boolean begun;
  private Optional<String> inputRefused = Optional.empty();

  Working(
      Context context,
      CliCommand command,
      RunOptions options,
      SpawnOptions spawning,
      AgentOptions agents,
      LimitOptions limits,
      TokenOptions tokens,
      List<String> words) {
    this.context = context;
    this.command = command;
    this.options = options;
    this.spawning = spawning;
    this.agents = agents;
    this.limits = limits;
    this.tokens = tokens;
    this.words = words;
  }

  /** What the options say, checked before the disk is touched. */
  private record Order(
      int parallel,
      int retries,
      Limits limits,
      double threshold,
      Optional<String> model,
      Optional<TreeBudget> tree,
      List<Task> listed) {}

  /** What is done: the tasks that are known and those that come in, and what was done before. */
  private record Work(
      String id,
      RunFolder folder,
      RunClock clock,
      List<Task> listed,
      Optional<LineTasks> lines,
      Optional<TaskLog.Template> template,
      boolean complete,
      boolean resumed,
      Map<String, Integer> attempts,
      int known,
      int done) {}

  int carryOut() throws InterruptedException {
    try (Fleet fleet = new Fleet(context, agents, Optional.of(tokens))) {
      String asked = fleet.agent("command");
      refuseContradictions(asked);
      Order order = order(fleet);
      if (options.resume != null) {
        return resume(fleet, order, options.resume);
      }
      boolean prompts =
          !asked.equals("command") || hasPrompts(order.listed()) || order.tree().isPresent();
      Map<String, Adapter> adapters = adapters(fleet, asked, prompts, order.listed());
      fleet.refuseTools(adapters, asked, order.listed());
      List<Credential> credentials = credentials(fleet, order, adapters);
      RegattaHome home = Homes.open(context, command);
      RunSettings settings = settings(home, fleet, order, asked, prompts, adapters);
      return run(home, fleet, order, fresh(home, asked, order.listed()), settings, credentials);
    }
  }

  private int resume(Fleet fleet, Order order, String named) throws InterruptedException {
    RegattaHome home =
        Homes.existing(context, command).orElseThrow(() -> EarlierRun.unknown(named));
    EarlierRun earlier = EarlierRun.find(home, context.folder(), named);
    String agent = earlier.agent();
    new LiveRuns(home.path()).refuseLiving(earlier.id());
    refuseOtherConditions(fleet, earlier);
    context.err().println("regatta: " + earlier.describe());
    Optional<LineTasks> rest = rest(earlier);
    boolean prompts =
        hasPrompts(earlier.left())
            || order.tree().isPresent()
            || (rest.isPresent() && earlier.template().orElseThrow().prompts());
    Map<String, Adapter> adapters = adapters(fleet, agent, prompts, earlier.left());
    fleet.refuseTools(adapters, agent, earlier.left());
    List<Credential> credentials = credentials(fleet, order, adapters);
    Work work =
        new Work(
            earlier.id(),
            earlier.folder(),
            earlier.clock(),
            earlier.left(),
            rest,
            earlier.template(),
            earlier.complete(),
            true,
            earlier.attempts(),
            earlier.known().size(),
            earlier.done());
    RunSettings settings = settings(home, fleet, order, agent, prompts, adapters);
    return run(home, fleet, order, work, settings, credentials);
  }

  /**
   * The lines that a run had not read, if its input is given again. What is known of that must be
   * the same: the numbers of the tasks come from their lines.
   */
  private Optional<LineTasks> rest(EarlierRun earlier) {
    if (earlier.complete() || earlier.template().isEmpty() || context.inTerminal()) {
      return Optional.empty();
    }
    LineTasks lines =
        new LineTasks(new StandardInput(context.in(), cancellation), earlier.template().get());
    if (!lines.hasNext()) {
      return Optional.empty();
    }
    Redactor redactor = context.secrets().redactor();
    for (Task known : earlier.known()) {
      if (!lines.hasNext()) {
        throw CliFailure.usage(
            "standard input ends after line "
                + lines.line()
                + ", and run "
                + earlier.id()
                + " had read "
                + earlier.known().size()
                + " tasks: give it the same input again");
      }
      if (!TaskLog.kept(lines.next(), redactor::redact).equals(known)) {
        throw CliFailure.usage(
            "standard input, line "
                + lines.line()
                + ": run "
                + earlier.id()
                + " had read another line there: give it the same input again");
      }
    }
    return Optional.of(lines);
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
        limits.threshold(),
        fleet.model(),
        spawning.budget(),
        options.tasks == null ? List.of() : TaskFile.read(context.folder().resolve(options.tasks)));
  }

  private static boolean hasPrompts(List<Task> tasks) {
    return tasks.stream().anyMatch(task -> task.command().isEmpty());
  }

  private List<Credential> credentials(Fleet fleet, Order order, Map<String, Adapter> adapters) {
    Set<Provider> providers =
        adapters.values().stream()
            .flatMap(adapter -> adapter.provider().stream())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Provider.class)));
    List<Credential> credentials = fleet.credentials(providers, order.parallel());
    refuseBodiesOfCommands(options.recordBodies, credentials);
    fleet.sayIfShared(credentials, order.parallel());
    return credentials;
  }

  static void refuseBodiesOfCommands(boolean asked, List<Credential> credentials) {
    if (asked && credentials.isEmpty()) {
      throw CliFailure.usage(
          "--record-bodies is for agents that call a model API, and plain commands call none that"
              + " could be seen: leave it out");
    }
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
    Optional<TaskLog.Template> template =
        options.tasks == null
            ? Optional.of(new TaskLog.Template(words, !agent.equals("command")))
            : Optional.empty();
    Optional<LineTasks> lines =
        template.map(given -> new LineTasks(new StandardInput(context.in(), cancellation), given));
    return new Work(
        id,
        folder,
        clock,
        listed,
        lines,
        template,
        lines.isEmpty(),
        false,
        Map.of(),
        listed.size(),
        0);
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
      RegattaHome home,
      Fleet fleet,
      Order order,
      Work work,
      RunSettings settings,
      List<Credential> credentials)
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
            witnessed(order, credentials) ? fleet.routes(credentials) : Map.of(),
            fleet.facts());
    Summary summary =
        new Summary(work.id(), work.folder(), work.clock(), fleet.rehearsal(), work.done());
    summary.outOf(work.known());
    try (Interrupts interrupts = new Interrupts(cancellation, context.err());
        Progress progress = new Progress(context.err(), context.errTerminal(), true);
        SharedRests rests = new SharedRests(home, credentials, context.err());
        Exporting exporting = Exporting.of(context, work.id(), work.folder());
        Run run =
            work.resumed()
                ? opening.resume(work.id(), work.folder())
                : opening.open(work.id(), work.folder());
        Indexing indexing = new Indexing(context, home, row(work, fleet.rehearsal()))) {
      CredentialPool pool =
          credentials.isEmpty()
              ? null
              : new CredentialPool(credentials, InstantSource.system(), order.threshold());
      Consumer<Event> watcher = progress;
      // Only what the provider said counts beyond the run, not what another server did.
      if (pool != null && fleet.endpoint().isEmpty()) {
        rests.bringInto(pool, Instant.now());
        watcher = progress.andThen(rests);
      }
      run.watch(watcher);
      exporting.join(run);
      begun = true;
      run.record(planRecorded(settings, credentials));
      if (!work.resumed()) {
        recordListed(run, work.listed());
      }
      Fleet.noteLongerLimits(run, settings.limitFactor());
      Results results = new Results(context, options, work.folder(), progress, summary);
      Scheduler scheduler =
          new Scheduler(
              run,
              settings,
              Optional.ofNullable(pool),
              InstantSource.system(),
              task -> work.attempts().getOrDefault(task, 0));
      if (pool != null && limits.failover) {
        run.failOver();
      }
      if (options.recordBodies) {
        run.recordBodies();
      }
      String status = "failed";
      try (AgentServer tools = serve(run, scheduler, order.tree());
          Incoming incoming = incoming(work, redactor)) {
        try {
          scheduler.carryOut(results.ordered(incoming), results);
        } catch (CliFailure e) {
          run.record(new Event.Noted("warning", String.valueOf(e.getMessage())));
          throw e;
        } finally {
          inputLeft = !incoming.complete();
          inputRefused = incoming.refusal();
          summary.outOf(work.known() + incoming.read());
        }
        inputRefused.ifPresent(why -> run.record(new Event.Noted("warning", why)));
        results.finish();
        status = cancellation.requested() || inputLeft ? "interrupted" : "completed";
      } catch (OutputGone e) {
        outputGone = e; // what ran was stopped and is kept; that is said below
        status = "interrupted";
      } finally {
        run.end(status);
        String ended = status;
        indexing.note(row -> row.ended(Instant.now(), ended, summary.tasks(), summary.succeeded()));
      }
    } catch (JournalBroken | UncheckedIOException e) {
      // A full disk, mostly. Who called must know what was done and how to go on; why follows.
      if (begun && summary.tasks() > 0) {
        summary.print(context, options.json, Summary.End.BROKEN);
      }
      throw e;
    }
    work.folder().recordManifest(List.of(TaskLog.NAME));
    return conclude(work, summary);
  }

  /**
   * Plain commands have no credentials, and call no model API that we know. What agents start, they
   * start with less in their hands than a credential.
   */
  private boolean witnessed(Order order, List<Credential> credentials) {
    return (options.witness || limits.failover || options.recordBodies || order.tree().isPresent())
        && !credentials.isEmpty();
  }

  /** Null, which is closed by nothing, where agents start no others. */
  private static @Nullable AgentServer serve(
      Run run, Scheduler scheduler, Optional<TreeBudget> budget) {
    // Not through a lambda, whose making would load what most runs don't need.
    if (budget.isEmpty()) {
      return null;
    }
    return AgentServer.open(Tree.grow(run, scheduler, budget.get()), VersionCommand.VERSION);
  }

  private int conclude(Work work, Summary summary) {
    int code = ended(work, summary);
    if (inputRefused.isPresent() && outputGone == null) {
      context
          .err()
          .println(
              "regatta: "
                  + inputRefused.get()
                  + ". Nothing from there on was done; with that put right, regatta run --resume "
                  + resumed(work)
                  + " < INPUT does it");
    } else if (inputLeft && outputGone == null) {
      context
          .err()
          .println(
              "regatta: standard input was not read to its end, so tasks may be missing; with the"
                  + " same input again, regatta run --resume "
                  + resumed(work)
                  + " < INPUT does them too");
    }
    return code;
  }

  /** The words with which it is gone on with. */
  private String resumed(Work work) {
    return work.id() + (agents.rehearsal ? " --rehearsal" : "");
  }

  private int ended(Work work, Summary summary) {
    if (outputGone != null) {
      if (!outputGone.closedPipe()) {
        context
            .err()
            .println(
                "regatta: "
                    + outputGone.getMessage()
                    + "; regatta run --resume "
                    + resumed(work)
                    + " does what is left"
                    + (inputLeft ? ", with the same input again" : ""));
      }
      return ExitCode.FAILED;
    }
    summary.print(
        context,
        options.json,
        cancellation.requested() ? Summary.End.INTERRUPTED : Summary.End.COMPLETE);
    if (cancellation.requested()) {
      return ExitCode.INTERRUPTED;
    }
    return summary.allSucceeded() && !inputLeft ? ExitCode.OK : ExitCode.FAILED;
  }

  private static RunRow row(Work work, boolean rehearsal) {
    int listed = work.listed().size();
    String counted = listed == 1 ? "1 task" : listed + " tasks";
    return RunRow.running(
            work.id(),
            "run",
            work.lines().isEmpty() ? counted : "tasks from standard input",
            work.folder().path(),
            Instant.now(),
            rehearsal)
        .expecting(listed);
  }

  /** The tasks; the log of an earlier run is touched only now that nobody else has that run. */
  private static Incoming incoming(Work work, Redactor redactor) {
    if (work.resumed()) {
      return work.lines().isEmpty()
          ? Incoming.known(work.listed(), work.complete())
          : Incoming.lines(
              work.listed(), work.lines().get(), TaskLog.reopen(work.folder(), redactor::redact));
    }
    TaskLog log = TaskLog.create(work.folder(), redactor::redact);
    if (work.lines().isPresent()) {
      work.template().ifPresent(log::template);
      return Incoming.lines(List.of(), work.lines().get(), log);
    }
    // All at once: a run that is stopped early must know those too that it never came to.
    try (log) {
      work.listed().forEach(log::add);
      log.end();
    }
    return Incoming.known(work.listed(), true);
  }

  /** In parts: a line of the journal must not have megabytes. */
  private static void recordListed(Run run, List<Task> tasks) {
    for (int from = 0; from < tasks.size(); from += LISTED_AT_ONCE) {
      run.record(
          new Event.TasksListed(
              tasks.subList(from, Math.min(tasks.size(), from + LISTED_AT_ONCE)).stream()
                  .map(task -> new Event.ListedTask(task.name(), task.title()))
                  .toList()));
    }
  }

  private static Event.PlanRecorded planRecorded(
      RunSettings settings, List<Credential> credentials) {
    return new Event.PlanRecorded(
        settings.parallel(),
        1,
        List.of(),
        List.of(),
        credentials.stream().map(Credential::name).toList(),
        !credentials.isEmpty() && credentials.size() < settings.parallel(),
        settings.limits().times(settings.limitFactor()).seconds(),
        settings.agent(),
        null,
        null);
  }
}
