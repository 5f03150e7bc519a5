package dev.regatta.cli;

import dev.regatta.run.Visible;
import java.util.List;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** The options about how a stress suite is run. */
public class SuiteOptions {
  @Option(
      name = "jobs",
      argument = "N",
      description = "how many commands run at once at most (max_concurrent of the suite)")
  @Nullable String jobs;

  @Option(
      name = "pause",
      argument = "S",
      description = "seconds between the end of a command and the next in its place (0)")
  @Nullable String pause;

  @Option(
      name = "server",
      argument = "URL",
      description = "run the commands on this server instead of one of Regatta's own")
  @Nullable String server;

  @Option(
      name = "server-token-file",
      argument = "FILE",
      description = "with --server: a file with its token (.regatta/server/token on loopback)")
  @Nullable String tokenFile;

  @Option(
      name = "rehearsal",
      hasValue = false,
      description = "lead agents to the built-in model server; costs nothing, proves no calls")
  boolean rehearsal;

  @Option(
      name = "script",
      argument = "FILE",
      description = "what the rehearsal server answers (docs/rehearsal.md)")
  @Nullable String script;

  @Option(
      name = "env-file",
      argument = "FILE",
      description = "variables for the commands, lines NAME=value, such as a .env file")
  @Nullable String envFile;

  @Option(
      name = "timeouts",
      argument = "WHENCE",
      description = "where time limits are from: suite, or auto, from earlier runs (suite)")
  @Nullable String timeouts;

  @Option(name = "out", argument = "DIR", description = "write the reports there too")
  @Nullable String out;

  /** Those without which a task would not run by itself as it did. */
  List<String> words() {
    return Words.options(
        "--script", script, "--env-file", envFile, "--server-token-file", tokenFile);
  }

  /** Whether time limits are to be learned. */
  boolean learns() {
    return switch (timeouts) {
      case null -> false;
      case "suite" -> false;
      case "auto" -> true;
      default ->
          throw CliFailure.usage(
              "--timeouts is suite or auto, and '" + Visible.line(timeouts, 40) + "' is neither");
    };
  }
}
