package dev.regatta.cli;

import dev.regatta.ensemble.EnsemblePlan;
import dev.regatta.ensemble.Judge;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who judges answers, as the options say; in a rehearsal its model server does where they don't.
 */
final class JudgeChoice {
  /** What to do where a judge is needed and none is given; it follows what needs one. */
  static final String NEEDED =
      " needs somebody who judges: --judge-url URL --judge-model NAME, or --judge-agent AGENT";

  private static final int MOST_BYTES = 8 << 20;

  private final Context context;
  private final JudgeOptions options;
  private final Fleet fleet;

  JudgeChoice(Context context, JudgeOptions options, Fleet fleet) {
    this.context = context;
    this.options = options;
    this.fleet = fleet;
  }

  /** Whether the options name one. */
  boolean given() {
    return options.agent != null || options.url != null;
  }

  /** The first option about a judge that is given, if one is. */
  Optional<String> firstOption() {
    return options.words().stream().findFirst();
  }

  /** Who judges, by what; one has to be given, or it is a rehearsal. */
  EnsemblePlan.Judging judging() {
    return new EnsemblePlan.Judging(
        judge(),
        rubric(),
        Words.seconds("--judge-timeout", options.timeout).orElse(EnsemblePlan.Judging.USUAL_LIMIT));
  }

  private Judge judge() {
    if (options.agent != null && (options.url != null || options.keyVariable != null)) {
      throw CliFailure.usage("--judge-agent and --judge-url exclude each other: give one");
    }
    if (options.agent != null) {
      if (options.agent.equals("command") || !Fleet.AGENTS.contains(options.agent)) {
        throw CliFailure.usage(
            "--judge-agent must be an agent that takes prompts, not '" + options.agent + "'");
      }
      return new Judge.Agent(options.agent, Optional.ofNullable(options.model));
    }
    Optional<URI> given = Words.address("--judge-url", options.url);
    if (options.model == null && given.isPresent()) {
      throw CliFailure.usage("--judge-url needs --judge-model NAME: which model judges");
    }
    String model = options.model == null ? "judge-rehearsal" : options.model;
    return given.map(url -> Judge.Model.at(url, model, key())).orElseGet(() -> rehearsed(model));
  }

  /** The rehearsal server takes any key, and wants one. */
  private Judge.Model rehearsed(String model) {
    return Judge.Model.at(
        fleet.endpoint().orElseThrow(), model, Optional.of(new Secret("rehearsal-judge-key")));
  }

  private Optional<Secret> key() {
    if (options.keyVariable == null) {
      return Optional.empty();
    }
    String value = context.environment().getOrDefault(options.keyVariable, "").strip();
    if (value.isEmpty()) {
      throw CliFailure.environment(
          "the variable "
              + options.keyVariable
              + " is not set, and --judge-key-variable names it: set it to the judge's key");
    }
    if (!value.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw CliFailure.environment(
          "the variable "
              + options.keyVariable
              + " holds a character that no key has, such as a blank or a line end: set it to the"
              + " judge's key alone");
    }
    Secret key = new Secret(value);
    context.secrets().add(List.of(key));
    return Optional.of(key);
  }

  /** A text that names a file is meant as the file. */
  private String rubric() {
    if (options.rubric == null) {
      return EnsemblePlan.Judging.USUAL_RUBRIC;
    }
    try {
      Path file = context.folder().resolve(options.rubric);
      if (Files.isRegularFile(file)) {
        if (Files.size(file) > MOST_BYTES) {
          throw CliFailure.usage("--rubric: " + options.rubric + " is longer than 8 MiB");
        }
        return Files.readString(file);
      }
    } catch (InvalidPathException e) {
      return options.rubric; // no path, so it is the text itself
    } catch (IOException e) {
      throw CliFailure.usage("--rubric: " + options.rubric + ": " + Reasons.of(e));
    }
    return options.rubric;
  }
}
