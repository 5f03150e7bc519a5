package dev.regatta.experiment;

import dev.regatta.agent.Assignment;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.credential.Grant;
import dev.regatta.journal.Event;
import dev.regatta.mcp.AgentServer;
import dev.regatta.process.Mark;
import dev.regatta.provider.Provider;
import dev.regatta.run.AttemptPlan;
import dev.regatta.run.Run;
import dev.regatta.run.RunSettings;
import dev.regatta.run.Scheduler;
import dev.regatta.run.Slots;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries out a tree: agents at once, each of which asks for others and waits for them. Who is
 * asked what is the plan's; that an agent starts others is its own doing. Each gets a challenge of
 * its own, which nobody who starts it knows. Nothing is retried, and nothing waits for a
 * credential.
 */
public final class TreeRun {
  private static final String PHASE = Proof.TREE;

  private final Run run;
  private final TreePlan plan;
  private final RandomGenerator random;
  private final CredentialPool pool;
  private final String version;

  /** Of each agent that began, by its attempt's name, on which tier it is. */
  private final Map<String, Integer> tiers = new ConcurrentHashMap<>();

  /**
   * A tree within a run.
   *
   * @param random makes the challenges' markers
   * @param pool the plan's credentials, which it gives out
   * @param version this program's version, for the agents to know
   */
  public TreeRun(
      Run run, TreePlan plan, RandomGenerator random, CredentialPool pool, String version) {
    this.run = run;
    this.plan = plan;
    this.random = random;
    this.pool = pool;
    this.version = version;
  }

  /**
   * Carries it out, or as much of it as is done before the run is stopped. It is not begun where
   * every credential is refused until a time: the wait would be measured.
   *
   * @return whether nothing was left out
   */
  public boolean carryOut() throws InterruptedException {
    run.record(planRecorded());
    for (Credential credential : plan.begins().credentials()) {
      run.folder().config(credential.value().fingerprint());
    }
    dev.regatta.run.Tree tree =
        dev.regatta.run.Tree.grow(
            run,
            Scheduler.ofExperiment(run, settings(), pool, InstantSource.system(), this::raised),
            plan.budget());
    List<Slots.Slot> slots = new ArrayList<>();
    try (AgentServer server = AgentServer.open(tree, version)) {
      for (int i = 0; i < plan.widths().getFirst(); i++) {
        tree.slots().take(run.cancellation()).ifPresent(slots::add);
      }
      return !run.cancellation().requested() && carryOut(slots);
    } finally {
      slots.forEach(Slots.Slot::close);
    }
  }

