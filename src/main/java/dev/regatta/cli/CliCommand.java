package dev.regatta.cli;

import java.nio.file.Path;
import org.aesh.command.Command;
import org.aesh.command.CommandResult;
import org.aesh.command.invocation.CommandInvocation;
import org.jspecify.annotations.Nullable;

/**
 * A command of ours. The library fills its fields and calls {@link #execute}; what it throws is
 * kept here, because the library would wrap it and print it its own way.
 */
abstract class CliCommand implements Command<CommandInvocation> {
  private @Nullable Context context;
  private @Nullable Throwable failure;
  private int exitCode;

  /** The options that every command has. */
  abstract CommonOptions common();

  /** Examples for its help page, a line each. */
  abstract String examples();

  /** What the help says of an option: the usual, but where this command takes less of it. */
  String described(String option, String usual) {
    return usual;
  }

  /** Does it. */
  abstract int run(Context context) throws Exception;

  void in(Context given) {
    this.context = given;
  }

  @Override
  public CommandResult execute(CommandInvocation invocation) {
    Context given = context;
    if (given == null || common().help) {
      return CommandResult.SUCCESS;
    }
    try {
      exitCode = run(given);
    } catch (Throwable e) {
      failure = e;
    }
    return CommandResult.SUCCESS;
  }

  int outcome() throws Throwable {
    if (failure != null) {
      throw failure;
    }
    return exitCode;
  }

  /** The {@code .regatta} folder. */
  Path home(Context given) {
    String named = common().home;
    return given.folder().resolve(named == null ? ".regatta" : named);
  }
}
