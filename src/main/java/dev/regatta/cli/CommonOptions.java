package dev.regatta.cli;

import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** The options that every command has. */
public class CommonOptions {
  @Option(
      name = "home",
      argument = "DIR",
      description = "where Regatta keeps its runs (.regatta in the working folder)")
  @Nullable String home;

  @Option(
      name = "no-colour",
      aliases = {"no-color"},
      hasValue = false,
      description = "no colours; the variable NO_COLOR does the same")
  boolean noColour;

  @Option(name = "debug", hasValue = false, description = "show where a failure came from")
  boolean debug;

  @Option(name = "help", shortName = 'h', hasValue = false, description = "show this page")
  boolean help;
}
