package dev.regatta.cli;

import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** The options of {@code run} besides those about agents. */
public class RunOptions {
  @Option(
      name = "parallel",
      shortName = 'P',
      argument = "N",
      description = "how many at once (the number of cores)")
  @Nullable String parallel;

  @Option(
      name = "tasks",
      argument = "FILE",
      description = "a tasks file instead of standard input (docs/tasks-file.md)")
  @Nullable String tasks;

  @Option(
      name = "retries",
      argument = "N",
      description = "how often a task is tried again after its own failure (0)")
  @Nullable String retries;

  @Option(
      name = "keep-order",
      shortName = 'k',
      hasValue = false,
      description = "print outputs in the order of the tasks")
  boolean keepOrder;

  @Option(name = "resume", argument = "RUN", description = "do what is left of an earlier run")
  @Nullable String resume;

  @Option(
      name = "witness",
      hasValue = false,
      description = "put a gateway between agents and model API that sees every call")
  boolean witness;

  @Option(
      name = "record-bodies",
      hasValue = false,
      description =
          "keep what agents ask the model API and what it answers (redacted, yours alone)")
  boolean recordBodies;

  @Option(
      name = "json",
      hasValue = false,
      description = "print a JSON line for each task and one for the run, instead of outputs")
  boolean json;
}
