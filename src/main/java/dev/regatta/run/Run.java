package dev.regatta.run;

import dev.regatta.agent.AgentTools;
import dev.regatta.agent.Assignment;
import dev.regatta.agent.Executables;
import dev.regatta.agent.Launch;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.gateway.Gateway;
import dev.regatta.gateway.Pass;
import dev.regatta.gateway.RecordedBodies;
import dev.regatta.gateway.Route;
import dev.regatta.gateway.Sighting;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Journal;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.process.Child;
import dev.regatta.process.ChildCommand;
import dev.regatta.process.ControlGroup;
import dev.regatta.process.Launcher;
import dev.regatta.process.Leftovers;
import dev.regatta.process.Mark;
import dev.regatta.process.Signal;
import dev.regatta.process.SpawnFailed;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run that is going on: its journal, its clock, its folder and the launcher of its processes.
 * Closing it stops whatever it left and writes the last line.
 */
public final class Run implements AutoCloseable {
  /** Any process of this machine can be refused as often as it likes, and must fill no disk. */
  private static final long MOST_REFUSALS = 1_000;

  private final String id;
  private final RunFolder folder;
  private final RunClock clock;
  private final Journal journal;
  private final Redactor redactor;
  private final Launcher launcher;
  private final Optional<ControlGroup> group;
  private final LiveRuns.Claim claim;
  private final Cancellation cancellation;
  private final Map<String, String> environment;
  private final Sweeper sweeper;
  private volatile Consumer<Event> watcher = event -> {};
  private volatile Function<String, Map<String, String>> handed = attempt -> Map.of();
  private volatile @Nullable Rests rests;
  private final Map<Provider, Gateway> gateways = new EnumMap<>(Provider.class);
  private final Map<String, List<Secret>> handedOut = new ConcurrentHashMap<>();
  private final AtomicLong refusals = new AtomicLong();
  private volatile @Nullable Tree tree;
  private String status = "failed";

  Run(
      String id,
      RunFolder folder,
      RunClock clock,
      Journal journal,
      Redactor redactor,
      Launcher launcher,
      Optional<ControlGroup> group,
      LiveRuns.Claim claim,
      Cancellation cancellation,
      Map<String, String> environment) {
    this.id = id;
    this.folder = folder;
    this.clock = clock;
    this.journal = journal;
    this.redactor = redactor;
    this.launcher = launcher;
    this.group = group;
    this.claim = claim;
    this.cancellation = cancellation;
    this.environment = environment;
    this.sweeper = new Sweeper(this);
  }

  /** Its id. */
  public String id() {
    return id;
  }

  /** Where it keeps its files. */
  public RunFolder folder() {
    return folder;
  }

  /** Its axis of elapsed time. */
  public RunClock clock() {
    return clock;
  }

  /** The order to stop it. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** The environment of this process, as the run was given it. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Has somebody told of each event, after it was written. It must be quick and throw nothing. */
  public void watch(Consumer<Event> listener) {
    watcher = listener;
  }

  /**
   * Gives the processes of attempts that are made ready from now on more variables.
   *
   * @param variables those of an attempt, by its name
   */
  public void hand(Function<String, Map<String, String>> variables) {
    handed = variables;
  }

  /** Writes an event into its journal, at once. */
  public void record(Event event) {
    journal.append(event);
    watcher.accept(event);
  }

  /** Says how it ended; until then it counts as failed. */
  public void end(String how) {
    this.status = how;
  }

  /**
   * Puts gateways between its agents and the model APIs, before the first of them starts.
   *
   * @param routes how requests get to each of them
   * @param before how many exchanges the run had before, when it is gone on with
   */
  void witness(Map<Provider, Route> routes, long before) {
    AtomicLong numbers = new AtomicLong(before);
    routes.forEach((provider, route) -> witness(provider, route, numbers));
  }

