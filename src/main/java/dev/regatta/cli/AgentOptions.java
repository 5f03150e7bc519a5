package dev.regatta.cli;

import java.util.List;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** The options about agents, their permissions and limits. */
public class AgentOptions {
  @Option(
      name = "agent",
      argument = "AGENT",
      description = "claude, codex, command, gemini or rehearsal-agent")
  @Nullable String agent;

  @Option(
      name = "rehearsal",
      hasValue = false,
      description = "use the built-in model server on loopback; costs nothing, proves no calls")
  boolean rehearsal;

  @Option(
      name = "script",
      argument = "FILE",
      description = "what the rehearsal server answers (docs/rehearsal.md)")
  @Nullable String script;

  @Option(name = "model", argument = "NAME", description = "the model that agents are told to use")
  @Nullable String model;

  @OptionList(
      name = "tool",
      valueSeparator = '\0',
      description = "a tool that agents may use without asking, for example Read")
  @Nullable List<String> tools;

  @Option(
      name = "bypass-permissions",
      hasValue = false,
      description = "let agents do anything without asking")
  boolean bypass;

  @Option(name = "timeout", argument = "S", description = "seconds an attempt may take")
  @Nullable String timeout;

  @Option(
      name = "first-output",
      argument = "S",
      description = "seconds an attempt may take to its first output")
  @Nullable String firstOutput;

  @Option(name = "stall", argument = "S", description = "seconds an attempt may be silent")
  @Nullable String stall;
}
