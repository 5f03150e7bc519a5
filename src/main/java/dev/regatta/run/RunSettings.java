package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Permissions;
import dev.regatta.process.Limits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds for every task of a run that does not say otherwise.
 *
 * @param parallel how many tasks at once, at least 1
 * @param adapters the agents, by name
 * @param agent name of the one that tasks with a prompt get
 * @param limits how long an attempt may take
 * @param limitFactor by how much limits grow because the machine is busy; 1 when it is not
 * @param retries how often a task is tried again after its own failure
 * @param permissions what agents may do
 * @param tools tools they may use without asking, for tasks that name none
 * @param model the model they are told to use, for tasks that name none
 * @param endpoint the model API they are sent to, if not the provider's default
 * @param rehearsal whether that is a rehearsal server
 * @param folder where tasks without a folder of their own work
 * @param configs where agents' configuration folders are made, one per credential
 * @param stagger the pause between two starts of heavy agents, for those adapters that ask for one
 */
public record RunSettings(
    int parallel,
    Map<String, Adapter> adapters,
    String agent,
    Limits limits,
    int limitFactor,
    int retries,
    Permissions permissions,
    List<String> tools,
    Optional<String> model,
    Optional<URI> endpoint,
    boolean rehearsal,
    Path folder,
    Path configs,
    Stagger stagger) {

  /** Checks the ranges. */
  public RunSettings {
    if (parallel < 1) {
      throw new IllegalArgumentException("at least 1 task runs at once, not " + parallel);
    }
    if (retries < 0) {
      throw new IllegalArgumentException("retries cannot be below 0, and are " + retries);
    }
    adapters = Map.copyOf(adapters);
    tools = List.copyOf(tools);
  }

  /** The same for so many tasks at once, with those limits and so many retries. */
  public RunSettings with(int atOnce, Limits within, int again) {
    return with(atOnce, within, again, permissions, tools);
  }

  /** The same for agents that only answer: no tools, and the least permissions. */
  public RunSettings answering() {
    return with(parallel, limits, retries, Permissions.LEAST, List.of());
  }

  private RunSettings with(
      int atOnce, Limits within, int again, Permissions may, List<String> allowed) {
    return new RunSettings(
        atOnce,
        adapters,
        agent,
        within,
        limitFactor,
        again,
        may,
        allowed,
        model,
        endpoint,
        rehearsal,
        folder,
        configs,
        stagger);
  }

  /** How starts are spaced. */
  public sealed interface Stagger {
    /** As each adapter asks for on this many cores. */
    record AsTheAgentAsks(int cores) implements Stagger {}

    /** By that much, whatever the agent. */
    record By(Duration gap) implements Stagger {}
  }

  /** The pause before a start with that adapter; zero for none. */
  Duration gap(Adapter adapter) {
    return switch (stagger) {
      case Stagger.AsTheAgentAsks asked -> adapter.stagger(asked.cores()).orElse(Duration.ZERO);
      case Stagger.By by -> by.gap();
    };
  }

  Limits limitsOf(Task task, Adapter adapter) {
    Limits own =
        new Limits(
            task.timeout().or(limits::whole).or(adapter::usualTimeout),
            task.firstOutput().or(limits::firstOutput),
            task.stall().or(limits::stall));
    return limitFactor == 1 ? own : own.times(limitFactor);
  }
}
