package dev.regatta.cli;

import dev.regatta.agent.RehearsalEnvironment;
import dev.regatta.credential.CredentialSources;
import dev.regatta.doctor.Finding;
import dev.regatta.doctor.PortHolder;
import dev.regatta.doctor.Prerequisites;
import dev.regatta.doctor.Status;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.RunClock;
import dev.regatta.process.MachineLoad;
import dev.regatta.provider.Provider;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import dev.regatta.report.StressReport;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.run.RunOpening;
import dev.regatta.secret.Secret;
import dev.regatta.server.CommandServer;
import dev.regatta.server.ServerLimits;
import dev.regatta.server.ServerSettings;
import dev.regatta.server.ServerTimes;
import dev.regatta.server.ServerToken;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.stress.Comparison;
import dev.regatta.stress.Endpoint;
import dev.regatta.stress.LearnedLimit;
import dev.regatta.stress.LimitSource;
import dev.regatta.stress.Limits;
import dev.regatta.stress.PlannedTask;
import dev.regatta.stress.RemoteCommands;
import dev.regatta.stress.Selection;
import dev.regatta.stress.ServerUnreachable;
import dev.regatta.stress.SuiteFile;
import dev.regatta.stress.SuiteOrder;
import dev.regatta.stress.SuiteReading;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.SuiteRun;
import dev.regatta.stress.SuiteTask;
import dev.regatta.stress.TaskCommand;
import dev.regatta.stress.TaskOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Wires the run of a suite together: from the options to the report. */
final class Stressing {
  private static final int MOST_JOBS = 10_000;
  private static final int MOST_TOKEN_BYTES = 10_000;

  private final Context context;
  private final StressCommand command;
  private final SuiteOptions options;
  private final boolean json;
  private final SecureRandom random = new SecureRandom();
  private final Cancellation cancellation = new Cancellation();
  private final MachineLoad load = MachineLoad.now();
  private final RunClock clock = RunClock.system();
  private Map<String, LearnedLimit> learned = Map.of();
  private List<Finding> findings = List.of();

  Stressing(Context context, StressCommand command, SuiteOptions options, boolean json) {
    this.context = context;
    this.command = command;
    this.options = options;
    this.json = json;
  }

  /**
   * What is to be run, checked before the disk is touched.
   *
   * @param skipped those that the selection would have without those left out by name
   */
  private record Plan(
      SuiteFile file,
      List<SuiteTask> tasks,
      List<SuiteTask> skipped,
      int jobs,
      Duration pause,
      Map<String, String> given,
      Optional<URI> server,
      Optional<Script> script,
      Optional<SuiteComparison> comparison) {}

  /** Where the commands run, and with what around them. */
  private record Place(
      URI url,
      Optional<Secret> token,
      Optional<Path> folder,
      Path configFolder,
      Endpoint endpoint) {}

  int carryOut(SuiteFile file, List<SuiteTask> tasks, Selection selection)
      throws InterruptedException {
    Plan plan = plan(file, tasks, selection);
    try {
      return plan.server().isPresent() ? elsewhere(plan, plan.server().get()) : here(plan);
    } finally {
      plan.comparison().ifPresent(SuiteComparison::close);
    }
  }

  private Plan plan(SuiteFile file, List<SuiteTask> tasks, Selection selection) {
    refuseContradictions();
    List<SuiteTask> skipped =
        selection.skip().isEmpty()
            ? List.of()
            : new Selection(selection.categories(), selection.only(), List.of())
                .of(file.suite()).stream().filter(task -> !tasks.contains(task)).toList();
    if (options.out != null) {
      refuseUnusable(options.out);
    }
    Map<String, String> given = Map.of();
    if (options.envFile != null) {
      EnvFile variables = EnvFile.read(context.folder().resolve(options.envFile), options.envFile);
      context.secrets().add(variables.secrets());
      given = variables.variables();
    }
    int usual = Math.min(MOST_JOBS, file.suite().execution().maxConcurrent());
    return new Plan(
        file,
        tasks,
        skipped,
        Words.count("--jobs", options.jobs, 1, MOST_JOBS, usual),
        Words.pause("--pause", options.pause),
        given,
        server(),
        options.rehearsal
            ? Optional.of(
                options.script == null
                    ? Script.standard()
                    : Script.read(context.folder().resolve(options.script)))
            : Optional.empty(),
        SuiteComparison.of(context, options, command, tasks));
  }

