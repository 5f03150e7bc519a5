package dev.regatta.experiment;

import dev.regatta.run.TreeBudget;
import java.util.List;
import java.util.Optional;

/**
 * A tree of agents, decided before it begins.
 *
 * @param widths how many begin it, how many each of these starts, and so on down; two tiers or more
 * @param begins what those that begin it are asked, and what holds for all of them
 * @param model the model that all are told to use
 */
public record TreePlan(List<Integer> widths, ProofPlan begins, Optional<String> model) {
  /** The most agents of a tree: each is a process. */
  public static final int MOST_AGENTS = 1000;

  /** The most tiers. */
  public static final int MOST_TIERS = TreeBudget.DEEPEST + 1;

  /** Checks the ranges. */
  public TreePlan {
    widths = List.copyOf(widths);
    if (widths.size() < 2
        || widths.size() > MOST_TIERS
        || widths.stream().anyMatch(width -> width < 1 || width > MOST_AGENTS)) {
      throw new IllegalArgumentException(
          "a tree has from 2 to " + MOST_TIERS + " tiers of at least 1 agent, not " + widths);
    }
    if (Tree.size(widths) > MOST_AGENTS) {
      throw new IllegalArgumentException("a tree has at most " + MOST_AGENTS + " agents");
    }
    if (begins.tasks().size() != widths.getFirst()) {
      throw new IllegalArgumentException("a tree begins with as many tasks as its first tier has");
    }
  }

  /** How many agents it is to have. */
  public int agents() {
    return Tree.size(widths);
  }

  /** What its agents may start: what the plan wants, and no more. */
  TreeBudget budget() {
    List<Integer> below = widths.subList(1, widths.size());
    return new TreeBudget(
        below.size(),
        below.stream().mapToInt(Integer::intValue).max().orElseThrow(),
        agents() - widths.getFirst(),
        Optional.empty(),
        Optional.empty());
  }
}
