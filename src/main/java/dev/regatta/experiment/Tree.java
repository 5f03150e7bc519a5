package dev.regatta.experiment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree of agents that started agents, and how long it took of what it had to take.
 *
 * <p>Work and span are those of Blumofe and Leiserson's analysis of Cilk ('Scheduling multithreaded
 * computations by work stealing', JACM 46(5), 1999), in the words of 'Introduction to Algorithms':
 * the work is the time that all agents took by themselves, the span the longest chain of such times
 * in which each had to wait for the one before. No number of agents at once makes the tree faster
 * than its span; their ratio is the parallelism that is possible. By Brent's theorem (JACM 21(2),
 * 1974) a tree that never lacks a place takes no longer than its span, so what the wall time is
 * above it was lost between the agents.
 *
 * <p>An agent's own time is its duration less the time in which it waited for others. All times are
 * seconds; those that name an instant count from the start of the tree's phase.
 *
 * @param widths how many begin it, how many each of these was to start, and so on down
 * @param wallSeconds the tree's wall time
 * @param workSeconds sum of the own times, or null while one is not known
 * @param spanSeconds the critical path: of the agents that began the tree the longest chain, where
 *     an agent's is its own time and, for each stretch in which it waited, the longest chain of
 *     those it waited for; or null likewise
 * @param idealParallelism work / span, or null likewise
 * @param achievedParallelism work / wall time, or null likewise
 * @param wallOverSpan wall time / span, or null likewise
 * @param criticalPath the attempts of that chain, in order; empty while it is not known
 * @param nodes the agents that began, each before those that it asked for
 * @param unstarted the tasks that were asked for and never began
 * @param refusals what agents asked for and did not get
 */
public record Tree(
    List<Integer> widths,
    double wallSeconds,
    @Nullable Double workSeconds,
    @Nullable Double spanSeconds,
    @Nullable Double idealParallelism,
    @Nullable Double achievedParallelism,
    @Nullable Double wallOverSpan,
    List<String> criticalPath,
    List<Node> nodes,
    List<Unstarted> unstarted,
    List<Refusal> refusals) {

  /** How many agents it was to have. */
  public int wanted() {
    return size(widths);
  }

  /** How many agents a tree of these widths has. */
  public static int size(List<Integer> widths) {
    int all = 0;
    int tier = 1;
    for (int width : widths) {
      tier = Math.multiplyExact(tier, width);
      all = Math.addExact(all, tier);
    }
    return all;
  }

  /** The widths as they are given and shown: {@code 3x3}. */
  public String shape() {
    return String.join("x", widths.stream().map(String::valueOf).toList());
  }

  /**
   * One agent.
   *
   * @param attempt its attempt's name
   * @param label its place: {@code 2.1} is the first that the second asked for
   * @param tier 1 for those that the plan began; 0 where it is not known who asked for it
   * @param parent the attempt whose agent asked for it, or null if the plan did
   * @param asked whether that one is seen to have asked for it
   * @param ownSeconds duration less waiting, or null while its end is not known
   * @param waitingSeconds how long it waited for others, or null likewise
   * @param overheadSeconds the part of that in which none of its children ran: between its question
   *     and the first of them, between them, and from the last one's end to the answer; or null
   *     likewise, and while the end of a child is not known
   * @param launchSeconds the part of that from a question to the first child's spawn
   * @param spanSeconds the longest chain from here down, or null likewise
   * @param waits each question it asked
   */
  public record Node(
      String attempt,
      String label,
      int tier,
      @Nullable String parent,
      boolean asked,
      @Nullable Double ownSeconds,
      @Nullable Double waitingSeconds,
      @Nullable Double overheadSeconds,
      @Nullable Double launchSeconds,
      @Nullable Double spanSeconds,
      List<Wait> waits) {}

  /**
   * A question for other agents.
   *
   * @param call its name within the run
   * @param tasks what it asked for
   * @param askedSeconds when
   * @param answeredSeconds when it got the results, or no longer waited; null if it never did
   */
  public record Wait(
      String call, List<String> tasks, double askedSeconds, @Nullable Double answeredSeconds) {}

  /**
   * A task that was asked for and never began.
   *
   * @param label the place it would have had
   * @param task its name
   * @param parent the attempt whose agent asked for it, or null if the plan did
   * @param reason why it was given up, or null if the journal does not say
   */
  public record Unstarted(
      String label, String task, @Nullable String parent, @Nullable String reason) {}

  /**
   * A question that was refused.
   *
   * @param attempt the attempt whose agent asked
   * @param reason what it was told
   * @param atSeconds when
   */
  public record Refusal(String attempt, String reason, double atSeconds) {}
}