  private void refuseContradictions() {
    options.learns(); // refuses what it doesn't know
    if (options.server != null && options.rehearsal) {
      throw CliFailure.usage(
          "--server and --rehearsal exclude each other: only commands of Regatta's own server are"
              + " led to the model server; start yours with the environment that it needs");
    }
    if (options.server != null && options.envFile != null) {
      throw CliFailure.usage(
          "--server and --env-file exclude each other: the commands have that server's"
              + " environment");
    }
    if (options.tokenFile != null && options.server == null) {
      throw CliFailure.usage("--server-token-file is for --server: Regatta's own needs none");
    }
    if (options.script != null && !options.rehearsal) {
      throw CliFailure.usage("--script is for rehearsals: add --rehearsal");
    }
  }

  private void refuseUnusable(String out) {
    Path place = context.folder().resolve(out);
    Path there = place.toAbsolutePath().normalize();
    while (Files.notExists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (out.isBlank() || !Files.isDirectory(there)) {
      throw CliFailure.usage("--out must name a folder, and '" + out + "' is none");
    }
    if (!Files.isWritable(there)) {
      throw unwritable(out, "permission denied");
    }
    try {
      RunFolder.refuseTaken(place, SuiteReports.NAMES);
    } catch (RunFolder.Taken e) {
      throw CliFailure.usage("--out: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw unwritable(out, Reasons.of(Objects.requireNonNull(e.getCause())));
    }
  }

  private static CliFailure unwritable(String out, String why) {
    return CliFailure.usage(
        "--out must name a folder that can be written, and '" + out + "' is none (" + why + ")");
  }

  private Optional<URI> server() {
    if (options.server == null) {
      return Optional.empty();
    }
    try {
      URI server = URI.create(options.server);
      RemoteCommands.address(server);
      return Optional.of(server);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage("--server " + e.getMessage());
    }
  }

  /** On a server of our own, which ends with the run. */
  private int here(Plan plan) throws InterruptedException {
    RegattaHome home = Homes.open(context, command);
    learn(plan, home);
    String id = RunOpening.freshId(clock, random);
    Optional<RehearsalServer> models =
        plan.script().map(script -> RehearsalServer.start(script, 0, random.nextLong()));
    try (Interrupts interrupts = new Interrupts(cancellation, context.err());
        AutoCloseable closing = () -> models.ifPresent(RehearsalServer::close)) {
      RunFolder folder = null;
      Map<String, String> environment = command.judge.withoutKey(context.environment());
      environment.putAll(plan.given());
      if (models.isPresent()) {
        folder = RunFolder.prepare(home.runFolder(id), SuiteReports.NAMES);
        environment = new HashMap<>(rehearsed(plan, models.get(), folder.config("rehearsal")));
      }
      require(environment, plan);
      Path servers = home.path().resolve("server");
      ServerToken token = ServerToken.in(servers);
      context.secrets().add(List.of(token.value()));
      if (folder == null) {
        folder = RunFolder.prepare(home.runFolder(id), SuiteReports.NAMES);
      }
      try (CommandServer server =
          CommandServer.start(settings(environment), Optional.of(token), servers)) {
        Place place =
            new Place(
                server.baseUrl(),
                Optional.of(token.value()),
                Optional.of(context.folder()),
                configFolder(environment),
                endpoint(environment, models.map(RehearsalServer::baseUrl)));
        return run(home, id, folder, plan, place);
      }
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void learn(Plan plan, RegattaHome home) {
    if (options.learns()) {
      List<SuiteTask> all = Stream.concat(plan.tasks().stream(), plan.skipped().stream()).toList();
      learned = new SuiteLearning(plan.file().suite(), options.rehearsal).of(all, home);
    }
  }

  private Map<String, String> rehearsed(Plan plan, RehearsalServer models, Path config) {
    Secret token = CredentialSources.invented(Provider.ANTHROPIC, 1, random).getFirst().value();
    context.secrets().add(List.of(token));
    return RehearsalEnvironment.of(
        command.judge.withoutKey(context.environment()),
        plan.given(),
        models.baseUrl(),
        config,
        token);
  }

  private ServerSettings settings(Map<String, String> environment) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        Optional.empty(),
        ServerLimits.USUAL,
        ServerTimes.USUAL,
        environment,
        context.folder(),
        VersionCommand.VERSION);
  }

  private static Path configFolder(Map<String, String> environment) {
    String named = environment.getOrDefault("CLAUDE_CONFIG_DIR", "");
    return named.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "/")).resolve(".claude")
        : Path.of(named);
  }

