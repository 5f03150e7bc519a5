package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.ensemble.Candidate;
import dev.regatta.ensemble.Choice;
import dev.regatta.ensemble.Criterion;
import dev.regatta.ensemble.Ensemble;
import dev.regatta.ensemble.EnsemblePlan;
import dev.regatta.ensemble.EnsembleRun;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.RunClock;
import dev.regatta.provider.Provider;
import dev.regatta.report.EnsembleJson;
import dev.regatta.report.EnsembleText;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.run.RunOpening;
import dev.regatta.run.RunSettings;
import dev.regatta.run.Visible;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
import java.util.stream.Stream;

/** Wires an ensemble together: from the options to the answer. */
final class Asking {
  private static final List<String> MADE = List.of("report.txt", "report.json");
  private static final int MOST_RETRIES = 100;

  private final Context context;
  private final AskCommand command;
  private final SecureRandom random = new SecureRandom();
  private final Cancellation cancellation = new Cancellation();

  Asking(Context context, AskCommand command) {
    this.context = context;
    this.command = command;
  }

  /** What {@code --pick} takes. */
  static List<String> criteria() {
    return Stream.concat(Criterion.WORDS.stream(), Stream.of(EnsemblePlan.ALL)).toList();
  }

  int carryOut() throws InterruptedException {
    if (command.options.json && command.options.answerOnly) {
      throw CliFailure.usage("--json and --answer-only exclude each other: give one");
    }
    try (Fleet fleet = new Fleet(context, command.agents, Optional.of(command.tokens));
        Interrupts interrupts = new Interrupts(cancellation, context.err())) {
      AskPlan asked = new AskPlan(context, command, fleet);
      EnsemblePlan plan = asked.plan(cancellation);
      int retries = Words.count("--retries", command.options.retries, 0, MOST_RETRIES, 0);
      command.limits.threshold();
      fleet.model();
      Map<String, Adapter> adapters = adapters(fleet, asked.agents(plan));
      List<Credential> credentials = credentials(fleet, plan, adapters);
      RegattaHome home = Homes.open(context, command);
      RunSettings settings = settings(home, fleet, plan, retries, adapters);
      return ask(home, fleet, plan, settings, credentials);
    }
  }

  private Map<String, Adapter> adapters(Fleet fleet, Set<String> agents) {
    Map<String, Adapter> adapters = new LinkedHashMap<>();
    adapters.put("command", fleet.adapter("command")); // for the checks
    for (String agent : agents) {
      adapters.put(agent, fleet.adapter(agent));
      fleet.refuseTools(adapters, agent, List.of());
    }
    return adapters;
  }

