package dev.regatta.cli;

import dev.regatta.experiment.Tree;
import dev.regatta.experiment.TreePlan;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code --tree} asks for. */
final class TreeWidths {
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,3}(x[1-9][0-9]{0,3})+");

  private TreeWidths() {}

  /** How many begin it, how many each of these starts, and so on down; empty if it is no tree. */
  static Optional<List<Integer>> of(ProofOptions options) {
    if (options.tree == null) {
      return Optional.empty();
    }
    refuseOthers(options);
    if (!FORM.matcher(options.tree).matches()) {
      throw CliFailure.usage(
          "--tree must be numbers from 1 with an x between them, such as 3x3 for three agents that"
              + " each start three, not '"
              + options.tree
              + "'");
    }
    List<Integer> widths = Arrays.stream(options.tree.split("x")).map(Integer::valueOf).toList();
    if (widths.size() > TreePlan.MOST_TIERS) {
      throw CliFailure.usage(
          "--tree "
              + options.tree
              + " has "
              + widths.size()
              + " tiers, and a tree has at most "
              + TreePlan.MOST_TIERS);
    }
    if (!small(widths)) {
      throw CliFailure.usage(
          "--tree "
              + options.tree
              + " has more than "
              + TreePlan.MOST_AGENTS
              + " agents, each of which is a process: take less");
    }
    return Optional.of(widths);
  }

  private static boolean small(List<Integer> widths) {
    try {
      return Tree.size(widths) <= TreePlan.MOST_AGENTS;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  /** All that is about comparing phases, or about what is asked. */
  private static void refuseOthers(ProofOptions options) {
    Map<String, @Nullable Object> others = new LinkedHashMap<>();
    others.put("--prompt", options.prompts);
    others.put("--tasks", options.tasks);
    others.put("--parallel", options.parallel);
    others.put("--rounds", options.rounds);
    others.put("--order", options.order);
    others.forEach((name, value) -> {
      if (value != null) {
        throw CliFailure.usage(
            "--tree and "
                + name
                + " exclude each other: a tree has no sequential phase, and asks the built-in"
                + " questions");
      }
    });
  }

  /** Only agents that are given the tools can start others. */
  static void requireStarter(String agent) {
    if (!agent.equals("claude") && !agent.equals("rehearsal-agent")) {
      throw CliFailure.usage(
          "--tree needs an agent that can start others: claude, or rehearsal-agent in a rehearsal,"
              + " not "
              + agent);
    }
  }
}
