package dev.regatta.cli;

import dev.regatta.run.TreeBudget;
import java.time.Duration;
import java.util.Optional;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** The options about agents that start others. */
public class SpawnOptions {
  private static final int MOST_CHILDREN = 10_000;
  private static final int MOST_AGENTS = 1_000_000;

  @Option(
      name = "spawn",
      hasValue = false,
      description = "let agents start others, with the tools of docs/trees.md")
  boolean spawn;

  @Option(
      name = "max-depth",
      argument = "N",
      description = "with --spawn: levels of agents below the first (1)")
  @Nullable String depth;

  @Option(
      name = "max-children",
      argument = "N",
      description = "with --spawn: how many one attempt may start (10)")
  @Nullable String children;

  @Option(
      name = "max-agents",
      argument = "N",
      description = "with --spawn: how many all of them may start (100)")
  @Nullable String agents;

  @Option(
      name = "max-cost",
      argument = "USD",
      description = "with --spawn: start no more once the run has cost that (no bound)")
  @Nullable String cost;

  @Option(
      name = "max-time",
      argument = "S",
      description = "with --spawn: seconds after which what agents started is stopped (no bound)")
  @Nullable String time;

  /** How far agents may go; empty if they may start none. */
  Optional<TreeBudget> budget() {
    if (!spawn) {
      refuseWithout("--max-depth", depth);
      refuseWithout("--max-children", children);
      refuseWithout("--max-agents", agents);
      refuseWithout("--max-cost", cost);
      refuseWithout("--max-time", time);
      return Optional.empty();
    }
    Optional<Duration> most = Words.seconds("--max-time", time);
    return Optional.of(
        new TreeBudget(
            Words.count("--max-depth", depth, 1, TreeBudget.DEEPEST, 1),
            Words.count("--max-children", children, 1, MOST_CHILDREN, 10),
            Words.count("--max-agents", agents, 1, MOST_AGENTS, 100),
            dollars(),
            most));
  }

  private static void refuseWithout(String option, @Nullable String given) {
    if (given != null) {
      throw CliFailure.usage(option + " bounds what agents start: add --spawn, or leave it out");
    }
  }

  private Optional<Double> dollars() {
    if (cost == null) {
      return Optional.empty();
    }
    try {
      double value = Double.parseDouble(cost.strip());
      if (value > 0 && value <= 1e6) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // said below, with the range
    }
    throw CliFailure.usage(
        "--max-cost must be US dollars, above 0 and at most 1000000, not '" + cost + "'");
  }
}
