package dev.regatta.cli;

import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.jspecify.annotations.Nullable;

/** {@code regatta run}. */
@CommandDefinition(
    name = "run",
    description =
        "Carry out one task for each line of standard input, so many at once: a command, or a"
            + " prompt for an agent.",
    stopAtFirstPositional = true,
    sortOptions = false)
public final class RunCommand extends CliCommand {
  @Arguments(description = "-- COMMAND [ARG …]")
  @Nullable List<String> words;

  @Mixin RunOptions options = new RunOptions();
  @Mixin SpawnOptions spawning = new SpawnOptions();
  @Mixin AgentOptions agents = new AgentOptions();
  @Mixin TokenOptions tokens = new TokenOptions();
  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    ls *.png | regatta run -P 4 -- convert {} {}.jpg     {} is the line
    seq 5000 | regatta run -- true                       without {} it is the last argument
    regatta run --agent claude --tool Read --tasks tasks.yaml
    cat prompts.txt | regatta run --agent claude --retries 2 --timeout 300
    regatta run --resume 20261121-101500-3fa9            what is left of that run\
    """;
  }

  @Override
  int run(Context context) throws Exception {
    List<String> command = words == null ? List.of() : words;
    return new Working(context, this, options, spawning, agents, tokens, command).carryOut();
  }
}
