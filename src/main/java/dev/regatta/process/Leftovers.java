package dev.regatta.process;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Finds and stops what outlived its attempt.
 *
 * <p>Three ways lead to it: the attempt's session, the attempt's mark in the environment, and, for
 * what left the one and cleared the other, the subreaper: such a process becomes a child of this
 * one when its parent ends. A real agent's shell tools run in sessions of their own and survive a
 * KILL of the agent's group, so the group alone is never enough.
 */
public final class Leftovers {
  /** How long what is left behind may take to end on TERM. */
  static final long POLITE_NANOS = 1_000_000_000L;

  private static final long LAST_NANOS = 2_000_000_000L;
  private static final long ROUNDS = 20;

  private final LongPredicate watched;

  /**
   * Looks at this process's descendants.
   *
   * @param watched whether somebody waits for that child's end already
   */
  Leftovers(LongPredicate watched) {
    this.watched = watched;
  }

  /** Looks at what others left: used after an orchestrator died. */
  public static Leftovers ofTheDead() {
    return new Leftovers(pid -> true);
  }

  /**
   * An attempt that ended, to be looked after.
   *
   * @param mark its mark
   * @param leader the id of its first process, which was also its session
   * @param endNanos when that ended, a reading of {@link System#nanoTime}: from then on another
   *     process may have been given its id
   */
  public record Ended(Mark mark, long leader, long endNanos) {}

  /**
   * Stops everything that belongs to attempts that ended, all at once: TERM, a second, KILL, until
   * nothing is found. When there is nothing it is one look at the process table for all of them,
   * which costs milliseconds.
   *
   * @return for each attempt that left something, the ids of those that were stopped
   */
  public Map<Ended, List<Long>> stopEnded(Collection<Ended> attempts) {
    if (attempts.isEmpty()) {
      return Map.of();
    }
    List<ProcessTable.Row> rows = find(any -> true);
    Owners owners = Owners.among(attempts, rows);
    if (rows.stream().allMatch(row -> owners.of(row).isEmpty())) {
      return Map.of();
    }
    Map<Ended, SortedSet<Long>> stopped = new HashMap<>();
    stop(row -> {
      // Noted while it lives: what a process carries cannot be read once it is gone.
      Set<Ended> whose = owners.of(row);
      whose.forEach(
          ended -> stopped.computeIfAbsent(ended, first -> new TreeSet<>()).add(row.pid()));
      return !whose.isEmpty();
    });
    Map<Ended, List<Long>> pids = new HashMap<>();
    stopped.forEach((ended, found) -> pids.put(ended, List.copyOf(found)));
    return pids;
  }

  /** Stops everything that carries the mark of any attempt of a run. */
  public List<Long> stopRun(String run) {
    return stop(row -> Mark.belongsToRun(ProcessTable.environment(row.pid()), run));
  }

  /**
   * Stops a session whose leader is still the process that was started.
   *
   * @param leader its id
   * @param startTicks its start time, so that another process with the same id is left alone
   */
  public List<Long> stopSession(long leader, long startTicks) {
    boolean same =
        startTicks > 0
            && ProcessTable.read(leader).filter(row -> row.startTicks() == startTicks).isPresent();
    return same ? stop(row -> row.session() == leader) : List.of();
  }

  /**
   * Stops what this process adopted as subreaper, with all that descends from it. Right only when
   * no attempt runs any more: it cannot be told whose it was.
   */
  public List<Long> stopAdopted() {
    return stop(new Adopted(ProcessTable.all(), this::adopted)::has);
  }

  /** Reaps adopted processes that ended; otherwise they would stay as zombies until we end. */
  public void reapAdopted() {
    for (ProcessTable.Row row : ProcessTable.all()) {
      if (row.zombie() && adopted(row)) {
        reap(row.pid());
      }
    }
  }

