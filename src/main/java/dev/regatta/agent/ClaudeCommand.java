package dev.regatta.agent;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code claude} CLI's arguments and environment, which the rehearsal agent takes too. */
final class ClaudeCommand {
  // Linux takes 131,072 bytes in one argument (MAX_ARG_STRLEN).
  private static final int LONGEST_ARGUMENT = 100_000;
  private static final String LOOPBACK = "127.0.0.1";

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
    byte[] prompt = assignment.prompt().getBytes(StandardCharsets.UTF_8);
    // One that begins with a hyphen would be taken for an option.
    boolean fed = prompt.length > LONGEST_ARGUMENT || assignment.prompt().startsWith("-");
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
    return new Launch(
        command,
        environment(assignment),
        fed ? Optional.of(prompt) : Optional.empty(),
        assignment.folder(),
        assignment.credential().map(credential -> credential.kind().variable()));
  }

  private static Map<String, String> environment(Assignment assignment) {
    String home = assignment.configFolder().toAbsolutePath().toString();
    Map<String, String> environment =
        new HashMap<>(Environments.allowed(assignment.inherited(), !assignment.rehearsal()));
    environment.putAll(assignment.mark());
    environment.put("CLAUDE_CONFIG_DIR", home);
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("DISABLE_TELEMETRY", "1");
    environment.put("DISABLE_AUTOUPDATER", "1");
    if (assignment.rehearsal()) {
      // The user's own login and settings lie in their home.
      environment.put("HOME", home);
      environment.put("NO_PROXY", "*");
      environment.put("no_proxy", "*");
    }
    assignment
        .endpoint()
        .ifPresent(endpoint -> {
          environment.put("ANTHROPIC_BASE_URL", endpoint.toString());
          goDirectlyTo(endpoint, environment);
        });
    assignment
        .agentTools()
        .ifPresent(given -> {
          environment.putAll(given.variables());
          environment.put("MCP_TOOL_TIMEOUT", LONGEST_TOOL);
          goDirectlyTo(given.address(), environment);
        });
    assignment
        .credential()
        .ifPresent(credential ->
            environment.put(credential.kind().variable(), credential.value().reveal()));
    return environment;
  }

  /** A proxy of the user's could not reach what listens on this machine only. */
  private static void goDirectlyTo(URI address, Map<String, String> environment) {
    if (!LOOPBACK.equals(address.getHost())) {
      return;
    }
    String given = environment.getOrDefault("NO_PROXY", environment.get("no_proxy"));
    List<String> hosts = given == null ? List.of() : List.of(given.split(","));
    boolean covered = hosts.contains("*") || hosts.contains(LOOPBACK);
    String direct = given == null ? LOOPBACK : covered ? given : given + "," + LOOPBACK;
    environment.put("NO_PROXY", direct);
    environment.put("no_proxy", direct);
  }
}
