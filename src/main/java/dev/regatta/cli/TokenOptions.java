package dev.regatta.cli;

import java.util.List;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** The options about tokens of the user's, and where they are sent. */
public class TokenOptions {
  @OptionList(
      name = "token",
      valueSeparator = '\0',
      description = "name of a variable that holds a token (CLAUDE_CODE_TOKEN, …1 to …9)")
  @Nullable List<String> names;

  @Option(
      name = "token-file",
      argument = "FILE",
      description = "a file of lines NAME=value that only you can read")
  @Nullable String file;

  @Option(
      name = "token-command",
      argument = "COMMAND",
      description = "a command that prints a token")
  @Nullable String command;

  @Option(
      name = "base-url",
      argument = "URL",
      description = "send agents, and your tokens, to this address instead of the provider's")
  @Nullable String baseUrl;
}
