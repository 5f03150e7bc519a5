package dev.regatta.run;

import dev.regatta.agent.AgentTools;
import dev.regatta.gateway.Gateway;
import dev.regatta.journal.Event;
import dev.regatta.secret.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a run that start others: who they are, what they may still start, and what they
 * left for each other. All that is started is an attempt of the same run, which the scheduler
 * starts and bounds. Safe for many threads.
 */
public final class Tree {
  private static final String TOKEN = "regatta-agent-";
  private static final Pattern TOKENS = Pattern.compile(TOKEN + "[A-Za-z0-9_-]{43}");
  private static final int TOKEN_BYTES = 32;

  private final Run run;
  private final Scheduler scheduler;
  private final TreeBudget budget;
  private final long begun;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Member> members = new ConcurrentHashMap<>();
  private final Notes notes = new Notes();
  private final AtomicLong calls = new AtomicLong();
  private @Nullable volatile URI address;
  private final Map<Member, Integer> given = new HashMap<>();
  private int started;
  private double spent;

  private Tree(Run run, Scheduler scheduler, TreeBudget budget) {
    this.run = run;
    this.scheduler = scheduler;
    this.budget = budget;
    this.begun = run.clock().nanos();
  }

  /**
   * Lets the agents of a run start others, from now on. Each attempt is given the tools once it is
   * said where they are {@link #servedAt}.
   *
   * @param scheduler carries out what they ask for, with its settings and credentials
   */
  public static Tree grow(Run run, Scheduler scheduler, TreeBudget budget) {
    Tree tree = new Tree(run, scheduler, budget);
    run.grow(tree);
    return tree;
  }

  /** The run's gateway, where the tools can be served; empty if it has none. */
  public Optional<Gateway> gateway() {
    return run.gateway();
  }

  /** Says where the tools are served. */
  public void servedAt(URI served) {
    address = served;
  }

  /** Whose token that is, while its attempt runs. */
  public Optional<Member> member(String token) {
    return Optional.ofNullable(members.get(token));
  }

  /** Says that somebody without a valid token was let in nowhere. */
  public void turnedAway(String method, String path, int status) {
    String shown = Visible.line(path, 200);
    run.refused(
        new Event.RequestRefused("", Visible.line(method, 20), shown, status, run.clock().nanos()));
  }

  /** What agents left for each other. */
  public Notes notes() {
    return notes;
  }

  /** How many may work at once, those of the plan among them. */
  public Slots slots() {
    return scheduler.slots();
  }

  Run run() {
    return run;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  TreeBudget budget() {
    return budget;
  }

  /** Lets an attempt in that is about to start. */
  Member admit(AttemptPlan plan) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = TOKEN + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Optional<AgentTools> tools =
        Optional.ofNullable(address).map(served -> new AgentTools(served, new Secret(token)));
    Member member = new Member(this, plan, tools);
    members.put(token, member);
    return member;
  }

  void forget(Member member) {
    synchronized (this) {
      given.remove(member);
    }
    member.tools().ifPresent(tools -> members.remove(tools.token().reveal()));
  }

  String nextCall() {
    return "c" + calls.incrementAndGet();
  }

  /**
   * Counts so many more, if there may be so many.
   *
   * @return the number of the first of them among those that the agent asked for, from 1
   */
  synchronized int reserve(Member asking, int wanted) throws SpawnRefused {
    if (asking.depth() >= budget.depth()) {
      throw new SpawnRefused(
          "agents of this run may start others down to level "
              + budget.depth()
              + ", and you are there: do the work yourself");
    }
    if (wanted > budget.children() - given.getOrDefault(asking, 0)) {
      throw new SpawnRefused(
          "an agent of this run may start "
              + budget.children()
              + " others; you started "
              + given.getOrDefault(asking, 0)
              + " and ask for "
              + wanted
              + " more");
    }
    if (wanted > budget.agents() - started) {
      throw new SpawnRefused(
          "the agents of this run may start "
              + budget.agents()
              + " others together; "
              + started
              + " were started and you ask for "
              + wanted
              + " more");
    }
    Optional<String> exhausted = exhausted();
    if (exhausted.isPresent()) {
      throw new SpawnRefused(exhausted.get());
    }
    started += wanted;
    return given.merge(asking, wanted, Integer::sum) - wanted + 1;
  }

  /** Why nothing more may begin, if it may not. */
  synchronized Optional<String> exhausted() {
    Optional<Double> cost = budget.cost().filter(most -> spent >= most);
    if (cost.isPresent()) {
      return Optional.of(
          "this run may start agents until it has cost $" + cost.get() + ", which it has");
    }
    return timeLeft()
        .filter(left -> !left.isPositive())
        .map(left ->
            "this run may start agents for "
                + budget.time().orElseThrow().toSeconds()
                + " s, which are over");
  }

  /** How much of the time is left, if it is bounded. */
  Optional<Duration> timeLeft() {
    return budget.time().map(most -> most.minusNanos(run.clock().nanos() - begun));
  }

  synchronized void ended(Event.AttemptEnded ended) {
    Double cost = ended.claims().costUsd();
    spent += cost == null ? 0 : cost;
  }

  /** What is left of the budget for an agent, in one line for it to read. */
  synchronized String left(Member member) {
    int depth = budget.depth() - member.depth();
    int children =
        depth == 0
            ? 0
            : Math.min(
                budget.children() - given.getOrDefault(member, 0), budget.agents() - started);
    return exhausted()
        .orElse(
            "you may start " + children + " more, and they " + (depth > 1 ? "" : "no ") + "others");
  }

  /** Without secrets and tokens, also those that the run's redactor can't know. */
  String clean(String text) {
    return TOKENS.matcher(run.redact(text)).replaceAll("[token]");
  }

  /** The tasks that an agent's wishes become, under the names that follow its own. */
  List<Task> tasks(Member asking, List<Wish> wishes, int first) throws SpawnRefused {
    return new Wishes(asking, scheduler.settings()).tasks(wishes, first);
  }
}
