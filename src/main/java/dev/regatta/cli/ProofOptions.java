package dev.regatta.cli;

import java.util.List;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** The options of {@code prove}, which {@code demo} takes too. */
public class ProofOptions {
  @OptionList(
      name = "prompt",
      valueSeparator = '\0',
      description = "what to ask, instead of the built-in questions")
  @Nullable List<String> prompts;

  @Option(name = "tasks", argument = "FILE", description = "a tasks file (docs/tasks-file.md)")
  @Nullable String tasks;

  @Option(
      name = "parallel",
      shortName = 'P',
      argument = "N",
      description = "how many at once (3, or as many as there are tasks)")
  @Nullable String parallel;

  @Option(name = "rounds", argument = "N", description = "how many pairs of phases (1)")
  @Nullable String rounds;

  @Option(
      name = "order",
      argument = "ORDER",
      description = "sequential-first, parallel-first or interleaved")
  @Nullable String order;

  @Option(
      name = "tree",
      argument = "SHAPE",
      description = "agents that start agents: 3x3 is three that each start three")
  @Nullable String tree;

  @Option(
      name = "stagger",
      argument = "S",
      description = "seconds between the starts of a parallel phase (0: all at once)")
  @Nullable String stagger;

  @Option(
      name = "witness",
      hasValue = false,
      description = "put a gateway between agents and model API that sees every call (the default)")
  boolean witness;

  @Option(
      name = "no-witness",
      hasValue = false,
      description = "give agents the credentials, and let them call the model API themselves")
  boolean noWitness;

  @Option(
      name = "record-bodies",
      hasValue = false,
      description =
          "keep what agents ask the model API and what it answers (redacted, yours alone)")
  boolean recordBodies;

  @Option(
      name = "prices",
      argument = "FILE",
      description = "what models cost, to compare costs with (docs/evidence.md)")
  @Nullable String prices;

  @Option(
      name = "timestamp",
      argument = "URL",
      description = "have this authority say when the evidence was there (RFC 3161)")
  @Nullable String timestamp;

  @Option(
      name = "out",
      argument = "DIR",
      description = "where reports, journal and raw output go (.regatta/runs/RUN)")
  @Nullable String out;

  @Option(
      name = "json",
      hasValue = false,
      description = "print the JSON report instead of the text")
  boolean json;
}
