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
import org.jspecify.annotations.Nullable;

/**
 * The journal of a tree of agents, written line by line by a test. Times are seconds since the
 * run's origin; the tree's phase begins at 1.
 */
public final class RecordedTree {
  private static final String PHASE = "tree";
  private static final double START = 1;
  private static final OffsetDateTime ORIGIN =
      OffsetDateTime.parse("2026-03-04T09:15:30.250+01:00");

  private final List<Entry> entries = new ArrayList<>();

  private RecordedTree(Integer... widths) {
    line(
        0,
        new Event.RunStarted(
            "tree-run",
            "prove",
            true,
            "http://127.0.0.1:1",
            false,
            1,
            0,
            null,
            "test",
            Map.of(),
            epoch(0),
            "Europe/Berlin"));
    line(
        0.5,
        new Event.PlanRecorded(
            Tree.size(List.of(widths)),
            1,
            List.of("tree"),
            IntStream.rangeClosed(1, widths[0]).mapToObj(Integer::toString).toList(),
            List.of("A"),
            true,
            Map.of("timeout", 600.0),
            "claude",
            null,
            List.of(widths)));
    line(START, new Event.PhaseStarted(PHASE, 1, "tree", nanos(START)));
  }

  static RecordedTree of(Integer... widths) {
    return new RecordedTree(widths);
  }

  /**
   * Three that each ask for three: parents take 1 s to their question and 1 s after the answer,
   * children 4 s, and 0.25 s lie between them on each side.
   */
  public static RecordedTree threeByThree() {
    RecordedTree tree = of(3, 3);
    for (int i = 1; i <= 3; i++) {
      tree.began("" + i, null, START);
    }
    for (int i = 1; i <= 3; i++) {
      String parent = "" + i;
      tree.asks(parent, START + 1, children(parent));
      children(parent).forEach(child -> tree.began(child, parent, START + 1.25));
    }
    for (int i = 1; i <= 3; i++) {
      String parent = "" + i;
      children(parent).forEach(child -> tree.ended(child, START + 5.25, child));
      tree.gets(parent, START + 5.5);
    }
    for (int i = 1; i <= 3; i++) {
      String all = i + " " + String.join(" ", children("" + i));
      tree.ended("" + i, START + 6.5, all);
    }
    return tree.over(START + 6.5);
  }

  /**
   * One that was to start two: one never began, the other was refused more, and one came unasked.
   */
  public static RecordedTree inVain() {
    return of(1, 2)
        .began("1", null, 1)
        .asks("1", "one", 2, "1.1", "1.2")
        .began("1.2", "1", 2.5)
        .began("x", "1", 2.6)
        .line(3, new Event.TaskNotTried("1.1", "the run was stopped"))
        .line(3, new Event.ChildrenRefused(name("1.2"), "depth 3 is more than 2", nanos(3)))
        .ended("1.2", 4, "1.2")
        .ended("x", 4, Outcome.AGENT_ERROR)
        .gets("1", "one", 4)
        .ended("1", 5, "1 1.2")
        .over(5);
  }

  private static List<String> children(String parent) {
    return IntStream.rangeClosed(1, 3).mapToObj(i -> parent + "." + i).toList();
  }

  RecordedTree line(double at, Event event) {
    long nanos = nanos(at);
    entries.add(new Entry(entries.size() + 1L, ORIGIN.plusNanos(nanos), nanos, event, "hash"));
    return this;
  }

  RecordedTree began(String task, @Nullable String parent, double at) {
    return began(task, parent, at, 1000 + entries.size());
  }

  RecordedTree began(String task, @Nullable String parent, double at, long pid) {
    line(at, new Event.TaskScheduled(task, PHASE, "question " + task, nanos(at)));
    return line(
        at,
        new Event.AttemptStarted(
            name(task),
            task,
            PHASE,
            parent == null ? null : name(parent),
            1,
            "claude",
            "A",
            "0123456789ab",
            null,
            "0123456789ab",
            "ANTHROPIC_API_KEY",
            pid,
            7,
            nanos(at),
            nanos(at) + 1_000_000));
  }

  RecordedTree asks(String task, double at, List<String> tasks) {
    return line(at, new Event.ChildrenAsked(name(task), "call-" + task, tasks, nanos(at)));
  }

  RecordedTree asks(String task, String call, double at, String... tasks) {
    return line(at, new Event.ChildrenAsked(name(task), call, List.of(tasks), nanos(at)));
  }

  RecordedTree gets(String task, double at) {
    return gets(task, "call-" + task, at);
  }

  RecordedTree gets(String task, String call, double at) {
    return line(at, new Event.ChildrenAnswered(name(task), call, nanos(at)));
  }

  /** It answers that, and what it was challenged with is its task's name in brackets. */
  RecordedTree ended(String task, double at, String answer) {
    line(at, new Event.ChallengeChecked(name(task), "m", "[" + task + "]", true));
    String shown = answer.replaceAll("([0-9.]+)", "[$1]");
    return ended(task, at, Outcome.SUCCEEDED, claims("session-" + task, shown));
  }

  RecordedTree ended(String task, double at, Outcome outcome) {
    return ended(task, at, outcome, Claims.NONE);
  }

  private RecordedTree ended(String task, double at, Outcome outcome, Claims claims) {
    return line(
        at,
        new Event.AttemptEnded(
            name(task),
            outcome,
            "why",
            0,
            null,
            null,
            null,
            null,
            nanos(at),
            0.5,
            1024L,
            0,
            0,
            true,
            claims,
            100,
            0));
  }

  /** The phase ends then, and the run a little later. */
  RecordedTree over(double at) {
    line(at, new Event.PhaseEnded(PHASE, nanos(at)));
    return line(
        at + 0.1, new Event.RunEnded("completed", nanos(at + 0.1), epoch(at + 0.1) + 1_000_000));
  }

  private static Claims claims(String session, String answer) {
    return new Claims(
        session,
        3900L,
        1000L,
        0.5,
        10L,
        20L,
        0L,
        3L,
        "model",
        2,
        answer,
        false,
        "success",
        null,
        "completed",
        0,
        "2.1.197",
        null);
  }

  static String name(String task) {
    return "tree-" + task;
  }

  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  public Proof proof() {
    return ProofDerivation.of(entries);
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }

  private static long epoch(double seconds) {
    return ORIGIN.toInstant().toEpochMilli() * 1_000_000 + nanos(seconds);
  }
}
