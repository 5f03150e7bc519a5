package dev.regatta.rehearsal;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A script's {@code Write}, for an agent that has no such tool but runs commands: Codex has {@code
 * exec_command}, or {@code exec}, which runs JavaScript that calls it.
 */
final class ShellWrite {
  static final String NAME = "Write";
  private static final String COMMAND = "exec_command";
  private static final String JAVA_SCRIPT = "exec";

  private ShellWrite() {}

  static boolean possible(Set<String> tools) {
    return tools.contains(COMMAND) || tools.contains(JAVA_SCRIPT);
  }

  /**
   * What to ask for in place of a tool.
   *
   * @param name the tool's name
   * @param input its input, or the program's text where the tool takes no JSON
   * @param custom whether it takes text
   */
  record Call(String name, String input, boolean custom) {}

  /** The call that does what the tool would. */
  static Call of(Answer.ToolUse tool, Set<String> offered) {
    if (!tool.name().equals(NAME) || !possible(offered)) {
      return new Call(tool.name(), tool.input().toString(), false);
    }
    String arguments =
        JsonMapper.shared().createObjectNode().put("cmd", command(tool.input())).toString();
    return offered.contains(COMMAND)
        ? new Call(COMMAND, arguments, false)
        : new Call(JAVA_SCRIPT, "text(await tools.exec_command(" + arguments + "))", true);
  }

  private static String command(JsonNode input) {
    return "printf %s "
        + quoted(input.path("content").asString(""))
        + " > "
        + quoted(input.path("file_path").asString(""));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
