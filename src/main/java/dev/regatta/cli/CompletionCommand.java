package dev.regatta.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.aesh.command.Command;
import org.aesh.command.CommandDefinition;
import org.aesh.command.CommandResult;
import org.aesh.command.invocation.CommandInvocation;
import org.aesh.command.option.Argument;
import org.aesh.command.option.Mixin;
import org.aesh.util.completer.ShellCompletionGenerator;
import org.aesh.util.completer.ShellCompletionGenerator.ShellType;
import org.jspecify.annotations.Nullable;

/** {@code regatta completion}. */
@CommandDefinition(
    name = "completion",
    description = "Print a script that completes regatta's commands and options in a shell.",
    sortOptions = false)
public final class CompletionCommand extends CliCommand {
  @Argument(description = "bash|zsh|fish")
  @Nullable String shell;

  @Mixin CommonOptions common = new CommonOptions();

  /** All commands in one, for the library's generator alone, which knows fish. */
  @CommandDefinition(
      name = "regatta",
      description = "Runs fleets of AI coding agents in parallel and proves what they did.",
      groupCommands = {
        DemoCommand.class,
        ProveCommand.class,
        RunCommand.class,
        AskCommand.class,
        RunsCommand.class,
        ShowCommand.class,
        AuditCommand.class,
        VerifyCommand.class,
        StressCommand.class,
        DoctorCommand.class,
        RehearseCommand.class,
        ServeCommand.class,
        McpCommand.class,
        CompletionCommand.class,
        VersionCommand.class
      })
  public static final class Whole implements Command<CommandInvocation> {
    @Override
    public CommandResult execute(CommandInvocation invocation) {
      return CommandResult.SUCCESS;
    }
  }

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    source <(regatta completion bash)
    regatta completion zsh > ~/.zfunc/_regatta
    regatta completion fish > ~/.config/fish/completions/regatta.fish\
    """;
  }

  @Override
  int run(Context context) throws Exception {
    String script =
        switch (shell == null ? "" : shell.toLowerCase(Locale.ROOT)) {
          case "bash" -> BashCompletion.script(options());
          case "zsh" -> ZshCompletion.script(options());
          case "fish" -> ShellCompletionGenerator.generate(ShellType.FISH, Whole.class, "regatta");
          default ->
              throw CliFailure.usage(
                  "completion needs the name of a shell: bash, zsh or fish"
                      + (shell == null ? "" : ", not '" + shell + "'"));
        };
    context.out().print(script);
    return ExitCode.OK;
  }

  private static Map<String, OwnOptions> options() {
    Map<String, OwnOptions> options = new LinkedHashMap<>();
    for (String name : Commands.names()) {
      options.put(
          name, new OwnOptions(Commands.find(name).orElseThrow().command().get().getClass()));
    }
    return options;
  }
}
