package dev.regatta.rehearsal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command line of the rehearsal agent: the part of the real CLI's that runs need.
 *
 * @param prompt the words of the prompt; empty if it comes through standard input
 * @param format {@code text}, {@code json} or {@code stream-json}
 * @param model the model to name in requests
 * @param permissionMode as the real CLI takes it
 * @param allowedTools tools that may be used without asking
 * @param mostTurns how many answers at most
 * @param mcpConfig servers of further tools; empty for none
 * @param version whether only the version is wanted
 */
record Arguments(
    Optional<String> prompt,
    String format,
    String model,
    String permissionMode,
    Set<String> allowedTools,
    int mostTurns,
    Optional<String> mcpConfig,
    boolean version) {
  private static final Set<String> FORMATS = Set.of("text", "json", "stream-json");
  private static final Set<String> MODES =
      Set.of("default", "acceptEdits", "bypassPermissions", "dontAsk", "plan");

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static Arguments of(String... words) {
    Deque<String> rest = new ArrayDeque<>(List.of(words));
    List<String> prompt = new ArrayList<>();
    Set<String> allowed = new HashSet<>();
    String format = "text";
    String model = "claude-rehearsal";
    String mode = "default";
    int turns = Integer.MAX_VALUE;
    Optional<String> servers = Optional.empty();
    boolean print = false;
    boolean verbose = false;
    boolean version = false;
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      switch (word) {
        case "-p", "--print" -> print = true;
        case "--verbose" -> verbose = true;
        case "-v", "--version" -> version = true;
        case "--output-format" -> format = one(word, rest, FORMATS);
        case "--permission-mode" -> mode = one(word, rest, MODES);
        case "--model" -> model = value(word, rest);
        case "--setting-sources" -> value(word, rest); // it reads no settings of any kind
        case "--mcp-config" -> servers = Optional.of(value(word, rest));
        case "--max-turns" -> turns = turns(value(word, rest));
        case "--allowedTools", "--allowed-tools" -> allowed.addAll(tools(word, rest));
        default -> {
          if (word.startsWith("-") && !word.contains("\n")) {
            throw new IllegalArgumentException("error: unknown option '" + word + "'");
          }
          prompt.add(word);
        }
      }
    }
    if (!version && !print) {
      throw new IllegalArgumentException("error: the rehearsal agent needs -p: it has no screen");
    }
    if (format.equals("stream-json") && !verbose) {
      throw new IllegalArgumentException("error: --output-format=stream-json requires --verbose");
    }
    return new Arguments(
        prompt.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", prompt)),
        format,
        model,
        mode,
        Set.copyOf(allowed),
        turns,
        servers,
        version);
  }

  /** Whether a tool may be used; reading in the working folder always may. */
  boolean allows(String tool) {
    return tool.equals("Read")
        || allowedTools.contains(tool)
        || permissionMode.equals("acceptEdits")
        || permissionMode.equals("bypassPermissions");
  }

  private static List<String> tools(String option, Deque<String> rest) {
    List<String> tools = new ArrayList<>(List.of(value(option, rest).split("[ ,]+")));
    while (!rest.isEmpty() && !rest.getFirst().startsWith("-")) {
      tools.addAll(List.of(rest.removeFirst().split("[ ,]+")));
    }
    return tools;
  }

  private static int turns(String text) {
    try {
      int turns = Integer.parseInt(text);
      if (turns > 0) {
        return turns;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("error: --max-turns must be a whole number from 1", e);
    }
    throw new IllegalArgumentException("error: --max-turns must be a whole number from 1");
  }

  private static String one(String option, Deque<String> rest, Set<String> known) {
    String value = value(option, rest);
    if (!known.contains(value)) {
      throw new IllegalArgumentException(
          "error: " + option + " must be one of " + known.stream().sorted().toList());
    }
    return value;
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException("error: " + option + " needs a value");
    }
    return rest.removeFirst();
  }
}
