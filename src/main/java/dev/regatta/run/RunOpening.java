package dev.regatta.run;

import dev.regatta.gateway.Route;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Journal;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.RunClock;
import dev.regatta.process.ControlGroup;
import dev.regatta.process.Launcher;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Redactor;
import java.net.URI;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a run is opened with.
 *
 * @param home the {@code .regatta} folder
 * @param kind the command: {@code prove}, {@code demo}, {@code run}
 * @param version this program's version
 * @param clock its axis of time
 * @param redactor knows every secret of the run
 * @param cancellation the order to stop it
 * @param environment this process's environment
 * @param endpoint the model API that agents are sent to, if not the provider's default
 * @param rehearsal whether that is a rehearsal server
 * @param witness the ways from gateways to the model APIs, for those that get one between them and
 *     the agents
 * @param facts versions, cores, memory and load, for the report
 */
public record RunOpening(
    Path home,
    String kind,
    String version,
    RunClock clock,
    Redactor redactor,
    Cancellation cancellation,
    Map<String, String> environment,
    Optional<URI> endpoint,
    boolean rehearsal,
    Map<Provider, Route> witness,
    Map<String, String> facts) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  /** A fresh id: the time, readable and in order, and four digits against twins. */
  public static String freshId(RunClock clock, RandomGenerator random) {
    return STAMP.format(clock.at(0)) + String.format(Locale.ROOT, "-%04x", random.nextInt(0x10000));
  }

  /** Opens a new run in a prepared folder. */
  public Run open(String id, RunFolder folder) {
    return open(id, folder, Launcher.open());
  }

  /** The same, with processes from that launcher, which the run closes. */
  Run open(String id, RunFolder folder, Launcher launcher) {
    return open(
        id,
        folder,
        () -> Journal.create(folder.journal(), clock, redactor::redact),
        true,
        launcher);
  }

  /** Goes on with a run that has a journal: its lines stay, new ones follow. */
  public Run resume(String id, RunFolder folder) {
    return open(
        id,
        folder,
        () -> Journal.reopen(folder.journal(), clock, redactor::redact),
        false,
        Launcher.open());
  }

  /** Claimed before its journal is touched: a living orchestrator may be writing that. */
  private Run open(
      String id, RunFolder folder, Supplier<Journal> opened, boolean fresh, Launcher launcher) {
    Deque<Runnable> undo = new ArrayDeque<>();
    try {
      undo.push(launcher::close);
      Optional<ControlGroup> group = ControlGroup.enter(id);
      group.ifPresent(made -> undo.push(made::leave));
      LiveRuns.Claim claim =
          new LiveRuns(home)
              .claim(id, folder.path(), group.map(ControlGroup::path))
              .orElseThrow(() -> new RunBusy(id));
      undo.push(claim::close);
      Journal journal = opened.get();
      undo.push(journal::close);
      if (fresh) {
        folder.madeJournal();
        journal.append(started(id, group));
      }
      Run run =
          new Run(
              id,
              folder,
              clock,
              journal,
              redactor,
              launcher,
              group,
              claim,
              cancellation,
              environment);
      undo.clear();
      undo.push(run::close);
      if (!witness.isEmpty()) {
        run.witness(witness, fresh ? 0 : exchanges(folder));
      }
      return run;
    } catch (RuntimeException | Error e) {
      undo.forEach(Runnable::run);
      throw e;
    }
  }

  /** The number of the last exchange that a run had before: they are counted on. */
  private static long exchanges(RunFolder folder) {
    long last = 0;
    for (Event event : JournalReader.read(folder.journal()).events()) {
      if (event instanceof Event.ExchangeSeen(Exchange exchange)) {
        last = Math.max(last, exchange.number());
      }
    }
    return last;
  }

  private Event.RunStarted started(String id, Optional<ControlGroup> group) {
    return new Event.RunStarted(
        id,
        kind,
        rehearsal,
        endpoint.map(URI::toString).orElse(null),
        endpoint.isEmpty() || isProvider(endpoint.get()),
        ProcessHandle.current().pid(),
        0,
        group.map(made -> made.path().toString()).orElse(null),
        version,
        new TreeMap<>(facts),
        clock.originEpochNanos(),
        clock.zone().getId());
  }

  /** Whether that is a provider's own address, over TLS. */
  static boolean isProvider(URI endpoint) {
    return Arrays.stream(Provider.values()).anyMatch(provider -> provider.isAt(endpoint));
  }
}