  private boolean carryOut(List<Slots.Slot> slots) throws InterruptedException {
    List<AttemptPlan> first = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      Optional<Credential> credential = credential(i);
      if (credential.isEmpty()) {
        return false;
      }
      first.add(first(i, credential.get()).in(slots.get(i)));
    }
    ParallelPhase phase = new ParallelPhase(run, first, first.size(), plan.begins().stagger());
    run.record(new Event.PhaseStarted(PHASE, 1, Proof.TREE, run.clock().nanos()));
    phase.carryOut(this::schedule);
    run.record(new Event.PhaseEnded(PHASE, run.clock().nanos()));
    return !run.cancellation().requested();
  }

  private void schedule(AttemptPlan attempt, long nanos) {
    run.record(
        new Event.TaskScheduled(
            attempt.task(), PHASE, question(Integer.parseInt(attempt.task()) - 1), nanos));
  }

  /** What holds for all that agents start: a place for each, so that none waits for another. */
  private RunSettings settings() {
    ProofPlan begins = plan.begins();
    return new RunSettings(
        plan.agents(),
        Map.of(begins.adapter().name(), begins.adapter()),
        begins.adapter().name(),
        begins.limits(),
        begins.limitFactor(),
        0,
        permissions(),
        tools(),
        plan.model(),
        begins.endpoint(),
        begins.rehearsal(),
        run.folder().path(),
        run.folder().path().resolve("config"),
        new RunSettings.Stagger.By(begins.stagger()));
  }

  private Permissions permissions() {
    Permissions given = plan.begins().permissions();
    return given == Permissions.LEAST ? Permissions.ACCEPT_EDITS : given;
  }

  private List<String> tools() {
    List<String> tools = new ArrayList<>(plan.begins().tools());
    writeTool().filter(tool -> !tools.contains(tool)).ifPresent(tools::add);
    return tools;
  }

  /**
   * The i-th gets the i-th credential; the pool counts it, so that others come before it again.
   *
   * @return empty if there is none to begin with now, which is then written down
   */
  private Optional<Credential> credential(int index) {
    Provider provider = plan.begins().adapter().provider().orElseThrow();
    return switch (pool.grant(index, provider)) {
      case Grant.Granted granted -> Optional.of(granted.credential());
      case Grant.WaitUntil wait ->
          endsBefore(
              index,
              "every credential is refused, the first of them until "
                  + wait.until()
                  + ", and a proof does not wait; prove again then, or with another credential");
      case Grant.NoneLeft none -> endsBefore(index, none.why());
    };
  }

  private Optional<Credential> endsBefore(int index, String why) {
    run.record(
        new Event.Noted("warning", "the proof ends before " + nameOfFirst(index) + ": " + why));
    return Optional.empty();
  }

  private static String nameOfFirst(int index) {
    return PHASE + "-" + (index + 1);
  }

  private AttemptPlan first(int index, Credential credential) {
    String name = nameOfFirst(index);
    Path work = run.folder().work(name);
    Challenge challenge = Challenge.fresh(random);
    Assignment assignment =
        new Assignment(
            name,
            prompt(challenge, question(index), work, 1),
            List.of(),
            Optional.empty(),
            work,
            run.folder().config(credential.value().fingerprint()),
            Optional.of(credential),
            plan.begins().endpoint(),
            plan.begins().rehearsal(),
            run.environment(),
            plan.model(),
            tools(),
            permissions(),
            Map.of(Mark.VARIABLE, Mark.of(run.id(), name, run.environment()).value()));
    tiers.put(name, 1);
    return new AttemptPlan(
        name,
        Integer.toString(index + 1),
        Optional.of(PHASE),
        1,
        plan.begins().adapter(),
        assignment,
        plan.begins().limits().times(plan.begins().limitFactor()),
        challenge.inspection(name, work));
  }

  /** What another agent asked for, with a folder and a challenge of its own. */
  private AttemptPlan raised(AttemptPlan asked) {
    int tier = asked.parent().map(parent -> tiers.getOrDefault(parent, 0)).orElse(0) + 1;
    tiers.put(asked.name(), tier);
    // The claude CLI takes ~1 in a path for a short name of Windows, and writes nothing there.
    Path work = run.folder().work(asked.name().replace('~', '-'));
    Challenge challenge = Challenge.fresh(random);
    Assignment assignment = asked.assignment();
    return asked.with(
        assignment.asking(prompt(challenge, assignment.prompt(), work, tier), work),
        challenge.inspection(asked.name(), work));
  }

  private String prompt(Challenge challenge, String question, Path work, int tier) {
    return tier < plan.widths().size()
        ? challenge.promptOfParent(question, work, writeTool(), children(plan.widths().get(tier)))
        : challenge.prompt(question, work, writeTool());
  }

  private Optional<String> writeTool() {
    return plan.begins().adapter().writeTool();
  }

  /** What an agent has to hand to the tool, as JSON. */
  private static String children(int count) {
    ObjectNode input = JsonMapper.shared().createObjectNode();
    ArrayNode tasks = input.putArray("tasks");
    for (int i = 0; i < count; i++) {
      tasks.addObject().put("prompt", question(i));
    }
    return input.toString();
  }

  private static String question(int index) {
    ProofTask task = ProofTask.QUESTIONS.get(index % ProofTask.QUESTIONS.size());
    return switch (task) {
      case ProofTask.Question question -> question.question();
      case ProofTask.Given given -> given.task().title();
    };
  }

  private Event.PlanRecorded planRecorded() {
    ProofPlan begins = plan.begins();
    return new Event.PlanRecorded(
        plan.agents(),
        1,
        List.of(Proof.TREE),
        IntStream.rangeClosed(1, plan.widths().getFirst()).mapToObj(Integer::toString).toList(),
        begins.credentials().stream().map(Credential::name).toList(),
        begins.credentials().size() < plan.agents(),
        begins.limits().times(begins.limitFactor()).seconds(),
        begins.adapter().name(),
        begins.agentVersion().orElse(null),
        plan.widths());
  }
}
