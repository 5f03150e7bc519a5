package dev.regatta.evidence;

import java.util.List;
import java.util.Optional;

/**
 * What was measured of a tree of agents besides its attempts. All times are seconds.
 *
 * @param widths how many were to begin it, how many each of these was to start, and so on down
 * @param wall its wall time
 * @param work the time that all agents took by themselves
 * @param span the longest chain of such times in which each waited for the next
 * @param nodes its agents
 * @param siblings those that began it, and those of each agent that was to start some, or did
 * @param refused how many questions for more agents were refused
 */
public record TreeFigures(
    List<Integer> widths,
    double wall,
    double work,
    double span,
    List<Node> nodes,
    List<Siblings> siblings,
    int refused) {

  /** Of a tree of which nothing began. */
  public static TreeFigures none(List<Integer> widths) {
    return new TreeFigures(widths, 0, 0, 0, List.of(), List.of(), 0);
  }

  /** Copies. */
  public TreeFigures {
    widths = List.copyOf(widths);
    nodes = List.copyOf(nodes);
    siblings = List.copyOf(siblings);
  }

  /**
   * An agent.
   *
   * @param name its attempt
   * @param tier 1 for those that began the tree; 0 where it is not known who asked for it
   * @param asked whether its parent, or the plan, is seen to have asked for it
   * @param carried whether its answer holds the challenges of those it asked for; empty when there
   *     was none
   */
  public record Node(String name, int tier, boolean asked, Optional<Boolean> carried) {}

  /**
   * Agents that one agent started.
   *
   * @param of its attempt's name
   * @param tier theirs
   * @param count how many began
   * @param greatest the greatest number of them at once
   * @param shareAll share of the time in which any of them ran with all of them at once
   */
  public record Siblings(String of, int tier, int count, int greatest, double shareAll) {}

  /** How many there were to be of these. */
  int wanted(Siblings siblings) {
    return siblings.tier() <= widths.size() ? widths.get(siblings.tier() - 1) : 0;
  }

  /** How many there were to be on that tier, counted from 1. */
  int wanted(int tier) {
    int wanted = 1;
    for (int width : widths.subList(0, tier)) {
      wanted *= width;
    }
    return wanted;
  }

  /** The parallelism that is possible. */
  double ideal() {
    return work / span;
  }

  /** The parallelism that there was. */
  double achieved() {
    return work / wall;
  }

  /** The widths as they are given and shown: {@code 3x3}. */
  String shape() {
    return String.join("x", widths.stream().map(String::valueOf).toList());
  }
}
