package dev.regatta.cli;

import dev.regatta.ensemble.Criterion;
import dev.regatta.ensemble.EnsemblePlan;
import dev.regatta.ensemble.Extractor;
import dev.regatta.ensemble.Instance;
import dev.regatta.ensemble.Judge;
import dev.regatta.ensemble.ParameterSet;
import dev.regatta.ensemble.Temperatures;
import dev.regatta.run.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the options of {@code ask} come to. */
final class AskPlan {
  /** Those that take prompts. */
  static final List<String> AGENTS =
      Fleet.AGENTS.stream().filter(name -> !name.equals("command")).toList();

  private static final int MOST_INSTANCES = 1_000;
  private static final int USUAL_INSTANCES = 3;
  private static final int MOST_BYTES = 8 << 20;

  private final Context context;
  private final AskOptions options;
  private final ComparisonOptions comparison;
  private final JudgeChoice judge;
  private final AgentOptions agents;
  private final @Nullable String prompt;
  private final Fleet fleet;

  AskPlan(Context context, AskCommand command, Fleet fleet) {
    this.context = context;
    this.options = command.options;
    this.comparison = command.comparison;
    this.judge = new JudgeChoice(context, command.judge, fleet);
    this.agents = command.agents;
    this.prompt = command.prompt;
    this.fleet = fleet;
  }

