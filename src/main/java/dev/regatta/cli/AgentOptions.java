package dev.regatta.cli;

import java.util.List;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** The options about agents, their credentials, permissions and limits. */
public class AgentOptions {
  @Option(name = "agent", argument = "AGENT", description = "claude, command or rehearsal-agent")
  @Nullable String agent;

  @OptionList(
      name = "token",
      valueSeparator = '\0',
      description = "name of a variable that holds a token (CLAUDE_CODE_TOKEN, …1 to …9)")
  @Nullable List<String> tokens;

  @Option(
      name = "token-file",
      argument = "FILE",
      description = "a file of lines NAME=value that only you can read")
  @Nullable String tokenFile;

  @Option(
      name = "token-command",
      argument = "COMMAND",
      description = "a command that prints a token")
  @Nullable String tokenCommand;

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

  @Option(
      name = "base-url",
      argument = "URL",
      description = "send agents, and your tokens, to this address instead of the provider's")
  @Nullable String baseUrl;

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
