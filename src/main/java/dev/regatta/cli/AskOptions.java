package dev.regatta.cli;

import java.util.List;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** The options of {@code ask} about instances and answers. */
public class AskOptions {
  @Option(
      name = "instances",
      shortName = 'n',
      argument = "N",
      description = "how many are asked at once (3, or more for more agents, models or sets)")
  @Nullable String instances;

  @Option(
      name = "agents",
      argument = "LIST",
      description = "several agents, taken in turn: claude,codex")
  @Nullable String agents;

  @Option(name = "models", argument = "LIST", description = "several models, taken in turn: A,B")
  @Nullable String models;

  @Option(
      name = "temperatures",
      argument = "RANGE",
      description = "how daring answers are to be, spread over 0.2..1.2")
  @Nullable String temperatures;

  @OptionList(
      name = "set",
      valueSeparator = '\0',
      description = "model=M,temperature=T,flags=… of instances, taken in turn")
  @Nullable List<String> sets;

  @Option(
      name = "pick",
      argument = "CRITERION",
      description = "which answer is the best (consensus); all shows what each would pick")
  @Nullable String pick;

  @Option(
      name = "retries",
      argument = "N",
      description = "how often an instance is tried again after its own failure (0)")
  @Nullable String retries;

  @Option(
      name = "keep",
      hasValue = false,
      description = "keep the folder in which each instance worked")
  boolean keep;

  @Option(
      name = "answer-only",
      hasValue = false,
      description = "print nothing but the answer that is picked")
  boolean answerOnly;

  @Option(name = "json", hasValue = false, description = "as JSON")
  boolean json;
}
