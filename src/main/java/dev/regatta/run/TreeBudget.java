package dev.regatta.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How far the agents of a run may go with others that they start. What exceeds it is refused, and
 * the agent is told why.
 *
 * @param depth how many levels of agents there may be below those of the plan, at least 1
 * @param children how many one attempt may start in all, at least 1
 * @param agents how many may be started in the whole run, those of the plan not counted, at least 1
 * @param cost US dollars, by the agents' own account, from which on none is started any more
 * @param time since the run began or was gone on with, at the end of which those that were started
 *     are stopped, and none is started any more
 */
public record TreeBudget(
    int depth, int children, int agents, Optional<Double> cost, Optional<Duration> time) {
  /** Deeper trees would have names longer than a file's may be. */
  public static final int DEEPEST = 10;

  /** Checks the ranges. */
  public TreeBudget {
    if (depth < 1 || depth > DEEPEST) {
      throw new IllegalArgumentException("depth is from 1 to " + DEEPEST + ", not " + depth);
    }
    if (children < 1 || agents < 1) {
      throw new IllegalArgumentException("children and agents are at least 1");
    }
    cost.filter(dollars -> !(dollars > 0))
        .ifPresent(dollars -> {
          throw new IllegalArgumentException("cost is above 0, not " + dollars);
        });
    time.filter(most -> !most.isPositive())
        .ifPresent(most -> {
          throw new IllegalArgumentException("time is above 0, not " + most);
        });
  }
}
