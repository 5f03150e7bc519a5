package dev.regatta.experiment;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A proof's journal, written line by line by a test. Times are seconds since the run's origin. */
final class Recorded {
  static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:15:30.250+01:00");
  private static final long ORIGIN = START.toInstant().toEpochMilli() * 1_000_000;

  private final List<Entry> entries = new ArrayList<>();

  /** A run of that many tasks, as many at once as there are, in phases of these modes. */
  static Recorded of(int parallel, int tasks, String... order) {
    return of(false, parallel, tasks, order);
  }

  /** The same against our own rehearsal server. */
  static Recorded ofRehearsal(int parallel, int tasks, String... order) {
    return of(true, parallel, tasks, order);
  }

  private static Recorded of(boolean rehearsal, int parallel, int tasks, String... order) {
    return new Recorded()
        .line(
            0,
            new Event.RunStarted(
                "test",
                "prove",
                rehearsal,
                null,
                !rehearsal,
                1,
                0,
                null,
                "test",
                Map.of(),
                ORIGIN,
                "Europe/Berlin"))
        .line(
            0.01,
            new Event.PlanRecorded(
                parallel,
                order.length / 2,
                List.of(order),
                IntStream.rangeClosed(1, tasks).mapToObj(Integer::toString).toList(),
                List.of("A", "B", "C"),
                false,
                Map.of("timeout", 600.0),
                "claude",
                null,
                null));
  }

  /** Three tasks: 4, 5 and 6 s one after another, 4.4, 5.5 and 6.6 s at once. */
  static Recorded plain() {
    return of(3, 3, "sequential", "parallel")
        .sequential(1, 1.0, 4, 5, 6)
        .parallel(1, 20.0, 4.4, 5.5, 6.6)
        .end(30, "completed");
  }

  Recorded line(double at, Event event) {
    long nanos = nanos(at);
    entries.add(new Entry(entries.size() + 1L, START.plusNanos(nanos), nanos, event, "hash"));
    return this;
  }

  /** A sequential phase with 0.1 s before, between and after its attempts. */
  Recorded sequential(int round, double start, double... durations) {
    String phase = "r" + round + "-sequential";
    line(start, new Event.PhaseStarted(phase, round, "sequential", nanos(start)));
    double at = start;
    for (int i = 0; i < durations.length; i++) {
      scheduled(phase, i + 1, at);
      started(phase, i + 1, at + 0.1);
      at += 0.1 + durations[i];
      ended(phase, i + 1, at, Outcome.SUCCEEDED);
    }
    return line(at + 0.1, new Event.PhaseEnded(phase, nanos(at + 0.1)));
  }

  /** A parallel phase whose attempts start 0.2 s after it; it ends 0.1 s after the last. */
  Recorded parallel(int round, double start, double... durations) {
    String phase = "r" + round + "-parallel";
    line(start, new Event.PhaseStarted(phase, round, "parallel", nanos(start)));
    double last = start;
    for (int i = 0; i < durations.length; i++) {
      scheduled(phase, i + 1, start);
      started(phase, i + 1, start + 0.2);
      last = Math.max(last, start + 0.2 + durations[i]);
    }
    for (int i = 0; i < durations.length; i++) {
      ended(phase, i + 1, start + 0.2 + durations[i], Outcome.SUCCEEDED);
    }
    return line(last + 0.1, new Event.PhaseEnded(phase, nanos(last + 0.1)));
  }

  Recorded phase(String phase, int round, String mode, double start) {
    return line(start, new Event.PhaseStarted(phase, round, mode, nanos(start)));
  }

  Recorded phaseEnded(String phase, double at) {
    return line(at, new Event.PhaseEnded(phase, nanos(at)));
  }

  Recorded scheduled(String phase, int task, double at) {
    return line(at, new Event.TaskScheduled("" + task, phase, "question " + task, nanos(at)));
  }

  Recorded started(String phase, int task, double at) {
    return started(phase, task, at, 1000 + entries.size());
  }

  Recorded started(String phase, int task, double at, long pid) {
    String credential = "ABC".substring((task - 1) % 3, (task - 1) % 3 + 1);
    return line(
        at,
        new Event.AttemptStarted(
            phase + "-" + task,
            "" + task,
            phase,
            null,
            1,
            "claude",
            credential,
            "print-" + credential,
            null,
            "print-" + credential,
            "ANTHROPIC_API_KEY",
            pid,
            7,
            nanos(at),
            nanos(at) + 1_000_000));
  }

  Recorded ended(String phase, int task, double at, Outcome outcome) {
    return ended(phase, task, at, outcome, claims(phase + "-" + task, 20L), 0, false);
  }

  Recorded ended(
      String phase,
      int task,
      double at,
      Outcome outcome,
      Claims claims,
      long retryWaitMs,
      boolean rehearsal) {
    boolean lost = outcome == Outcome.LOST;
    Long printed = lost ? null : Long.valueOf(nanos(at) - 2_000_000);
    return line(
        at,
        new Event.AttemptEnded(
            phase + "-" + task,
            outcome,
            outcome == Outcome.SUCCEEDED ? "answered" : "why",
            lost ? null : 0,
            null,
            printed,
            printed,
            printed,
            nanos(at),
            0.5,
            1024L,
            retryWaitMs,
            0,
            rehearsal,
            claims,
            100,
            0));
  }

  Recorded end(double at, String status) {
    return line(at, new Event.RunEnded(status, nanos(at), ORIGIN + nanos(at) + 1_000_000));
  }

  static Claims claims(String session, Long outputTokens) {
    return new Claims(
        session,
        3900L,
        1000L,
        0.5,
        10L,
        outputTokens,
        null,
        3L,
        "model",
        1,
        "answer",
        false,
        "success",
        null,
        "completed",
        0,
        "2.1.197",
        null);
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  Proof proof() {
    return ProofDerivation.of(entries);
  }

  static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }
}
