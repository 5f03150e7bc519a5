package dev.regatta.experiment;

import dev.regatta.experiment.ProofReading.AttemptLines;
import dev.regatta.journal.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for whom, as a journal tells it. A parent begins before its children, so whatever else
 * the lines say there is no circle in it.
 */
final class TreeShape {
  private final List<Integer> widths;
  private final Map<String, String> notTried;
  private final List<Node> begun = new ArrayList<>();
  private final List<Node> inOrder = new ArrayList<>();
  private final List<Tree.Unstarted> unstarted = new ArrayList<>();

  /** An agent that began. */
  static final class Node {
    final AttemptLines lines;
    final @Nullable Node parent;

    /** 1 for those that the plan began; 0 where it is not known who asked. */
    final int tier;

    final List<Call> calls = new ArrayList<>();
    final List<Node> children = new ArrayList<>();

    /** Its place: {@code 2.1} is the first that the second agent asked for. */
    String label = "";

    /** Whether its parent asked for its task, or the plan did. */
    boolean asked;

    Node(AttemptLines lines, @Nullable Node parent, int tier) {
      this.lines = lines;
      this.parent = parent;
      this.tier = tier;
    }

    String name() {
      return lines.started.attempt();
    }
  }

  /**
   * One call by which an agent asked for others.
   *
   * @param asked its line
   * @param children those of them that began
   */
  record Call(Event.ChildrenAsked asked, List<Node> children) {}

  /**
   * The tree of these attempts.
   *
   * @param planned the tasks that the plan begins with, in order
   * @param widths how many agents were to be on each tier, for each of the tier above
   * @param attempts in the order in which they began
   * @param notTried why tasks were given up before they began
   */
  TreeShape(
      List<String> planned,
      List<Integer> widths,
      List<AttemptLines> attempts,
      Map<String, String> notTried) {
    this.widths = widths;
    this.notTried = notTried;
    Map<String, Node> byName = new HashMap<>();
    for (AttemptLines lines : attempts) {
      Node node = node(lines, byName);
      byName.put(node.name(), node);
      begun.add(node);
      Optional.ofNullable(node.parent).ifPresent(parent -> parent.children.add(node));
    }
    begun.forEach(TreeShape::connect);
    place(planned);
  }

  private static Node node(AttemptLines lines, Map<String, Node> earlier) {
    String named = lines.started.parent();
    if (named == null) {
      return new Node(lines, null, 1);
    }
    Node parent = earlier.get(named);
    return new Node(lines, parent, parent == null || parent.tier == 0 ? 0 : parent.tier + 1);
  }

  private static void connect(Node node) {
    for (Event.ChildrenAsked asked : node.lines.asked) {
      List<Node> children =
          node.children.stream()
              .filter(child -> asked.tasks().contains(child.lines.started.task()))
              .toList();
      children.forEach(child -> child.asked = true);
      node.calls.add(new Call(asked, children));
    }
  }

  /** Gives each its place, parents before their children, siblings as they were asked for. */
  private void place(List<String> planned) {
    List<Node> roots = begun.stream().filter(node -> node.parent == null).toList();
    roots.forEach(
        root -> root.asked = root.tier == 1 && planned.contains(root.lines.started.task()));
    Deque<Node> next = new ArrayDeque<>();
    number(null, planned, roots).forEach(next::addLast);
    while (!next.isEmpty()) {
      Node node = next.removeFirst();
      inOrder.add(node);
      List<String> asked =
          node.lines.asked.stream().flatMap(call -> call.tasks().stream()).distinct().toList();
      number(node, asked, node.children).reversed().forEach(next::addFirst);
    }
  }

  /** Labels these siblings, and gives them in the order of their labels. */
  private List<Node> number(@Nullable Node parent, List<String> asked, List<Node> siblings) {
    Map<String, List<Node>> byTask = new LinkedHashMap<>();
    asked.forEach(task -> byTask.put(task, new ArrayList<>()));
    for (Node node : siblings) {
      byTask.computeIfAbsent(node.lines.started.task(), task -> new ArrayList<>()).add(node);
    }
    List<Node> ordered = new ArrayList<>();
    String prefix = parent == null ? "" : parent.label + ".";
    int place = 0;
    for (Map.Entry<String, List<Node>> task : byTask.entrySet()) {
      String label = prefix + ++place;
      task.getValue().forEach(node -> node.label = label);
      ordered.addAll(task.getValue());
      if (task.getValue().isEmpty()) {
        unstarted.add(unstarted(parent, label, task.getKey()));
      }
    }
    return ordered;
  }

  private Tree.Unstarted unstarted(@Nullable Node parent, String label, String task) {
    return new Tree.Unstarted(
        label, task, parent == null ? null : parent.name(), notTried.get(task));
  }

  /** The place of an attempt. */
  String label(AttemptLines lines) {
    return inOrder.stream()
        .filter(node -> node.lines == lines)
        .map(node -> node.label)
        .findFirst()
        .orElse("");
  }

  /** How many were to be on each tier, for each agent of the tier above. */
  List<Integer> widths() {
    return widths;
  }

  /** All that began, each before those that it asked for, and these together. */
  List<Node> inOrder() {
    return inOrder;
  }

  /** All that began, in the order in which they did. */
  List<Node> begun() {
    return begun;
  }

  /** Those that were asked for and never began. */
  List<Tree.Unstarted> unstarted() {
    return unstarted;
  }
}
