package dev.regatta.experiment;

import static dev.regatta.experiment.ProofDerivation.seconds;

import dev.regatta.evidence.TreeFigures;
import dev.regatta.experiment.TreeShape.Call;
import dev.regatta.experiment.TreeShape.Node;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import dev.regatta.stats.Interval;
import dev.regatta.stats.Overlap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** How long a tree of agents took, and of what that is made; {@link Tree} defines the words. */
final class TreeDerivation {
  private final TreeShape shape;
  private final PhaseDerivation phase;
  private final Map<Node, Times> times = new IdentityHashMap<>();

  /**
   * What an agent's time is made of, nanoseconds.
   *
   * @param overhead the part of the waiting in which no child ran
   * @param launch the part of that before the first child of a question
   * @param longest for each stretch of waiting, of those it waited for the one with the longest
   *     chain
   */
  private record Times(
      long own, long waiting, long overhead, long launch, long span, List<Node> longest) {}

  /** The tree of that phase. */
  TreeDerivation(TreeShape shape, PhaseDerivation phase) {
    this.shape = shape;
    this.phase = phase;
    // From the bottom up: who was asked for began after the one that asked.
    shape.begun().reversed().forEach(node -> times.put(node, timesOf(node)));
  }

  private Times timesOf(Node node) {
    Overlap asked = Overlap.of(node.calls.stream().map(call -> wait(node, call)).toList());
    List<Interval> waits = asked.stretches();
    List<Node> longest = new ArrayList<>();
    for (Interval wait : waits) {
      awaited(node, wait)
          .max(Comparator.comparingLong(child -> of(child).span()))
          .ifPresent(longest::add);
    }
    List<Interval> children = node.children.stream().map(this::interval).toList();
    long waiting = asked.nanosWithAtLeast(1);
    long own = interval(node).length() - waiting;
    return new Times(
        own,
        waiting,
        uncovered(waits, children),
        uncovered(node.calls.stream().map(call -> launch(node, call)).toList(), children),
        own + longest.stream().mapToLong(child -> of(child).span()).sum(),
        longest);
  }

  private Times of(Node node) {
    return Objects.requireNonNull(times.get(node));
  }

  private Interval interval(Node node) {
    return phase.interval(node.lines);
  }

  /** From the question to the answer; without one, to the end of whoever asked. */
  private Interval wait(Node node, Call call) {
    long asked = call.asked().atNanos();
    Long answered = node.lines.answered.get(call.asked().call());
    long end = answered == null ? Long.MAX_VALUE : Math.max(asked, answered);
    return new Interval(asked, end).within(interval(node));
  }

  /** From the question to the first spawn; empty where none of them began. */
  private Interval launch(Node node, Call call) {
    Interval wait = wait(node, call);
    long first =
        call.children().stream()
            .mapToLong(child -> interval(child).start())
            .min()
            .orElse(wait.start());
    return new Interval(wait.start(), Math.clamp(first, wait.start(), wait.end()));
  }

  private Stream<Node> awaited(Node node, Interval wait) {
    return node.calls.stream()
        .filter(call -> wait.holds(wait(node, call).start()))
        .flatMap(call -> call.children().stream());
  }

  /** How much of the first is in none of the others: |A \ B| = |A or B| - |B|. */
  private static long uncovered(List<Interval> first, List<Interval> others) {
    List<Interval> both = Stream.concat(first.stream(), others.stream()).toList();
    return Overlap.of(both).nanosWithAtLeast(1) - Overlap.of(others).nanosWithAtLeast(1);
  }

  /** Whether every agent that began was seen to end, so that no time is only how long we looked. */
  private boolean seen() {
    return shape.begun().stream().noneMatch(node -> PhaseDerivation.unseen(node.lines));
  }

  private long work() {
    return shape.begun().stream().mapToLong(node -> of(node).own()).sum();
  }

  private Optional<Node> first() {
    return shape.begun().stream()
        .filter(node -> node.parent == null)
        .max(Comparator.comparingLong(node -> of(node).span()));
  }

  private long span() {
    return first().map(node -> of(node).span()).orElse(0L);
  }

