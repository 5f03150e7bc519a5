package dev.regatta.run;

import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One call of an agent for others, which it waits for. */
public final class Call {
  private final Tree tree;
  private final Member asking;
  private final List<Task> tasks;
  private final String name;
  private final Cancellation cancellation = new Cancellation();

  Call(Tree tree, Member asking, List<Task> tasks) {
    this.tree = tree;
    this.asking = asking;
    this.tasks = List.copyOf(tasks);
    this.name = tree.nextCall();
  }

  /**
   * An agent that has come to its end.
   *
   * @param agent what became of it
   * @param answer what it answered, if it did
   */
  public record Answer(Descendant agent, Optional<String> answer) {}

  /** How many it is for. */
  public int size() {
    return tasks.size();
  }

  /** Stops them: nobody waits for them any more. */
  public void abandon() {
    cancellation.requestOnce();
  }

  /**
   * Carries them out, each in a slot, and returns when all have ended and the one that asked may
   * work again.
   *
   * @param each gets each of them that has ended, one at a time
   * @return in the order they were asked for
   */
  public List<Answer> carryOut(Consumer<Answer> each) throws SpawnRefused, InterruptedException {
    if (!asking.waiting().begin()) {
      throw new SpawnRefused("you are being stopped");
    }
    Cancellation order = asking.stopping();
    try (Cancellation.Registration stopping =
        order.onRequest(() -> cancellation.requestAsOften(order))) {
      // Written down before others can work in its slot.
      record(new Event.ChildrenAsked(asking.attempt(), name, names(), nanos()));
      return waited(each);
    } catch (RuntimeException | Error e) {
      asking.failed(e);
      throw e;
    } finally {
      asking.waiting().returned();
    }
  }

  private List<Answer> waited(Consumer<Answer> each) throws InterruptedException {
    Map<String, Answer> answers = new LinkedHashMap<>();
    asking.waiting().lend();
    try {
      tree.scheduler()
          .within(this)
          .carryOut(
              tasks.iterator(),
              result -> {
                Answer answer = ended(result);
                answers.put(result.task().name(), answer);
                each.accept(answer);
              });
      for (Task task : tasks) {
        answers.computeIfAbsent(task.name(), missing -> neverBegan(task));
      }
    } finally {
      asking.waiting().end();
    }
    record(new Event.ChildrenAnswered(asking.attempt(), name, nanos()));
    return tasks.stream().map(task -> answers.get(task.name())).toList();
  }

  private Answer ended(TaskResult result) {
    asking.follow(result.task().name(), child -> child.ended(result));
    return new Answer(asking.child(result.task().name()), result.answer());
  }

  private Answer neverBegan(Task task) {
    TaskResult result =
        TaskResult.notTried(
            task, Outcome.CANCELLED, "not started: the agent that asked for it was stopped");
    record(new Event.TaskNotTried(task.name(), result.reason()));
    return ended(result);
  }

  private List<String> names() {
    return tasks.stream().map(Task::name).toList();
  }

  private void record(Event event) {
    tree.run().record(event);
  }

  private long nanos() {
    return tree.run().clock().nanos();
  }

  Member asking() {
    return asking;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** How long one that begins now may take at most, if that is bounded. */
  Optional<Duration> timeLeft() {
    return tree.timeLeft();
  }

  /** Why none of them may begin any more, if so. */
  Optional<String> exhausted() {
    return tree.exhausted();
  }
}