  private void witness(Provider provider, Route route, AtomicLong numbers) {
    Gateway gateway = Gateway.start(route, clock, new SecureRandom(), this::seen);
    gateways.put(provider, gateway);
    gateway.countWith(numbers);
    record(
        new Event.GatewayOpened(
            route.upstream().toString(),
            route.authority().isPresent(),
            route.proxy().map(proxy -> proxy.getHostString() + ":" + proxy.getPort()).orElse(null),
            clock.nanos()));
  }

  /** Lets the agents of attempts that are made ready from now on start others. */
  void grow(Tree grown) {
    tree = grown;
  }

  Optional<Gateway> gateway() {
    return gateways.values().stream().findFirst();
  }

  String redact(String text) {
    return redactor.redact(text);
  }

  private void seen(Sighting sighting) {
    switch (sighting) {
      case Sighting.Passed(Exchange exchange) -> record(new Event.ExchangeSeen(exchange));
      case Sighting.Refused(String attempt, String method, String path, int status, long at) ->
          refused(new Event.RequestRefused(attempt, method, path, status, at));
      case Sighting.AskedAgain again ->
          record(
              new Event.AskedAgain(
                  again.attempt(),
                  again.exchange(),
                  again.refused().name(),
                  again.credential().name(),
                  again.credential().value().fingerprint(),
                  again.atNanos()));
    }
  }

  /** Writes down that a request was let not through: the first of them, and how many there were. */
  void refused(Event.RequestRefused refused) {
    if (refusals.incrementAndGet() <= MOST_REFUSALS) {
      record(refused);
    }
  }

  /**
   * From now on what becomes known of the limits of these credentials is heeded. Asked again, the
   * first answer stays: a run has one pool.
   *
   * @param wall the wall clock, by which limits end
   */
  public synchronized Rests heed(CredentialPool pool, InstantSource wall) {
    if (rests != null) {
      return rests;
    }
    Rests heeding = new Rests(this, pool, wall);
    rests = heeding;
    gateways.values().forEach(gateway -> gateway.heed(heeding));
    return heeding;
  }

  /**
   * Lets the gateway ask again with another credential where one is refused for a limit; {@link
   * #heed} comes before.
   *
   * @throws IllegalStateException if the run has no gateway, or no credentials
   */
  public void failOver() {
    Rests heeding = rests;
    if (gateways.isEmpty() || heeding == null) {
      throw new IllegalStateException("only a gateway with several credentials can fail over");
    }
    heeding.failOver();
  }

  /**
   * Keeps the bodies of all exchanges from now on, beside the attempts' output.
   *
   * @throws IllegalStateException if the run has no gateway
   */
  public void recordBodies() {
    if (gateways.isEmpty()) {
      throw new IllegalStateException("only a gateway sees bodies");
    }
    RecordedBodies bodies = new RecordedBodies(folder.attempts(), redactor);
    gateways.values().forEach(gateway -> gateway.record(bodies));
  }

  /** Tells whoever heeds it what became known of a credential. */
  void learn(Consumer<Rests> news) {
    Rests heeding = rests;
    if (heeding != null) {
      news.accept(heeding);
    }
  }

  Leftovers leftovers() {
    return launcher.leftovers();
  }

  Sweeper sweeper() {
    return sweeper;
  }

  /**
   * What it prints is kept without what was handed out to it alone, which opens doors meanwhile.
   */
  AttemptOutput output(String attempt) {
    List<Secret> own = handedOut.remove(attempt);
    return new AttemptOutput(folder, attempt, own == null ? redactor : redactor.with(own));
  }

  /** An attempt that can be started at once: all that can be worked out before has been. */
  public static final class Ready {
    private final AttemptPlan plan;
    private final Launch launch;
    private final Optional<Pass> pass;
    private final Optional<Member> member;
    private final @Nullable ChildCommand command;
    private final String refusal;

    private Ready(
        AttemptPlan plan,
        Launch launch,
        Optional<Pass> pass,
        Optional<Member> member,
        @Nullable ChildCommand command,
        String refusal) {
      this.plan = plan;
      this.launch = launch;
      this.pass = pass;
      this.member = member;
      this.command = command;
      this.refusal = refusal;
    }