  Tree tree() {
    boolean seen = seen() && span() > 0 && phase.wallNanos() > 0;
    double wall = seconds(phase.wallNanos());
    double work = seconds(work());
    double span = seconds(span());
    return new Tree(
        shape.widths(),
        wall,
        seen ? work : null,
        seen ? span : null,
        seen ? work / span : null,
        seen ? work / wall : null,
        seen ? wall / span : null,
        seen ? criticalPath() : List.of(),
        shape.inOrder().stream().map(this::node).toList(),
        shape.unstarted(),
        refusals());
  }

  private List<String> criticalPath() {
    List<String> path = new ArrayList<>();
    Deque<Node> next = new ArrayDeque<>();
    first().ifPresent(next::push);
    while (!next.isEmpty()) {
      Node node = next.pop();
      path.add(node.name());
      of(node).longest().reversed().forEach(next::push);
    }
    return path;
  }

  private Tree.Node node(Node node) {
    Times its = of(node);
    boolean seen = !PhaseDerivation.unseen(node.lines);
    boolean below =
        seen && node.children.stream().noneMatch(child -> PhaseDerivation.unseen(child.lines));
    return new Tree.Node(
        node.name(),
        node.label,
        node.tier,
        node.lines.started.parent(),
        node.asked,
        seen ? seconds(its.own()) : null,
        seen ? seconds(its.waiting()) : null,
        below ? seconds(its.overhead()) : null,
        below ? seconds(its.launch()) : null,
        seen() ? seconds(its.span()) : null,
        node.calls.stream().map(call -> wait(call, node.lines.answered)).toList());
  }

  private Tree.Wait wait(Call call, Map<String, Long> answered) {
    Long at = answered.get(call.asked().call());
    return new Tree.Wait(
        call.asked().call(),
        call.asked().tasks(),
        phase.since(call.asked().atNanos()),
        at == null ? null : phase.since(at.longValue()));
  }

  private List<Tree.Refusal> refusals() {
    return shape.inOrder().stream()
        .flatMap(node -> node.lines.refused.stream())
        .map(refused ->
            new Tree.Refusal(refused.attempt(), refused.reason(), phase.since(refused.atNanos())))
        .toList();
  }

  TreeFigures figures() {
    return new TreeFigures(
        shape.widths(),
        seconds(phase.wallNanos()),
        seconds(work()),
        seconds(span()),
        shape.inOrder().stream().map(TreeDerivation::nodeFigures).toList(),
        siblings(),
        refusals().size());
  }

  private static TreeFigures.Node nodeFigures(Node node) {
    return new TreeFigures.Node(node.name(), node.tier, node.asked, carried(node));
  }

  /** Whether its answer holds what those had to answer that it asked for. */
  private static Optional<Boolean> carried(Node node) {
    Claims claims = node.lines.ended == null ? Claims.NONE : node.lines.ended.claims();
    String answer = claims.result();
    List<String> expected =
        node.children.stream()
            .flatMap(child -> Optional.ofNullable(child.lines.challenge).stream())
            .map(Event.ChallengeChecked::expected)
            .toList();
    return expected.isEmpty()
        ? Optional.empty()
        : Optional.of(answer != null && expected.stream().allMatch(answer::contains));
  }

  /** Those that the plan began, and those that each agent was to start. */
  private List<TreeFigures.Siblings> siblings() {
    List<TreeFigures.Siblings> all = new ArrayList<>();
    List<Node> roots = shape.inOrder().stream().filter(node -> node.tier == 1).toList();
    all.add(siblings("the plan", 1, roots));
    for (Node node : shape.inOrder()) {
      if (node.tier > 0 && (node.tier < shape.widths().size() || !node.children.isEmpty())) {
        all.add(siblings(node.name(), node.tier + 1, node.children));
      }
    }
    return all;
  }

  private TreeFigures.Siblings siblings(String of, int tier, List<Node> siblings) {
    Overlap overlap = Overlap.of(siblings.stream().map(this::interval).toList());
    int count = siblings.size();
    long any = overlap.nanosWithAtLeast(1);
    return new TreeFigures.Siblings(
        of,
        tier,
        count,
        overlap.greatest(),
        any == 0 ? 0 : (double) overlap.nanosWithAtLeast(count) / any);
  }
}
