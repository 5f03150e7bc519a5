package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.evidence.Bundle;
import dev.regatta.evidence.PriceTable;
import dev.regatta.evidence.SigningKey;
import dev.regatta.evidence.TimestampAuthority;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Order;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.experiment.ProofPlan;
import dev.regatta.experiment.ProofRun;
import dev.regatta.experiment.ProofTask;
import dev.regatta.experiment.Tree;
import dev.regatta.experiment.TreePlan;
import dev.regatta.experiment.TreeRun;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.report.JsonReport;
import dev.regatta.report.TextReport;
import dev.regatta.run.Cancellation;
import dev.regatta.run.FolderClaim;
import dev.regatta.run.Rests;
import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.run.RunOpening;
import dev.regatta.run.Task;
import dev.regatta.run.TaskFile;
import dev.regatta.run.Visible;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wires a proof together: from the options to the report. */
final class Proving {
  private static final int QUESTIONS = 3;
  private static final List<String> MADE =
      Stream.concat(Reports.NAMES.stream(), Stream.of(Bundle.NAME)).toList();
  private static final int MOST_AT_ONCE = 10_000;
  private static final int MOST_ROUNDS = 1000;
  private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(10);

  private final Context context;
  private final CliCommand command;
  private final String kind;
  private final ProofOptions options;
  private final AgentOptions agents;
  private final LimitOptions limits;
  private final Optional<TokenOptions> tokens;
  private final SecureRandom random = new SecureRandom();
  private final Cancellation cancellation = new Cancellation();

  Proving(
      Context context,
      CliCommand command,
      String kind,
      ProofOptions options,
      AgentOptions agents,
      LimitOptions limits,
      Optional<TokenOptions> tokens) {
    this.context = context;
    this.command = command;
    this.kind = kind;
    this.options = options;
    this.agents = agents;
    this.limits = limits;
    this.tokens = tokens;
  }

  int carryOut() throws InterruptedException {
    RunClock clock = RunClock.system();
    try (Fleet fleet = new Fleet(context, agents, tokens);
        Interrupts interrupts = new Interrupts(cancellation, context.err())) {
      ProofPlan plan = plan(fleet);
      PriceTable prices = prices();
      Words.address("--timestamp", options.timestamp); // refused before anything is paid for
      refuseUnusable(options.out);
      fleet.sayIfShared(plan.credentials(), agents(plan));
      RegattaHome home = Homes.open(context, command);
      SigningKey.in(home.path().resolve("keys")); // before anything is paid for
      RunOpening opening = opening(home, fleet, plan, clock);
      String id = RunOpening.freshId(clock, random);
      if (options.out == null) {
        return prove(home, opening, id, home.runFolder(id), plan, prices);
      }
      Path place = context.folder().resolve(options.out);
      try (FolderClaim claim = FolderClaim.of(place)) {
        return prove(home, opening, id, place, plan, prices);
      }
    }
  }

  private void refuseUnusable(@Nullable String out) {
    if (out != null) {
      Path place = context.folder().resolve(out);
      if (out.isBlank() || (Files.exists(place) && !Files.isDirectory(place))) {
        throw CliFailure.usage("--out must name a folder, and '" + out + "' is none");
      }
    }
  }

  private int prove(
      RegattaHome home,
      RunOpening opening,
      String id,
      Path place,
      ProofPlan plan,
      PriceTable prices)
      throws InterruptedException {
    RunFolder folder = prepared(place);
    try (Indexing indexing = new Indexing(context, home, row(id, folder, plan))) {
      try {
        run(home, opening, id, folder, plan, prices);
      } catch (RuntimeException | Error | InterruptedException e) {
        reportWhatThereIs(folder, indexing, home, e);
        throw e;
      }
      Proof proof = report(folder, indexing, home);
      show(proof, folder);
      return cancellation.requested() ? ExitCode.INTERRUPTED : exitCode(proof);
    }
  }

  private static RunFolder prepared(Path place) {
    try {
      return RunFolder.prepare(place, MADE);
    } catch (RunFolder.Taken e) {
      throw CliFailure.usage("--out cannot be used: " + e.getMessage());
    }
  }

  /** Whatever stopped the run, what was found until then is not lost. */
  private void reportWhatThereIs(
      RunFolder folder, Indexing indexing, RegattaHome home, Throwable cause) {
    if (!Files.exists(folder.journal())) {
      return; // it never began
    }
    try {
      report(folder, indexing, home);
      context
          .err()
          .println(
              "regatta: the run broke off; what there is of it is in "
                  + shown(folder.path().resolve(Reports.NAMES.getFirst())));
    } catch (RuntimeException e) {
      cause.addSuppressed(e); // a full disk breaks both, and is said once
    }
  }