    /** What this attempt alone is let in with. */
    private List<Secret> handedOut() {
      return Stream.concat(
              pass.stream().map(through -> through.placeholder().value()),
              member.flatMap(Member::tools).stream().map(AgentTools::token))
          .toList();
    }

    /** It is let in nowhere any more. */
    private void close() {
      letInNoMore(pass, member);
    }
  }

  private static void letInNoMore(Optional<Pass> pass, Optional<Member> member) {
    pass.ifPresent(Pass::close);
    member.ifPresent(Member::close);
  }

  /** Works out what is to be started: the program's place, its arguments and environment. */
  public Ready ready(AttemptPlan plan) {
    Optional<Pass> pass = plan.assignment().credential().flatMap(held -> pass(plan, held));
    Optional<Member> member = Optional.ofNullable(tree).map(grown -> grown.admit(plan));
    try {
      return ready(plan, pass, member);
    } catch (RuntimeException | Error e) {
      // Nothing will be started that could come to an end.
      letInNoMore(pass, member);
      throw e;
    }
  }

  private Ready ready(AttemptPlan plan, Optional<Pass> pass, Optional<Member> member) {
    Assignment given = pass.map(through -> through(plan, through)).orElse(plan.assignment());
    Launch own =
        plan.adapter().launch(member.flatMap(Member::tools).map(given::with).orElse(given));
    Map<String, String> more = handed.apply(plan.name());
    Launch launch = more.isEmpty() ? own : own.with(more);
    try {
      return new Ready(plan.ready(), launch, pass, member, command(launch), "");
    } catch (SpawnFailed e) {
      return new Ready(plan, launch, pass, member, null, String.valueOf(e.getMessage()));
    }
  }

  private Optional<Pass> pass(AttemptPlan plan, Credential credential) {
    return Optional.ofNullable(gateways.get(credential.provider()))
        .map(open -> open.admit(plan.name(), credential, plan.inspection().expected()));
  }

  private Assignment through(AttemptPlan plan, Pass pass) {
    Gateway gateway = Objects.requireNonNull(gateways.get(pass.placeholder().provider()));
    return plan.assignment().through(gateway.baseUrl(), pass.placeholder());
  }

  /**
   * Starts an attempt's process and writes that down. A process that cannot be started is an
   * outcome too, and comes back as one.
   */
  public StartedAttempt start(AttemptPlan plan) {
    return start(ready(plan));
  }

