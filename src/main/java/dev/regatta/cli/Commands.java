package dev.regatta.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** All commands: by name, with the line that the first page shows, in the order it shows them. */
final class Commands {
  record Entry(String group, String line, Supplier<CliCommand> command) {}

  private static final Map<String, Entry> ALL = new LinkedHashMap<>();

  static {
    add("prove", "demo", "the main job in rehearsal, with nothing set up", DemoCommand::new);
    add("prove", "prove", "the same tasks one after another and at once", ProveCommand::new);
    add("work", "run", "many tasks, so many at once, as xargs does", RunCommand::new);
    add("work", "ask", "the same prompt to many at once, and the best answer", AskCommand::new);
    add("work", "runs", "the runs there were", RunsCommand::new);
    add("work", "show", "one of them again", ShowCommand::new);
    add("work", "audit", "who did what, when, with which credential", AuditCommand::new);
    add("work", "verify", "check the evidence of a run, with its file alone", VerifyCommand::new);
    add(
        "work",
        "stress",
        "a stress suite of commands and prompts, run and judged",
        StressCommand::new);
    add("tools", "doctor", "what is there, what is missing, what helps", DoctorCommand::new);
    add("tools", "rehearse", "the built-in model server by itself", RehearseCommand::new);
    add(
        "tools",
        "serve",
        "commands, agents and runs for other programs: WebSocket, HTTP, MCP",
        ServeCommand::new);
    add("tools", "mcp", "the tools of a run's agents over standard input", McpCommand::new);
    add("tools", "completion", "completion for bash, zsh or fish", CompletionCommand::new);
    add("tools", "version", "the version of Regatta and of what it runs on", VersionCommand::new);
  }

  private Commands() {}

  private static void add(String group, String name, String line, Supplier<CliCommand> command) {
    ALL.put(name, new Entry(group, line, command));
  }

  static Optional<Entry> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** The page that is shown without a command. */
  static String firstPage() {
    StringBuilder page =
        new StringBuilder(
            """
            Regatta runs fleets of AI coding agents in parallel and proves what they did.

            Usage: regatta COMMAND [OPTION …]
            """);
    Map<String, String> groups = Map.of("prove", "Prove it:", "work", "Work:", "tools", "Tools:");
    String group = "";
    for (Map.Entry<String, Entry> entry : ALL.entrySet()) {
      if (!entry.getValue().group().equals(group)) {
        group = entry.getValue().group();
        page.append('\n').append(groups.get(group)).append('\n');
      }
      page.append("  ")
          .append(entry.getKey())
          .append(" ".repeat(12 - entry.getKey().length()))
          .append(entry.getValue().line())
          .append('\n');
    }
    return page.append(
            """

            Examples:
              regatta demo                            three agents at once, in rehearsal
              regatta prove --token A --token B       the same with your own tokens
              seq 100 | regatta run -P 8 -- echo      a hundred commands, eight at once

            regatta COMMAND --help explains one command.
            Exit codes: 0 it worked, 1 the work failed, 2 wrong usage, 3 something is missing, 130 interrupted.
            """)
        .toString();
  }
}
