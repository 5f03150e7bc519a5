package dev.regatta.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code claude} CLI's arguments and environment, which the rehearsal agent takes too. */
final class ClaudeCommand {
  // Milliseconds, three weeks: how long other agents may take is the orchestrator's to say. Beyond
  // 2^31 the CLI's clock would run out at once.
  private static final String LONGEST_TOOL = "2000000000";

  private ClaudeCommand() {}

  /**
   * The launch.
   *
   * @param program the program with what comes before the CLI's own arguments
   * @param bypass the arguments that allow everything
   */
  static Launch launch(List<String> program, List<String> bypass, Assignment assignment) {
    boolean fed = Prompts.mustBeFed(assignment.prompt());
    List<String> command = new ArrayList<>(program);
    command.add("-p");
    if (!fed) {
      command.add(assignment.prompt());
    }
    command.addAll(List.of("--output-format", "stream-json", "--verbose"));
    // Settings of the project could name another address, and the token would go there: measured
    // with 2.1.197, they come before the environment. The user level is our own config folder.
    command.addAll(List.of("--setting-sources", "user"));
    assignment.model().ifPresent(model -> command.addAll(List.of("--model", model)));
    command.addAll(
        switch (assignment.permissions()) {
          case LEAST -> List.<String>of();
          case ACCEPT_EDITS -> List.of("--permission-mode", "acceptEdits");
          case BYPASS -> bypass;
        });
    List<String> tools = new ArrayList<>(assignment.tools());
    assignment
        .agentTools()
        .ifPresent(given -> {
          command.addAll(List.of("--mcp-config", given.configurationForClaude()));
          tools.addAll(AgentTools.namesForClaude());
        });
    if (!tools.isEmpty()) {
      command.addAll(List.of("--allowedTools", String.join(",", tools)));
    }
    command.addAll(assignment.flags());
    return Launch.of(assignment, command, environment(assignment), fed);
  }

  private static Map<String, String> environment(Assignment assignment) {
    String home = assignment.configFolder().toAbsolutePath().toString();
    Map<String, String> environment = Environments.of(assignment, home);
    environment.put("CLAUDE_CONFIG_DIR", home);
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("DISABLE_TELEMETRY", "1");
    environment.put("DISABLE_AUTOUPDATER", "1");
    assignment
        .agentTools()
        .ifPresent(given -> {
          environment.putAll(given.variables());
          environment.put("MCP_TOOL_TIMEOUT", LONGEST_TOOL);
        });
    assignment
        .endpoint()
        .ifPresent(endpoint -> environment.put("ANTHROPIC_BASE_URL", endpoint.toString()));
    return environment;
  }
}