  /** The same, when what can be worked out before has been. */
  public StartedAttempt start(Ready ready) {
    long asked = System.nanoTime();
    if (ready.command == null) {
      return neverStarted(ready, asked, ready.refusal);
    }
    Child child;
    try {
      child = launcher.start(ready.command);
    } catch (SpawnFailed e) {
      return neverStarted(ready, asked, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      ready.close();
      throw e;
    }
    try {
      return adopt(ready, child);
    } catch (RuntimeException | Error e) {
      // It was not written down, so nobody will follow it.
      child.signal(Signal.KILL);
      child.close();
      ready.close();
      throw e;
    }
  }

  private StartedAttempt adopt(Ready ready, Child child) {
    AttemptPlan plan = ready.plan;
    Launch launch = ready.launch;
    Mark mark = new Mark(plan.assignment().mark().getOrDefault(Mark.VARIABLE, ""));
    // Only where there is something to prove: each look at /proc costs as much as a small command.
    long ticks = plan.adapter().readsLines() ? child.startTicks() : 0;
    Optional<String> given =
        launch
            .credentialVariable()
            .flatMap(name -> child.givenEnvironment().map(variables -> variables.get(name)))
            .map(Secret::fingerprintOf);
    record(
        started(
            ready,
            given.orElse(null),
            child.pid(),
            ticks,
            clock.nanosOf(child.spawnNanos()),
            clock.nanosOf(child.spawnedNanos())));
    List<Secret> own = ready.handedOut();
    if (!own.isEmpty()) {
      handedOut.put(plan.name(), own);
    }
    ready.member.ifPresent(Member::began);
    Attempt attempt = new Attempt(this, plan, ready.pass, ready.member, child, mark);
    return attempt::follow;
  }

  private static Event.AttemptStarted started(
      Ready ready,
      @Nullable String given,
      long pid,
      long ticks,
      long spawnNanos,
      long spawnedNanos) {
    AttemptPlan plan = ready.plan;
    Optional<Credential> credential = plan.assignment().credential();
    return new Event.AttemptStarted(
        plan.name(),
        plan.task(),
        plan.phase().orElse(null),
        plan.askedBy().map(call -> call.asking().attempt()).orElse(null),
        plan.number(),
        plan.adapter().name(),
        credential.map(Credential::name).orElse(null),
        credential.map(held -> held.value().fingerprint()).orElse(null),
        ready.pass.map(pass -> pass.placeholder().value().fingerprint()).orElse(null),
        given,
        ready.launch.credentialVariable().orElse(null),
        pid,
        ticks,
        spawnNanos,
        spawnedNanos);
  }

  private StartedAttempt neverStarted(Ready ready, long asked, String reason) {
    AttemptPlan plan = ready.plan;
    ready.close();
    long at = clock.nanosOf(asked);
    record(started(ready, null, 0, 0, at, at));
    Event.AttemptEnded ended =
        Event.AttemptEnded.withoutProcess(plan.name(), Outcome.SPAWN_FAILED, reason, clock.nanos());
    record(ended);
    ready.member.ifPresent(member -> member.ended(ended));
    AttemptResult result =
        new AttemptResult(
            plan, ended, Duration.ZERO, Optional.empty(), plan.assignment().credential(), true);
    return () -> result;
  }

  private static ChildCommand command(Launch launch) throws SpawnFailed {
    String program = launch.command().getFirst();
    Path executable =
        switch (Executables.find(program, launch.environment(), launch.folder())) {
          case Executables.Found found -> found.path();
          case Executables.Missing missing -> throw new SpawnFailed(missing.reason());
          case Executables.NotRunnable refused -> throw new SpawnFailed(refused.reason());
        };
    return new ChildCommand(
        executable, launch.command(), launch.environment(), launch.folder(), launch.input());
  }

  /** An attempt whose process was asked for. */
  @FunctionalInterface
  public interface StartedAttempt {
    /** Reads it to its end. */
    AttemptResult follow() throws InterruptedException;
  }

  /** Stops what is left of it, writes the last line and lets go of it. */
  @Override
  public void close() {
    try (claim;
        launcher;
        journal;
        Closing last = this::writeTheEnd;
        Closing members = this::stopMembers;
        Closing adopted = this::stopAdopted;
        Closing exchanges = this::stopGateway) {
      sweeper.finish();
    }
  }

  /** A step of closing that is done whatever became of those before it. */
  private interface Closing extends AutoCloseable {
    @Override
    void close();
  }

  private void stopGateway() {
    gateways.values().forEach(Gateway::close);
  }

  private void writeTheEnd() {
    long unwritten = refusals.get() - MOST_REFUSALS;
    if (unwritten > 0) {
      record(
          new Event.Noted(
              "warning",
              unwritten
                  + " more requests were refused than the "
                  + MOST_REFUSALS
                  + " that are written down: some process of this machine keeps asking without a"
                  + " valid token"));
    }
    record(new Event.RunEnded(status, clock.nanos(), clock.wallEpochNanos()));
  }

  private void stopAdopted() {
    stopped(launcher.leftovers().stopAdopted(), "subreaper");
  }

  // A step of its own: what is in the group is stopped also when the journal takes no more lines,
  // because nobody looks for it again once the claim is given up.
  private void stopMembers() {
    List<Long> members = group.map(ControlGroup::leave).orElse(List.of());
    launcher.leftovers().reapAdopted();
    stopped(members, "cgroup");
  }

  private void stopped(List<Long> pids, String how) {
    if (!pids.isEmpty()) {
      record(new Event.LeftoversStopped(null, pids, how, clock.nanos()));
    }
  }
}