  private List<Credential> credentials(
      Fleet fleet, EnsemblePlan plan, Map<String, Adapter> adapters) {
    Set<Provider> providers =
        adapters.values().stream()
            .flatMap(adapter -> adapter.provider().stream())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Provider.class)));
    List<Credential> credentials = fleet.credentials(providers, plan.instances().size());
    if (!command.options.answerOnly) {
      fleet.sayIfShared(credentials, plan.instances().size());
    }
    return credentials;
  }

  private RunSettings settings(
      RegattaHome home,
      Fleet fleet,
      EnsemblePlan plan,
      int retries,
      Map<String, Adapter> adapters) {
    return new RunSettings(
        plan.instances().size(),
        adapters,
        plan.instances().getFirst().agent(),
        fleet.limits(Optional.empty()),
        fleet.load().limitFactor(),
        retries,
        fleet.permissions(),
        fleet.tools(),
        Optional.empty(),
        fleet.endpoint(),
        fleet.rehearsal(),
        context.folder(),
        home.path().resolve("config"),
        new RunSettings.Stagger.AsTheAgentAsks(Runtime.getRuntime().availableProcessors()));
  }

  private int ask(
      RegattaHome home,
      Fleet fleet,
      EnsemblePlan plan,
      RunSettings settings,
      List<Credential> credentials)
      throws InterruptedException {
    RunClock clock = RunClock.system();
    String id = RunOpening.freshId(clock, random);
    RunFolder folder = RunFolder.prepare(home.runFolder(id), MADE);
    RunOpening opening =
        new RunOpening(
            home.path(),
            Ensemble.KIND,
            VersionCommand.VERSION,
            clock,
            context.secrets().redactor(),
            cancellation,
            environment(),
            fleet.endpoint(),
            fleet.rehearsal(),
            Map.of(),
            fleet.facts());
    RunRow row =
        RunRow.running(
            id,
            Ensemble.KIND,
            Visible.line(plan.prompt(), 60),
            folder.path(),
            Instant.now(),
            fleet.rehearsal());
    try (Indexing indexing = new Indexing(context, home, row)) {
      try {
        run(home, fleet, opening, id, folder, plan, settings, credentials);
      } catch (RuntimeException | Error | InterruptedException e) {
        indexing.note(noted -> noted.ended(Instant.now(), "failed", plan.instances().size(), 0));
        throw e;
      }
      Ensemble ensemble = Ensemble.of(JournalReader.read(folder.journal()).entries(), false);
      keep(ensemble, folder);
      indexing.note(noted ->
          noted.ended(
              Instant.now(),
              ensemble.status(),
              ensemble.statistics().total(),
              ensemble.statistics().successful()));
      show(ensemble, folder);
      return exitCode(ensemble);
    }
  }

  /** Neither agents nor checks are to know the judge's key. */
  private Map<String, String> environment() {
    return command.judge.withoutKey(context.environment());
  }

  private void run(
      RegattaHome home,
      Fleet fleet,
      RunOpening opening,
      String id,
      RunFolder folder,
      EnsemblePlan plan,
      RunSettings settings,
      List<Credential> credentials)
      throws InterruptedException {
    boolean quiet = command.options.json || command.options.answerOnly;
    try (Progress progress = new Progress(context.err(), context.errTerminal(), quiet);
        SharedRests rests = new SharedRests(home, credentials, context.err());
        Exporting exporting = Exporting.of(context, id, folder);
        Run run = opening.open(id, folder)) {
      Optional<CredentialPool> pool =
          credentials.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new CredentialPool(
                      credentials, InstantSource.system(), command.limits.threshold()));
      Consumer<Event> watcher = progress;
      // Only what the provider said counts beyond the run, not what another server did.
      if (pool.isPresent() && fleet.endpoint().isEmpty()) {
        rests.bringInto(pool.get(), Instant.now());
        watcher = progress.andThen(rests);
      }
      run.watch(watcher);
      exporting.join(run);
      Fleet.noteLongerLimits(run, settings.limitFactor());
      boolean whole =
          new EnsembleRun(run, home.path(), plan, settings, pool, InstantSource.system(), random)
              .carryOut();
      run.end(whole ? "completed" : "interrupted");
    }
  }

  /** The report beside the journal, each file whole or not at all. */
  private static void keep(Ensemble ensemble, RunFolder folder) {
    try {
      Files.writeString(folder.begin(MADE.get(0)), EnsembleText.of(ensemble, false));
      Files.writeString(folder.begin(MADE.get(1)), EnsembleJson.of(ensemble) + "\n");
      for (String name : MADE) {
        folder.complete(name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the report could not be written into "
              + folder.path()
              + ": "
              + Reasons.of(e)
              + "; the journal is there, and regatta show prints it",
          e);
    }
    folder.recordManifest(List.of());
  }

  private void show(Ensemble ensemble, RunFolder folder) {
    if (command.options.json) {
      context.out().println(EnsembleJson.of(ensemble));
      return;
    }
    if (!command.options.answerOnly) {
      context.out().print(EnsembleText.of(ensemble, context.colour(command.common.noColour)));
      return;
    }
    Optional<Candidate> picked = ensemble.picked();
    if (ensemble.rehearsal()) {
      context.err().println("regatta: REHEARSAL: answered by a built-in model server");
    }
    if (picked.isPresent()) {
      String answer = picked.get().text();
      // A program that reads it gets it as it is; a terminal would act on what is in it.
      context.out().println(context.outTerminal() ? EnsembleText.visible(answer) : answer);
    } else {
      context
          .err()
          .println(
              "regatta: no answer is picked: "
                  + ensemble.choice().map(Choice::reason).orElse("nothing was asked")
                  + "; regatta show "
                  + ensemble.run()
                  + " says what became of each instance");
    }
  }

  private int exitCode(Ensemble ensemble) {
    if (cancellation.requested()) {
      return ExitCode.INTERRUPTED;
    }
    boolean good =
        ensemble.choice().isPresent()
            ? ensemble.picked().isPresent()
            : ensemble.statistics().successful() > 0;
    return good ? ExitCode.OK : ExitCode.FAILED;
  }
}
