package dev.regatta.doctor;

import dev.regatta.process.Launcher;
import dev.regatta.process.MachineLoad;
import dev.regatta.provider.Provider;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What commands need that are about to be started: the agents that they name, a credential for
 * each, a port, and a machine that is not too busy. Each look has a limit of its own.
 *
 * @param environment that the commands will have
 * @param folder where they will run
 * @param agents by the names of their programs
 * @param rehearsal whether they are led to a rehearsal server, with an invented token
 * @param load how busy the machine is
 */
public record Prerequisites(
    Map<String, String> environment,
    Path folder,
    Set<String> agents,
    boolean rehearsal,
    MachineLoad load) {
  private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(10);
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(30);

  /** Copies what could change. */
  public Prerequisites {
    environment = Map.copyOf(environment);
    agents = Set.copyOf(agents);
  }

  /**
   * Looks at them.
   *
   * @return in a fixed order; one that is missing is {@link Status#FAIL}
   */
  public List<Finding> look() throws InterruptedException {
    int factor = load.limitFactor();
    try (Launcher launcher = Launcher.open()) {
      ShortRun run = new ShortRun(launcher, environment, PROGRAM_LIMIT.multipliedBy(factor));
      List<Check> checks = new ArrayList<>();
      for (String agent : new TreeSet<>(agents)) {
        Tool tool = tool(agent);
        checks.add(new ToolCheck(tool, environment, folder, run));
        checks.add(new Ready("credential", List.of(credential(tool))));
      }
      checks.add(new PortCheck(InetAddress.getLoopbackAddress()));
      checks.add(new MachineCheck(load));
      checks.add(new GpuCheck(environment, folder, run));
      return Checks.carryOut(checks, CHECK_LIMIT.multipliedBy(factor)).stream()
          .filter(Prerequisites::matters)
          .map(Prerequisites::needed)
          .toList();
    }
  }

  private static boolean matters(Finding finding) {
    return !Set.of("tool.java", "machine.cores").contains(finding.id());
  }

  /** A program that may be missing elsewhere is needed here. */
  private static Finding needed(Finding finding) {
    boolean missing =
        finding.id().startsWith("tool.") && finding.found().endsWith(" is not on the PATH");
    return missing
        ? new Finding(finding.id(), Status.FAIL, finding.found(), install(finding.id()))
        : finding;
  }

  /** Commands name their agent, so no other can stand in for it. */
  private static String install(String id) {
    return tool(id.substring("tool.".length())).install().replaceFirst(";.*", "");
  }

  private static Tool tool(String agent) {
    return switch (agent) {
      case "claude" -> Tool.CLAUDE;
      case "codex" -> Tool.CODEX;
      case "gemini" -> Tool.GEMINI;
      default -> throw new IllegalArgumentException("no agent is known by the name " + agent);
    };
  }

  private Finding credential(Tool tool) {
    String id = "credential." + tool.program();
    if (rehearsal) {
      return new Finding(id, Status.OK, "an invented token: this is a REHEARSAL", null);
    }
    Provider provider = provider(tool);
    for (String name : new TreeSet<>(provider.allVariables())) {
      boolean read = provider.agentsOwnVariables().contains(name) || !name.startsWith("CLAUDE");
      if (read && !environment.getOrDefault(name, "").isBlank()) {
        return new Finding(
            id, Status.OK, "in " + name + "; not asked whether it is accepted", null);
      }
    }
    for (Path file : logins(tool)) {
      if (Files.exists(file)) {
        return new Finding(
            id, Status.OK, "a login, or a way to one, in " + Plain.line(file.toString()), null);
      }
    }
    return new Finding(
        id,
        Status.FAIL,
        "none in the environment of the commands, and " + tool.program() + " is not logged in",
        "set "
            + String.join(" or ", new TreeSet<>(provider.agentsOwnVariables()))
            + ", log in with "
            + tool.program()
            + " itself, or add --rehearsal");
  }

  private static Provider provider(Tool tool) {
    return switch (tool) {
      case CODEX -> Provider.OPENAI;
      case GEMINI -> Provider.GOOGLE;
      case CLAUDE, GIT, NPM -> Provider.ANTHROPIC;
    };
  }

  /** Where the CLIs keep what they log in with. */
  private List<Path> logins(Tool tool) {
    Path home = Path.of(environment.getOrDefault("HOME", "/"));
    return switch (tool) {
      case CLAUDE -> {
        Path config = place("CLAUDE_CONFIG_DIR", home.resolve(".claude"));
        yield List.of(config.resolve(".credentials.json"), config.resolve("settings.json"));
      }
      case CODEX -> List.of(place("CODEX_HOME", home.resolve(".codex")).resolve("auth.json"));
      case GEMINI -> List.of(home.resolve(".gemini/oauth_creds.json"));
      case GIT, NPM -> List.of();
    };
  }

  private Path place(String variable, Path otherwise) {
    String named = environment.getOrDefault(variable, "");
    return named.isEmpty() ? otherwise : folder.resolve(named);
  }
}
