package dev.regatta.run;

import dev.regatta.agent.AgentTools;
import dev.regatta.journal.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An attempt in a run whose agents may start others, from before its start to its end. Its end is
 * the end of all that it started. Safe for many threads.
 */
public final class Member {
  private final Tree tree;
  private final AttemptPlan plan;
  private final Optional<AgentTools> tools;
  private final int depth;
  private final Cancellation stopping = new Cancellation();
  private final Cancellation.Registration above;
  private final Waiting waiting;
  private final Map<String, Descendant> children = new LinkedHashMap<>();
  private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

  Member(Tree tree, AttemptPlan plan, Optional<AgentTools> tools) {
    this.tree = tree;
    this.plan = plan;
    this.tools = tools;
    this.depth = plan.askedBy().map(call -> call.asking().depth + 1).orElse(0);
    this.waiting = new Waiting(plan, stopping);
    Cancellation order = plan.stoppedBy(tree.run());
    this.above = order.onRequest(() -> stopping.requestAsOften(order));
  }

  /** The attempt's name. */
  public String attempt() {
    return plan.name();
  }

  /** What it may still start, in one line for the agent to read. */
  public String left() {
    return tree.left(this);
  }

  /** All that it asked for, in that order. */
  public List<Descendant> children() {
    synchronized (children) {
      return List.copyOf(children.values());
    }
  }

  /**
   * Asks for others, which begin when the call is carried out.
   *
   * @throws SpawnRefused if there may not be so many, or one of them can't be; then none begins
   */
  public Call ask(List<Wish> wishes) throws SpawnRefused {
    try {
      if (wishes.isEmpty()) {
        throw new SpawnRefused("tasks: there must be at least one");
      }
      if (stopping.requested()) {
        throw new SpawnRefused("you are being stopped");
      }
      // Once to see whether they are sound, because what is refused is not counted.
      tree.tasks(this, wishes, 1);
      List<Task> tasks = tree.tasks(this, wishes, tree.reserve(this, wishes.size()));
      synchronized (children) {
        for (int i = 0; i < tasks.size(); i++) {
          Task task = tasks.get(i);
          String name = wishes.get(i).name().orElseGet(task::title);
          children.put(task.name(), Descendant.asked(task.name(), name));
        }
      }
      return new Call(tree, this, tasks);
    } catch (SpawnRefused e) {
      Run run = tree.run();
      run.record(new Event.ChildrenRefused(attempt(), e.reason(), run.clock().nanos()));
      throw e;
    }
  }

  /** Leaves a note for the others of the run. */
  public Notes.Note post(String text) throws Notes.Refused {
    Notes.Note note = tree.notes().post(attempt(), tree.clean(text));
    Run run = tree.run();
    run.record(new Event.NotePosted(attempt(), note.text(), run.clock().nanos()));
    return note;
  }

  AttemptPlan plan() {
    return plan;
  }

  Optional<AgentTools> tools() {
    return tools;
  }

  int depth() {
    return depth;
  }

  Cancellation stopping() {
    return stopping;
  }

  Waiting waiting() {
    return waiting;
  }

  Descendant child(String task) {
    synchronized (children) {
      return children.getOrDefault(task, Descendant.asked(task, task));
    }
  }

  void follow(String task, UnaryOperator<Descendant> change) {
    synchronized (children) {
      children.computeIfPresent(task, (name, child) -> change.apply(child));
    }
  }

  /** A fault of ours among those it started. */
  void failed(Throwable cause) {
    fault.compareAndSet(null, cause);
  }

  void began() {
    plan.askedBy().ifPresent(call -> call.asking().follow(plan.task(), Descendant::began));
  }

  /** What it started is stopped, and it can start no more. */
  void stop() {
    stopping.requestOnce();
  }

  /** Its token is unknown from now on; returns when all that it started has come to its end. */
  void close() {
    tree.forget(this);
    stop();
    waiting.close();
    above.close();
    Throwable broken = fault.get();
    if (broken instanceof RuntimeException exception) {
      throw exception;
    } else if (broken instanceof Error error) {
      throw error;
    }
  }

  void ended(Event.AttemptEnded ended) {
    tree.ended(ended);
    plan.askedBy()
        .ifPresent(call -> call.asking().follow(plan.task(), child -> child.told(ended.claims())));
  }
}