  EnsemblePlan plan(Cancellation cancellation) {
    refuseContradictions();
    Extractor extractor = comparison.extractor();
    Optional<Criterion> pick = pick(extractor);
    List<Instance> instances = instances();
    refuseWithoutTemperatures(pick, instances);
    Optional<EnsemblePlan.Judging> judges = judging(pick);
    List<String> checks = checks(pick);
    boolean ownFolders =
        !checks.isEmpty()
            || options.keep
            || agents.bypass
            || !fleet.tools().isEmpty()
            || instances.stream().anyMatch(instance -> !instance.flags().isEmpty());
    try {
      return new EnsemblePlan(
          prompt(cancellation),
          instances,
          pick,
          extractor,
          checks,
          comparison.checkLimit(),
          judges,
          ownFolders,
          options.keep);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  /** All agents that take part, the one that judges too. */
  Set<String> agents(EnsemblePlan plan) {
    Set<String> names = new LinkedHashSet<>();
    plan.instances().forEach(instance -> names.add(instance.agent()));
    plan.judging()
        .map(EnsemblePlan.Judging::judge)
        .ifPresent(judge -> {
          if (judge instanceof Judge.Agent agent) {
            names.add(agent.agent());
          }
        });
    return names;
  }

  private void refuseContradictions() {
    if (prompt == null) {
      throw CliFailure.usage(
          "ask needs a prompt: regatta ask \"PROMPT\"; - takes it from standard input");
    }
    if (options.agents != null && agents.agent != null) {
      throw CliFailure.usage("--agents and --agent exclude each other: give one");
    }
    if (options.models != null && agents.model != null) {
      throw CliFailure.usage("--models and --model exclude each other: give one");
    }
  }

  private String prompt(Cancellation cancellation) {
    if (prompt == null || !prompt.equals("-")) {
      return String.valueOf(prompt);
    }
    try (StandardInput in = new StandardInput(context.in(), cancellation)) {
      byte[] read = in.readNBytes(MOST_BYTES + 1);
      if (read.length > MOST_BYTES) {
        throw CliFailure.usage("the prompt on standard input is longer than 8 MiB");
      }
      return new String(read, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("standard input could not be read: " + Reasons.of(e), e);
    }
  }

  private Optional<Criterion> pick(Extractor extractor) {
    String word = options.pick == null ? "consensus" : options.pick;
    if (word.equalsIgnoreCase(EnsemblePlan.ALL)) {
      if (options.answerOnly) {
        throw CliFailure.usage(
            "--pick all picks no single answer that --answer-only could print: name one criterion");
      }
      return Optional.empty();
    }
    return Optional.of(
        Criterion.named(word, extractor)
            .orElseThrow(() ->
                CliFailure.usage(
                    "--pick must be one of "
                        + String.join(", ", Asking.criteria())
                        + ", not '"
                        + word
                        + "'")));
  }

  private List<Instance> instances() {
    Optional<Temperatures> temperatures =
        Optional.ofNullable(options.temperatures)
            .map(range -> parsed("--temperatures", range, Temperatures::parse));
    List<ParameterSet> sets =
        options.sets == null
            ? List.of()
            : options.sets.stream().map(set -> parsed("--set", set, ParameterSet::parse)).toList();
    List<String> models =
        options.models == null
            ? fleet.model().stream().toList()
            : listed("--models", options.models);
    List<String> names = agentNames();
    for (String name : names) {
      if (!AGENTS.contains(name)) {
        throw CliFailure.usage(
            "ask needs agents that take prompts: "
                + String.join(", ", AGENTS)
                + ", not '"
                + name
                + "'");
      }
    }
    int least = Math.max(Math.max(names.size(), models.size()), sets.size());
    int count =
        Words.count(
            "--instances", options.instances, 1, MOST_INSTANCES, Math.max(USUAL_INSTANCES, least));
    refuseTooFew(count, "--agents", names.size());
    refuseTooFew(count, "--models", models.size());
    refuseTooFew(count, "--set", sets.size());
    return parsed("--models", "", any -> Instance.spread(count, names, models, temperatures, sets));
  }

  private List<String> agentNames() {
    if (options.agents != null) {
      return listed("--agents", options.agents);
    }
    return List.of(agents.agent == null ? fleet.agent("") : agents.agent);
  }

  /** Each that is named is to be asked. */
  private static void refuseTooFew(int count, String option, int named) {
    if (count < named) {
      throw CliFailure.usage(
          String.format(
              Locale.ROOT,
              "--instances %d is too few for the %d of %s: ask at least %d, or name fewer",
              count,
              named,
              option,
              named));
    }
  }

  private void refuseWithoutTemperatures(Optional<Criterion> pick, List<Instance> instances) {
    if (pick.filter(Criterion.HighestTemperature.class::isInstance).isPresent()
        && instances.stream().allMatch(instance -> instance.temperature().isEmpty())) {
      throw CliFailure.usage(
          "--pick "
              + options.pick
              + " needs temperatures: add --temperatures LOW..HIGH, or --set temperature=T");
    }
  }

  private static List<String> listed(String option, String words) {
    List<String> list = Arrays.stream(words.split(",", -1)).map(String::strip).toList();
    if (list.stream().anyMatch(String::isEmpty)) {
      throw CliFailure.usage(
          option + " must be names with commas between them, not '" + words + "'");
    }
    return list;
  }

  private static <T> T parsed(String option, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage(option + ": " + e.getMessage());
    }
  }

  private List<String> checks(Optional<Criterion> pick) {
    List<String> checks = comparison.checks();
    if (checks.isEmpty() && pick.filter(Criterion.MostChecks.class::isInstance).isPresent()) {
      throw CliFailure.usage(
          "--pick "
              + options.pick
              + " needs checks: add --check \"COMMAND\", as often as you like");
    }
    return checks;
  }

  private Optional<EnsemblePlan.Judging> judging(Optional<Criterion> pick) {
    boolean needed = pick.filter(Criterion.Judged.class::isInstance).isPresent();
    Optional<String> first = judge.firstOption();
    if (first.isPresent() && pick.isPresent() && !needed) {
      throw CliFailure.usage(
          first.get()
              + " has no effect with --pick "
              + pick.get().word()
              + ": add --pick judge or --pick all, or leave it out");
    }
    if (judge.given() || ((needed || first.isPresent()) && fleet.rehearsal())) {
      return Optional.of(judge.judging());
    }
    if (needed || first.isPresent()) {
      throw CliFailure.usage(
          (needed ? "--pick " + options.pick : first.orElseThrow()) + JudgeChoice.NEEDED);
    }
    return Optional.empty();
  }
}
