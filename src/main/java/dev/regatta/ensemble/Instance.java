package dev.regatta.ensemble;

import dev.regatta.journal.Event;
import dev.regatta.run.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One of those that are asked the same.
 *
 * @param number from 1; also the name of its task
 * @param agent the adapter's name
 * @param model the model it is told to use
 * @param temperature how daring its answer is to be, from 0 to 2
 * @param flags further arguments of the agent's command line
 */
public record Instance(
    int number,
    String agent,
    Optional<String> model,
    Optional<Double> temperature,
    List<String> flags) {

  /** Copies, and checks the model's name. */
  public Instance {
    flags = List.copyOf(flags);
    model.ifPresent(name -> Task.ofPrompt("1", "any").withModel(name));
  }

  /**
   * So many instances. Agents, models and parameter sets are taken in turn; temperatures are spread
   * over their range. What a parameter set says goes before the rest.
   *
   * @param count at least 1
   * @param agents at least one
   * @param models none for the agents' own
   * @param temperatures empty to say nothing of them
   * @param sets none for instances that differ in nothing else
   */
  public static List<Instance> spread(
      int count,
      List<String> agents,
      List<String> models,
      Optional<Temperatures> temperatures,
      List<ParameterSet> sets) {
    List<Instance> instances = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      int at = index;
      Optional<ParameterSet> own =
          sets.isEmpty() ? Optional.empty() : Optional.of(sets.get(index % sets.size()));
      instances.add(
          new Instance(
              index + 1,
              agents.get(index % agents.size()),
              own.flatMap(ParameterSet::model)
                  .or(() ->
                      models.isEmpty()
                          ? Optional.empty()
                          : Optional.of(models.get(at % models.size()))),
              own.flatMap(ParameterSet::temperature)
                  .or(() -> temperatures.map(range -> range.at(at, count))),
              own.map(ParameterSet::flags).orElse(List.of())));
    }
    return instances;
  }

  /** The name of its task. */
  public String task() {
    return Integer.toString(number);
  }

  /**
   * What it is asked. No agent's program takes a temperature, so what it stands for is said in
   * words, before the prompt.
   */
  String asked(String prompt) {
    return temperature
        .map(value ->
            String.format(
                Locale.ROOT,
                "Creativity for this answer: %s on a scale from 0 (the most likely, sober answer)"
                    + " to 2 (the most unusual, daring one). Keep to it without speaking of it.\n\n"
                    + "%s",
                plain(value),
                prompt))
        .orElse(prompt);
  }

  /** Without zeros at the end: 0.2, not 0.2000. */
  static String plain(double value) {
    return java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  Task toTask(String prompt, Path folder) {
    Task task = Task.ofPrompt(task(), asked(prompt)).withFolder(folder).withAgent(agent);
    return model.map(task::withModel).orElse(task);
  }

  Event.PlannedInstance planned() {
    return new Event.PlannedInstance(
        task(), agent, model.orElse(null), temperature.orElse(null), flags);
  }
}