  private Proof report(RunFolder folder, Indexing indexing, RegattaHome home) {
    JournalReader.Contents journal = JournalReader.read(folder.journal());
    Proof proof = ProofDerivation.of(journal.entries());
    Reports.write(proof, folder);
    try {
      Evidence.write(proof, journal, folder, home, this::stamp);
    } catch (UncheckedIOException | SigningKey.KeyProblem e) {
      // Journal and reports are there, and hold all that the bundle would.
      context.err().println("regatta: there is no evidence.zip: " + e.getMessage());
    }
    folder.recordManifest(List.of());
    indexing.note(row -> row(row, proof));
    return proof;
  }

  /** An authority that can't be asked takes nothing from the rest of the evidence. */
  private Optional<byte[]> stamp(byte[] envelope) {
    Optional<URI> authority = Words.address("--timestamp", options.timestamp);
    if (authority.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TimestampAuthority(authority.get(), random).stamp(envelope));
    } catch (TimestampAuthority.NoTimestamp e) {
      context
          .err()
          .println(
              "regatta: the evidence has no timestamp: "
                  + Visible.line(String.valueOf(e.getMessage()), 500));
      return Optional.empty();
    }
  }

  private void run(
      RegattaHome home,
      RunOpening opening,
      String id,
      RunFolder folder,
      ProofPlan plan,
      PriceTable prices)
      throws InterruptedException {
    try (Progress progress = new Progress(context.err(), context.errTerminal(), options.json);
        SharedRests rests = new SharedRests(home, plan.credentials(), context.err());
        Exporting exporting = Exporting.of(context, id, folder);
        Run run = opening.open(id, folder)) {
      run.watch(progress);
      exporting.join(run);
      Optional<CredentialPool> pool = pool(run, plan, progress, rests);
      if (options.recordBodies) {
        run.recordBodies();
      }
      Fleet.noteLongerLimits(run, plan.limitFactor());
      if (witnessed(plan)) {
        run.record(new Event.PricesRecorded(prices.dated(), prices.prices()));
      }
      boolean whole = carryOut(run, plan, pool);
      run.end(whole ? "completed" : "interrupted");
    }
  }

  /** Whether all that was planned was begun. */
  private boolean carryOut(Run run, ProofPlan plan, Optional<CredentialPool> pool)
      throws InterruptedException {
    Optional<List<Integer>> widths = TreeWidths.of(options);
    if (widths.isEmpty()) {
      Optional<Rests> rests = pool.map(each -> run.heed(each, InstantSource.system()));
      return new ProofRun(run, plan, random, rests).carryOut();
    }
    TreePlan tree = new TreePlan(widths.get(), plan, Optional.ofNullable(agents.model));
    return new TreeRun(run, tree, random, pool.orElseThrow(), VersionCommand.VERSION).carryOut();
  }

  /** How many there may be at once. */
  private int agents(ProofPlan plan) {
    return TreeWidths.of(options).map(Tree::size).orElse(plan.tasks().size());
  }

  /** The credentials, with what becomes known of their limits; none where none is needed. */
  private Optional<CredentialPool> pool(
      Run run, ProofPlan plan, Consumer<Event> progress, SharedRests shared) {
    if (plan.credentials().isEmpty()) {
      return Optional.empty();
    }
    CredentialPool pool =
        new CredentialPool(plan.credentials(), InstantSource.system(), limits.threshold());
    // Only what the provider said counts beyond the run, not what another server did.
    if (plan.endpoint().isEmpty()) {
      shared.bringInto(pool, Instant.now());
      run.watch(progress.andThen(shared));
    }
    run.heed(pool, InstantSource.system());
    if (limits.failover) {
      run.failOver();
    }
    return Optional.of(pool);
  }

  private RunOpening opening(RegattaHome home, Fleet fleet, ProofPlan plan, RunClock clock) {
    return new RunOpening(
        home.path(),
        kind,
        VersionCommand.VERSION,
        clock,
        context.secrets().redactor(),
        cancellation,
        context.environment(),
        plan.endpoint(),
        fleet.rehearsal(),
        witnessed(plan) ? fleet.routes(plan.credentials()) : Map.of(),
        fleet.facts());
  }

  /** Plain commands have no credentials, and call no model API that we know. */
  private boolean witnessed(ProofPlan plan) {
    return !options.noWitness && !plan.credentials().isEmpty();
  }

  private PriceTable prices() {
    return options.prices == null
        ? PriceTable.standard()
        : PriceTable.read(context.folder().resolve(options.prices));
  }

  private ProofPlan plan(Fleet fleet) {
    if (options.witness && options.noWitness) {
      throw CliFailure.usage("--witness and --no-witness exclude each other: give one");
    }
    if (options.recordBodies && options.noWitness) {
      throw CliFailure.usage(
          "--record-bodies and --no-witness exclude each other: it is the gateway that sees them");
    }
    if (limits.failover && options.noWitness) {
      throw CliFailure.usage(
          "--failover and --no-witness exclude each other: it is the gateway that asks again");
    }
    limits.threshold();
    fleet.model();
    Optional<List<Integer>> widths = TreeWidths.of(options);
    List<ProofTask> tasks = tasks();
    int parallel =
        Words.count(
            "--parallel",
            options.parallel,
            1,
            MOST_AT_ONCE,
            tasks.isEmpty() ? widths.map(List::getFirst).orElse(QUESTIONS) : tasks.size());
    List<ProofTask> all =
        ProofTask.repeated(
            tasks.isEmpty() ? ProofTask.QUESTIONS : tasks, Math.max(parallel, tasks.size()));
    int rounds = Words.count("--rounds", options.rounds, 1, MOST_ROUNDS, 1);
    String agent = fleet.agent("");
    widths.ifPresent(tree -> TreeWidths.requireStarter(agent));
    refuseWhatDoesNotFit(agent, all);
    refuseWhatMustNotRunAtOnce(all);
    Adapter adapter = fleet.adapter(agent);
    fleet.refuseTools(Map.of(agent, adapter), agent, given(all).toList());
    List<Credential> credentials =
        fleet.credentials(
            adapter.provider().map(Set::of).orElse(Set.of()),
            widths.map(Tree::size).orElse(all.size()));
    Working.refuseBodiesOfCommands(options.recordBodies, credentials);
    return new ProofPlan(
        all,
        parallel,
        rounds,
        order(rounds),
        adapter,
        Optional.empty(),
        credentials,
        fleet.endpoint(),
        fleet.rehearsal(),
        fleet.limits(Optional.of(USUAL_TIMEOUT)),
        fleet.load().limitFactor(),
        fleet.permissions(),
        fleet.tools(),
        Words.pause("--stagger", options.stagger));
  }

  /** A proof has one agent: what differs between its phases must be when tasks run, and no more. */
  private void refuseWhatDoesNotFit(String agent, List<ProofTask> tasks) {
    Optional<Task> prompt = given(tasks).filter(task -> task.command().isEmpty()).findFirst();
    Optional<Task> started = given(tasks).filter(task -> !task.command().isEmpty()).findFirst();
    if (prompt.isPresent() && started.isPresent()) {
      throw CliFailure.usage(
          options.tasks
              + ": task "
              + started.get().name()
              + " has a command and task "
              + prompt.get().name()
              + " a prompt, and a proof has one agent for all: give each kind a file of its own, or"
              + " use regatta run");
    }
    given(tasks)
        .filter(task -> task.command().isEmpty() && !task.agent().orElse(agent).equals(agent))
        .findFirst()
        .ifPresent(task -> {
          throw CliFailure.usage(
              "task "
                  + task.name()
                  + " wants the agent "
                  + task.agent().orElseThrow()
                  + ", and a proof has one agent, "
                  + agent
                  + ": leave it out of the file, or give --agent");
        });
    if (agent.equals("command") && started.isEmpty()) {
      throw CliFailure.usage(
          "the agent command needs tasks with a command: give a tasks file that has them");
    }
    if (!agent.equals("command") && started.isPresent()) {
      throw CliFailure.usage(
          "the tasks file has commands, and the agent "
              + agent
              + " takes prompts: add --agent command");
    }
  }

  private static Stream<Task> given(List<ProofTask> tasks) {
    return tasks.stream()
        .filter(ProofTask.Given.class::isInstance)
        .map(task -> ((ProofTask.Given) task).task());
  }

  /** All tasks of a proof run at once: that is the experiment. */
  private void refuseWhatMustNotRunAtOnce(List<ProofTask> tasks) {
    List<Task> writing = new ArrayList<>();
    for (ProofTask each : tasks) {
      if (!(each instanceof ProofTask.Given(Task task))) {
        continue;
      }
      if (!task.dependsOn().isEmpty()) {
        throw CliFailure.usage(
            options.tasks
                + ": task "
                + task.name()
                + ": dependsOn: a proof runs its tasks all at once, and this one must wait for "
                + String.join(", ", task.dependsOn())
                + ": leave it out, or use regatta run");
      }
      for (Task other : writing) {
        if (task.sharesFilesWith(other, context.folder())) {
          throw CliFailure.usage(
              options.tasks
                  + ": task "
                  + task.name()
                  + ": files: a proof runs its tasks all at once, and "
                  + (task.name().equals(other.name())
                      ? "this one would run beside itself, as --parallel is more than there are"
                          + " tasks"
                      : "task " + other.name() + " may change the same ones")
                  + ": leave it out, or use regatta run");
        }
      }
      if (!task.files().isEmpty()) {
        writing.add(task);
      }
    }
  }

  private List<ProofTask> tasks() {
    if (options.tasks != null && options.prompts != null) {
      throw CliFailure.usage(
          "--tasks and --prompt exclude each other: put the prompts in the file");
    }
    List<Task> given = new ArrayList<>();
    if (options.tasks != null) {
      given.addAll(TaskFile.read(context.folder().resolve(options.tasks)));
    }
    for (String prompt : options.prompts == null ? List.<String>of() : options.prompts) {
      if (prompt.isBlank()) {
        throw CliFailure.usage("--prompt must not be empty");
      }
      given.add(Task.ofPrompt(Integer.toString(given.size() + 1), prompt));
    }
    return given.stream()
        .map(task -> (ProofTask) new ProofTask.Given(placed(model(task))))
        .toList();
  }

  /** The model of the command line is for tasks that name none. */
  private Task model(Task task) {
    return agents.model == null || task.model().isPresent() ? task : task.withModel(agents.model);
  }

  /** Given tasks are about what lies where the command was started, as in a plain run. */
  private Task placed(Task task) {
    return task.folder().isPresent() ? task : task.withFolder(context.folder());
  }

  private Order order(int rounds) {
    String word =
        options.order == null ? (rounds > 1 ? "interleaved" : "sequential-first") : options.order;
    return Arrays.stream(Order.values())
        .filter(order -> word(order).equals(word))
        .findFirst()
        .orElseThrow(() ->
            CliFailure.usage(
                "--order must be sequential-first, parallel-first or interleaved, not '"
                    + word
                    + "'"));
  }

  /** What {@code --order} takes. */
  static List<String> orders() {
    return Arrays.stream(Order.values()).map(Proving::word).toList();
  }

  private static String word(Order order) {
    return order.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private RunRow row(String id, RunFolder folder, ProofPlan plan) {
    String what = options.tree == null ? plan.parallel() + " at once" : options.tree + " agents";
    return RunRow.running(
        id,
        kind,
        what + " with " + plan.adapter().name(),
        folder.path(),
        Instant.now(),
        plan.rehearsal());
  }

  private static RunRow row(RunRow row, Proof proof) {
    int tasks = proof.phases().stream().mapToInt(phase -> phase.attempts().size()).sum();
    long succeeded =
        proof.phases().stream()
            .flatMap(phase -> phase.attempts().stream())
            .filter(attempt -> attempt.outcome() == Outcome.SUCCEEDED)
            .count();
    return new RunRow(
        row.id(),
        row.kind(),
        row.title(),
        row.folder(),
        row.startedAt(),
        proof.endedAt() == null ? Instant.now() : proof.endedAt().toInstant(),
        proof.status(),
        proof.rehearsal(),
        tasks,
        (int) succeeded,
        proof.verdict().parallel().word(),
        proof.verdict().calls().word());
  }

  private void show(Proof proof, RunFolder folder) {
    if (options.json) {
      context.out().println(JsonReport.of(proof));
      return;
    }
    String report = TextReport.of(proof, context.colour(command.common().noColour));
    String files = files(folder);
    // The last line of a rehearsal says that it was one, so the files are named before it.
    int last =
        proof.rehearsal() ? report.lastIndexOf('\n', report.length() - 2) + 1 : report.length();
    context.out().print(report.substring(0, last));
    context.out().print(files);
    context.out().print(report.substring(last));
  }

  private String files(RunFolder folder) {
    StringBuilder lines = new StringBuilder("Reports:\n");
    MADE.forEach(
        name -> lines.append("  ").append(shown(folder.path().resolve(name))).append('\n'));
    return lines.append('\n').toString();
  }

  private Path shown(Path file) {
    Path here = context.folder();
    return file.startsWith(here) ? here.relativize(file) : file;
  }

  private static int exitCode(Proof proof) {
    return proof.verdict().parallel() == Verdict.Parallel.CONFIRMED ? ExitCode.OK : ExitCode.FAILED;
  }
}