  private static void reap(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      Libc.wait4(
          (int) pid, arena.allocate(ValueLayout.JAVA_INT), Libc.WNOHANG, arena.allocate(256, 8));
    }
  }

  /** A child of ours that nobody waits for. Those that Java started share our own session. */
  private boolean adopted(ProcessTable.Row row) {
    long self = ProcessHandle.current().pid();
    return row.parent() == self
        && !watched.test(row.pid())
        && ProcessTable.read(self).filter(own -> own.session() != row.session()).isPresent();
  }

  private List<Long> stop(Predicate<ProcessTable.Row> belongs) {
    Set<Long> stopped = new HashSet<>();
    long start = System.nanoTime();
    // Looked for again after each round: what is being stopped may still start others.
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessTable.Row> found = find(belongs);
      if (found.isEmpty()) {
        break;
      }
      long now = System.nanoTime();
      Signal signal = now - start < POLITE_NANOS ? Signal.TERM : Signal.KILL;
      for (ProcessTable.Row row : found) {
        stopped.add(row.pid());
        signal(row, signal);
      }
      awaitGone(found, now + (signal == Signal.TERM ? POLITE_NANOS : LAST_NANOS));
    }
    return stopped.stream().sorted().toList();
  }

  private List<ProcessTable.Row> find(Predicate<ProcessTable.Row> belongs) {
    long self = ProcessHandle.current().pid();
    List<ProcessTable.Row> found = new ArrayList<>();
    for (ProcessTable.Row row : ProcessTable.all()) {
      if (row.zombie()) {
        if (adopted(row)) {
          reap(row.pid());
        }
      } else if (row.pid() != self && belongs.test(row)) {
        found.add(row);
      }
    }
    return found;
  }

  private static void signal(ProcessTable.Row row, Signal signal) {
    boolean same =
        ProcessTable.read(row.pid())
            .filter(now -> now.startTicks() == row.startTicks())
            .isPresent();
    if (same) {
      Libc.kill((int) row.pid(), signal.number());
      if (signal == Signal.TERM) {
        Libc.kill((int) row.pid(), Signal.CONT.number()); // a paused process hears TERM only then
      }
    }
  }

  private static void awaitGone(List<ProcessTable.Row> rows, long deadline) {
    while (System.nanoTime() < deadline && rows.stream().anyMatch(Leftovers::alive)) {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        // Being in a hurry is no reason to leave processes behind; the caller sees it afterwards.
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static boolean alive(ProcessTable.Row row) {
    return ProcessTable.read(row.pid())
        .filter(now -> now.startTicks() == row.startTicks() && !now.zombie())
        .isPresent();
  }

  /**
   * Tells whose a process is.
   *
   * @param bySession attempts by the session that is theirs
   * @param byMark attempts by their mark
   */
  private record Owners(Map<Long, Ended> bySession, Map<String, Ended> byMark) {
    // Start times are counted in hundredths of a second.
    private static final long TICK_NANOS = 10_000_000;
    private static final long ROUNDING_TICKS = 2;

    static Owners among(Collection<Ended> attempts, List<ProcessTable.Row> rows) {
      Map<String, Ended> byMark = new HashMap<>();
      Map<Long, Ended> byLeader = new HashMap<>();
      for (Ended ended : attempts) {
        byMark.put(ended.mark().own(), ended);
        byLeader.put(ended.leader(), ended);
      }
      long nanos = System.nanoTime();
      long ticks =
          ProcessTable.nowTicks().orElse(Long.MAX_VALUE / 2); // unknown: the number must do
      Map<Long, Ended> bySession = new HashMap<>();
      for (ProcessTable.Row row : rows) {
        Ended ended = byLeader.get(row.session());
        // The session is the attempt's while one is in it who was there before the attempt ended:
        // as long as he is, no other process is given its number. Where all came later the number
        // was used again, and what is in it is nobody's business of ours.
        if (ended != null
            && row.startTicks()
                <= ticks - (nanos - ended.endNanos()) / TICK_NANOS + ROUNDING_TICKS) {
          bySession.put(row.session(), ended);
        }
      }
      return new Owners(bySession, byMark);
    }

    /** The attempts it belongs to; inside another attempt's run that is more than one. */
    Set<Ended> of(ProcessTable.Row row) {
      Set<Ended> owners = new HashSet<>();
      Ended holder = bySession.get(row.session());
      if (holder != null) {
        owners.add(holder);
      }
      for (String mark : Mark.ownMarks(ProcessTable.environment(row.pid()))) {
        Ended marked = byMark.get(mark);
        if (marked != null) {
          owners.add(marked);
        }
      }
      return owners;
    }
  }

  /** What descends from adopted processes, worked out anew for each look. */
  private static final class Adopted {
    private final Predicate<ProcessTable.Row> first;
    private final Map<Long, ProcessTable.Row> rows = new HashMap<>();

    Adopted(List<ProcessTable.Row> table, Predicate<ProcessTable.Row> first) {
      this.first = first;
      table.forEach(row -> rows.put(row.pid(), row));
    }

    boolean has(ProcessTable.Row row) {
      ProcessTable.Row at = row;
      for (int depth = 0; at != null && depth < 1000; depth++) {
        if (first.test(at)) {
          return true;
        }
        at = rows.get(at.parent());
      }
      return false;
    }
  }
}
