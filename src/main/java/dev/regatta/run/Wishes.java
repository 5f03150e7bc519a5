package dev.regatta.run;

import dev.regatta.agent.Adapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes tasks of what an agent wants of others. */
final class Wishes {
  private final Member asking;
  private final RunSettings settings;

  Wishes(Member asking, RunSettings settings) {
    this.asking = asking;
    this.settings = settings;
  }

  /**
   * The tasks, named after the attempt that asks: they work in its folder, with its agent if they
   * name no other.
   *
   * @param first the number of the first, from 1
   */
  List<Task> tasks(List<Wish> wishes, int first) throws SpawnRefused {
    List<Task> tasks = new ArrayList<>();
    for (Wish wish : wishes) {
      int index = tasks.size();
      try {
        tasks.add(task(wish, first + index));
      } catch (IllegalArgumentException e) {
        throw new SpawnRefused("tasks[" + index + "]: " + e.getMessage());
      }
    }
    return tasks;
  }

  private Task task(Wish wish, int number) {
    AttemptPlan plan = asking.plan();
    String agent = agent(wish);
    return new Task(
        Task.nameOfChild(plan.name(), number),
        Optional.of(wish.prompt()),
        List.of(),
        Optional.of(agent),
        wish.model().or(() -> plan.assignment().model()),
        Optional.of(plan.assignment().folder()),
        tools(agent), // no more than who asks may use
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        wish.expect(),
        Optional.empty());
  }

  /** No more than who asks may use; an agent that can't be kept to them is not for it to start. */
  private List<String> tools(String agent) {
    List<String> tools = asking.plan().assignment().tools();
    Optional.ofNullable(settings.adapters().get(agent))
        .flatMap(adapter -> adapter.refusal(tools))
        .ifPresent(why -> {
          throw new IllegalArgumentException("it may use your tools and no others: " + why);
        });
    return tools;
  }

  private String agent(Wish wish) {
    String own = asking.plan().adapter().name();
    String name = wish.agent().orElse(takesPrompts(own) ? own : settings.agent());
    if (!takesPrompts(name)) {
      throw new IllegalArgumentException(
          "there is no agent '"
              + Visible.line(name, 60)
              + "' here; there are "
              + String.join(
                  ", ",
                  settings.adapters().keySet().stream()
                      .filter(this::takesPrompts)
                      .sorted()
                      .toList()));
    }
    return name;
  }

  /** A plain command is the user's to give, not an agent's. */
  private boolean takesPrompts(String name) {
    Adapter adapter = settings.adapters().get(name);
    return adapter != null && adapter.readsLines();
  }
}
