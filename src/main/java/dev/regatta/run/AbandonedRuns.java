package dev.regatta.run;

import dev.regatta.journal.Event;
import dev.regatta.journal.Journal;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.process.ControlGroup;
import dev.regatta.process.Leftovers;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Clears up after orchestrators that died: stops every process that is left of their runs and
 * closes their journals.
 */
public final class AbandonedRuns {
  /** What a journal says of a run whose orchestrator was killed. */
  public static final String LOST = "lost";

  private static final String AFTER_A_KILL = "after a kill";
  private static final String UNSEEN =
      "nobody saw its end: the orchestrator was killed while it ran";

  private final Path home;

  /** The abandoned runs of a {@code .regatta} folder. */
  public AbandonedRuns(Path home) {
    this.home = home;
  }

  /**
   * What was found.
   *
   * @param run the run's id
   * @param folder where its journal and output lie
   * @param events what its journal says, as far as it can be read
   * @param stopped ids of the processes that were still there
   * @param lost attempts whose end nobody saw
   * @param damage what is wrong with its journal, or why it could not be closed
   */
  public record Found(
      String run,
      Path folder,
      List<Event> events,
      List<Long> stopped,
      List<String> lost,
      Optional<String> damage) {

    /** Its journal's first line; empty if it was killed before that, or can't be read. */
    public Optional<Event.RunStarted> start() {
      return startOf(events);
    }
  }

  /** Whether such a line was written when a run was cleared up after, not while it ran. */
  public static boolean wroteAfterwards(Event event) {
    return switch (event) {
      case Event.LeftoversStopped left -> left.how().equals(AFTER_A_KILL);
      case Event.AttemptEnded ended -> ended.outcome() == Outcome.LOST;
      case Event.RunEnded ended -> ended.status().equals(LOST);
      default -> false;
    };
  }

  /** Clears up, and says what there was; nearly always nothing. */
  public List<Found> clearUp() {
    List<Found> found = new ArrayList<>();
    for (LiveRuns.Dead dead : new LiveRuns(home).dead()) {
      try (LiveRuns.Claim claim = dead.claim()) {
        found.add(clearUp(dead));
      }
    }
    return found;
  }

  private static Found clearUp(LiveRuns.Dead dead) {
    Path file = dead.folder().resolve(RunFolder.JOURNAL);
    List<Event> events = List.of();
    Optional<String> damage = Optional.empty();
    // A damaged journal must not keep the processes of its run alive, nor the next command from
    // its work.
    try {
      if (Files.isRegularFile(file)) {
        JournalReader.Contents contents = JournalReader.read(file);
        events = contents.events();
        if (contents.integrity() instanceof JournalReader.Broken broken) {
          damage = Optional.of(file + ":" + broken.line() + ": " + broken.why());
        }
      }
    } catch (JournalBroken e) {
      damage = Optional.of(String.valueOf(e.getMessage()));
    }
    Optional<Event.RunStarted> start = startOf(events);
    Map<String, Event.AttemptStarted> open = openAttempts(events);
    Set<Long> stopped = new LinkedHashSet<>();
    dead.cgroup().ifPresent(group -> stopped.addAll(ControlGroup.killAbandoned(group)));
    Leftovers leftovers = Leftovers.ofTheDead();
    stopped.addAll(leftovers.stopRun(dead.run()));
    for (Event.AttemptStarted attempt : open.values()) {
      stopped.addAll(leftovers.stopSession(attempt.pid(), attempt.processStartTicks()));
    }
    List<Long> pids = List.copyOf(stopped);
    List<String> lost = List.copyOf(open.keySet());
    if (damage.isEmpty() && start.isPresent()) {
      damage = close(file, start.get(), events.getLast(), pids, lost);
    }
    if (damage.isEmpty()) {
      damage = recordManifest(dead.folder());
    }
    return new Found(dead.run(), dead.folder(), events, pids, lost, damage);
  }

  private static Optional<Event.RunStarted> startOf(List<Event> events) {
    return events.stream()
        .limit(1)
        .filter(Event.RunStarted.class::isInstance)
        .map(Event.RunStarted.class::cast)
        .findFirst();
  }

  /** Nothing more will be made: what somebody puts beside it from now on is not the run's. */
  private static Optional<String> recordManifest(Path folder) {
    try {
      RunFolder.of(folder).recordManifest(List.of());
      return Optional.empty();
    } catch (UncheckedIOException e) {
      return Optional.of("its files could not be listed: " + e.getMessage());
    }
  }

  private static Map<String, Event.AttemptStarted> openAttempts(List<Event> events) {
    Map<String, Event.AttemptStarted> open = new LinkedHashMap<>();
    for (Event event : events) {
      if (event instanceof Event.AttemptStarted started) {
        open.put(started.attempt(), started);
      } else if (event instanceof Event.AttemptEnded ended) {
        open.remove(ended.attempt());
      }
    }
    return open;
  }

  /**
   * Writes into the journal what was found.
   *
   * @return why that was not possible: a dead run's journal must not keep others from starting
   */
  private static Optional<String> close(
      Path file, Event.RunStarted start, Event last, List<Long> stopped, List<String> lost) {
    if (last instanceof Event.RunEnded) {
      return Optional.empty(); // killed between its last line and the end of its claim
    }
    RunClock clock =
        RunClock.continuing(
            start.originEpochNanos(),
            InstantSource.system(),
            System::nanoTime,
            ZoneId.of(start.zone()));
    try (Journal journal = Journal.reopen(file, clock, UnaryOperator.identity())) {
      if (!stopped.isEmpty()) {
        journal.append(new Event.LeftoversStopped(null, stopped, AFTER_A_KILL, clock.nanos()));
      }
      for (String attempt : lost) {
        journal.append(
            Event.AttemptEnded.withoutProcess(attempt, Outcome.LOST, UNSEEN, clock.nanos()));
      }
      journal.append(new Event.RunEnded(LOST, clock.nanos(), clock.wallEpochNanos()));
      return Optional.empty();
    } catch (JournalBroken e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