  private static Endpoint endpoint(Map<String, String> environment, Optional<URI> rehearsal) {
    if (rehearsal.isPresent()) {
      return new Endpoint.Rehearsal(rehearsal.get().toString());
    }
    for (Provider provider : Provider.values()) {
      String address = environment.getOrDefault(provider.addressVariable(), "");
      if (!address.isEmpty() && !isAt(provider, address)) {
        return new Endpoint.Elsewhere(provider.addressVariable(), address);
      }
    }
    return new Endpoint.Provider();
  }

  private static boolean isAt(Provider provider, String address) {
    try {
      return provider.isAt(URI.create(address));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Shows what the commands need, and goes no further if something is missing. */
  private void require(Map<String, String> environment, Plan plan) throws InterruptedException {
    Set<String> agents =
        plan.tasks().stream()
            .flatMap(task -> planned(plan, task).plan().agent().stream())
            .collect(Collectors.toSet());
    findings =
        new Prerequisites(environment, context.folder(), agents, options.rehearsal, load).look();
    PrintStream shown = json ? context.err() : context.out();
    for (Finding finding : findings) {
      boolean bad = finding.status() == Status.WARN || finding.status() == Status.FAIL;
      if (bad || !json) {
        shown.printf("%-4s  %-18s  %s%n", finding.status(), finding.id(), finding.found());
        if (bad && finding.fix() != null) {
          shown.println("      " + finding.fix());
        }
      }
    }
    List<String> missing =
        findings.stream()
            .filter(finding -> finding.status() == Status.FAIL)
            .map(Finding::id)
            .toList();
    if (!missing.isEmpty()) {
      throw CliFailure.environment(
          "no task was started, as something that they need is missing: "
              + String.join(", ", missing));
    }
    if (!json) {
      shown.println();
    }
  }

  /** On a server that somebody else started. */
  private int elsewhere(Plan plan, URI url) throws InterruptedException {
    RegattaHome home = Homes.open(context, command);
    learn(plan, home);
    boolean near = isLoopback(url);
    Optional<Secret> token = token(home, near);
    token.ifPresent(known -> context.secrets().add(List.of(known)));
    String id = RunOpening.freshId(clock, random);
    RunFolder folder = RunFolder.prepare(home.runFolder(id), SuiteReports.NAMES);
    Place place =
        new Place(
            url,
            token,
            near ? Optional.of(context.folder()) : Optional.empty(),
            configFolder(context.environment()),
            new Endpoint.Unknown());
    try (Interrupts interrupts = new Interrupts(cancellation, context.err())) {
      return run(home, id, folder, plan, place);
    }
  }

  private static boolean isLoopback(URI url) {
    return CommandServer.isLoopback(url.getHost());
  }

  /** The usual token is this machine's and goes nowhere else. */
  private Optional<Secret> token(RegattaHome home, boolean near) {
    Path usual = home.path().resolve("server/token");
    if (options.tokenFile == null && !(near && Files.isRegularFile(usual))) {
      return Optional.empty();
    }
    Path file = options.tokenFile == null ? usual : context.folder().resolve(options.tokenFile);
    try {
      String text = Files.size(file) > MOST_TOKEN_BYTES ? "" : Files.readString(file).strip();
      if (!text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
        return Optional.of(new Secret(text));
      }
    } catch (IOException e) {
      throw CliFailure.usage("--server-token-file " + file + " can't be read: " + Reasons.of(e));
    }
    throw CliFailure.usage("--server-token-file " + file + " holds no token");
  }

  private int run(RegattaHome home, String id, RunFolder folder, Plan plan, Place place)
      throws InterruptedException {
    RunOpening opening = opening(home, place);
    Optional<RunFolder> out = out();
    RunRow row =
        RunRow.running(
            id,
            "stress",
            plan.file().suite().id(),
            folder.path(),
            clock.at(0).toInstant(),
            place.endpoint().rehearsal());
    try (RemoteCommands commands = connect(place);
        Indexing indexing = new Indexing(context, home, row)) {
      boolean whole =
          carryOut(home, opening, id, folder, plan, order(plan, place, commands), commands);
      SuiteResult result = read(folder);
      indexing.note(before ->
          before.ended(
              Instant.now(),
              whole ? "completed" : "interrupted",
              plan.tasks().size(),
              (int) result.ratio().successes()));
      report(result, home, folder, out);
      if (!whole) {
        return ExitCode.INTERRUPTED;
      }
      return result.tasks().stream().anyMatch(task -> !task.passed() && !skipped(task.status()))
          ? ExitCode.FAILED
          : ExitCode.OK;
    }
  }

  private static boolean skipped(dev.regatta.stress.TaskStatus status) {
    return status instanceof dev.regatta.stress.TaskStatus.Skipped;
  }

  private static RemoteCommands connect(Place place) {
    try {
      return RemoteCommands.connect(place.url(), place.token(), RemoteCommands.PATIENCE);
    } catch (ServerUnreachable e) {
      String holder =
          isLoopback(place.url()) && place.url().getPort() > 0
              ? PortHolder.of(place.url().getPort())
                  .map(it -> "; process " + it.pid() + " (" + it.name() + ") listens there")
                  .orElse("")
              : "";
      throw CliFailure.environment(e.getMessage() + holder);
    }
  }

  private boolean carryOut(
      RegattaHome home,
      RunOpening opening,
      String id,
      RunFolder folder,
      Plan plan,
      SuiteOrder order,
      RemoteCommands commands)
      throws InterruptedException {
    try (Progress progress = new Progress(context.err(), context.errTerminal(), json);
        Exporting exporting = Exporting.of(context, id, folder);
        Run run = opening.open(id, folder)) {
      run.watch(progress);
      findings.forEach(
          finding -> run.record(new Event.Noted(SuiteReading.PREREQUISITE, words(finding))));
      boolean whole =
          new SuiteRun(
                  run,
                  order,
                  commands,
                  context.secrets().redactor(),
                  exporting::trace,
                  plan.comparison().map(it -> it.in(run, home.path())).orElse(Comparison.NONE))
              .carryOut();
      run.end(whole ? "completed" : "interrupted");
      return whole;
    }
  }

  private RunOpening opening(RegattaHome home, Place place) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("regatta", VersionCommand.VERSION);
    facts.put("java", Runtime.version().toString());
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("load", load.describe());
    return new RunOpening(
        home.path(),
        "stress",
        VersionCommand.VERSION,
        clock,
        context.secrets().redactor(),
        cancellation,
        command.judge.withoutKey(context.environment()),
        switch (place.endpoint()) {
          case Endpoint.Rehearsal(String url) -> Optional.of(URI.create(url));
          case Endpoint.Elsewhere _, Endpoint.Provider _, Endpoint.Unknown _ -> Optional.empty();
        },
        place.endpoint().rehearsal(),
        Map.of(),
        facts);
  }

  private TaskOrder planned(Plan plan, SuiteTask task) {
    TaskCommand line = TaskCommand.of(task, clock.at(0).toInstant());
    Optional<LearnedLimit> limit = Optional.ofNullable(learned.get(task.id()));
    LimitSource source = task.timeout().isPresent() ? LimitSource.SUITE : LimitSource.DEFAULT;
    if (limit.filter(LearnedLimit::learned).isPresent()) {
      source = LimitSource.LEARNED;
    }
    Limits limits =
        limit
            .map(it -> Limits.of(task, it.limit(), load))
            .orElseGet(() -> Limits.of(task, plan.file().suite().execution(), load));
    return new TaskOrder(task, line, PlannedTask.of(task, line, limits, source, limit));
  }

  private SuiteOrder order(Plan plan, Place place, RemoteCommands commands) {
    List<TaskOrder> tasks = plan.tasks().stream().map(task -> planned(plan, task)).toList();
    Map<TaskOrder, String> skipped = new LinkedHashMap<>();
    plan.skipped().forEach(task -> skipped.put(planned(plan, task), "left out with --skip"));
    return new SuiteOrder(
        plan.file().suite(),
        plan.file().text().label(),
        tasks,
        skipped,
        plan.jobs(),
        plan.pause(),
        place.url().toString(),
        plan.server().isEmpty(),
        place.endpoint(),
        load.average(),
        load.limitFactor(),
        place.folder(),
        place.configFolder(),
        again(),
        warnings(plan, tasks, place, commands));
  }

  /** What a task needs besides to be run by itself. */
  private List<String> again() {
    List<String> words = new ArrayList<>();
    words.addAll(options.words());
    words.addAll(command.comparison.words());
    words.addAll(command.judge.words());
    return words;
  }

  private List<String> warnings(
      Plan plan, List<TaskOrder> tasks, Place place, RemoteCommands commands) {
    List<String> warnings = new ArrayList<>();
    Limits.warning(load).ifPresent(warnings::add);
    if (place.endpoint() instanceof Endpoint.Elsewhere(String variable, String url)) {
      warnings.add(variable + " leads agents to " + url + ", which is not the provider's address");
    }
    if (!commands.keepsLimits()) {
      warnings.add(
          "the server knows no commands by ids: each has a connection of its own, no model and no"
              + " folder can be given, and the limits are kept from here");
    }
    for (TaskOrder task : tasks) {
      String id = task.task().id();
      if (task.task().instances() > plan.jobs()) {
        warnings.add(
            id
                + " has "
                + task.task().instances()
                + " instances, and only "
                + plan.jobs()
                + " commands run at once: --jobs N allows more");
      }
      if (!task.task().temperatures().isEmpty()) {
        warnings.add(id + ": agents take no temperature; those of its instances are only recorded");
      }
      if (!task.task().models().isEmpty()
          && !Set.of("claude", "gemini").contains(task.plan().agent().orElse(""))) {
        warnings.add(id + ": its command takes no model; those of its instances are only recorded");
      }
    }
    return warnings;
  }

  private static SuiteResult read(RunFolder folder) {
    return SuiteReading.of(JournalReader.read(folder.journal()).events(), folder.path(), false)
        .orElseThrow();
  }

  /** Where the reports go besides: never over what no run made, which is said before it begins. */
  private Optional<RunFolder> out() {
    if (options.out == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          RunFolder.prepareReports(context.folder().resolve(options.out), SuiteReports.NAMES));
    } catch (RunFolder.Taken e) {
      throw CliFailure.usage("--out: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw unwritable(options.out, Reasons.of(Objects.requireNonNull(e.getCause())));
    }
  }

  private void report(
      SuiteResult result, RegattaHome home, RunFolder folder, Optional<RunFolder> out) {
    SuiteReports reports = new SuiteReports(context);
    StressReport report = reports.remembered(result, home);
    reports.write(report, folder);
    out.ifPresent(place -> reports.write(report, place));
    reports.print(report, json, command.common().noColour);
  }

  private static String words(Finding finding) {
    return finding.status() + " " + finding.id() + ": " + finding.found();
  }
}
