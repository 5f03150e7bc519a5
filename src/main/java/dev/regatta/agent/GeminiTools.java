package dev.regatta.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which tools the {@code gemini} CLI may use without asking. Where nobody can be asked it doesn't
 * offer the others to the model at all. In a project that it doesn't trust it knows no approval
 * modes, only names of tools (measured with 0.61.0).
 */
final class GeminiTools {
  /** The names that prompts and options use, which are those of the {@code claude} CLI. */
  private static final Map<String, String> USUAL =
      Map.of(
          "Read", "read_file",
          "Write", "write_file",
          "Edit", "replace",
          "Bash", "run_shell_command",
          "Glob", "glob",
          "Grep", "grep_search",
          "WebFetch", "web_fetch",
          "WebSearch", "google_web_search");

  private static final Pattern OWN = Pattern.compile("[a-z][a-z0-9_]{0,99}(\\([^,()]{1,500}\\))?");
  private static final List<String> EDITS = List.of("write_file", "replace");

  private GeminiTools() {}

  /** What to say of the first name that is none of this CLI's; empty if there is none. */
  static Optional<String> unknown(List<String> tools) {
    return tools.stream()
        .filter(tool -> !OWN.matcher(USUAL.getOrDefault(tool, tool)).matches())
        .findFirst()
        .map(GeminiTools::unknown);
  }

  private static String unknown(String tool) {
    return "the agent gemini has no tool '"
        + Words.quote(tool)
        + "'; name one as it does, for example run_shell_command(git), or one of "
        + String.join(", ", USUAL.keySet().stream().sorted().toList());
  }

  /**
   * The names for {@code --allowed-tools}.
   *
   * @throws IllegalArgumentException if a name is none of this CLI's
   */
  static List<String> allowed(Permissions permissions, List<String> tools) {
    List<String> allowed = new ArrayList<>();
    switch (permissions) {
      case LEAST -> {}
      case ACCEPT_EDITS -> allowed.addAll(EDITS);
      case BYPASS -> allowed.add("*");
    }
    unknown(tools)
        .ifPresent(why -> {
          throw new IllegalArgumentException(why);
        });
    for (String tool : tools) {
      String name = USUAL.getOrDefault(tool, tool);
      if (!allowed.contains(name) && permissions != Permissions.BYPASS) {
        allowed.add(name);
      }
    }
    return allowed;
  }
}
