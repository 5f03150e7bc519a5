package dev.regatta.cli;

import dev.regatta.agent.AgentTools;
import dev.regatta.mcp.StdioBridge;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** {@code regatta mcp}. */
@CommandDefinition(
    name = "mcp",
    description =
        "Serve the tools for agents (docs/trees.md) over standard input and output, to a program"
            + " that a run with --spawn has started.",
    sortOptions = false)
public final class McpCommand extends CliCommand {
  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta run --spawn -- my-agent              my-agent may start regatta mcp and speak MCP with it
    my-agent --mcp "regatta mcp"                 how such a program is often told\
    """;
  }

  @Override
  int run(Context context) throws Exception {
    StdioBridge bridge =
        StdioBridge.of(context.environment(), context.out())
            .orElseThrow(() ->
                CliFailure.environment(
                    "there is no run to speak for: "
                        + AgentTools.ADDRESS_VARIABLE
                        + " and "
                        + AgentTools.TOKEN_VARIABLE
                        + " are set in what regatta run --spawn starts"));
    bridge.carry(context.in());
    return ExitCode.OK;
  }
}
