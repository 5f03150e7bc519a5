package dev.regatta.server;

import dev.regatta.telemetry.TraceIds;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The commands that may be started.
 *
 * <p>To look at a line's first word alone would allow everything after a semicolon. So where there
 * is a list, a line is one command: nothing outside single quotes may make the shell start another
 * or write a file. What a listed program itself can start can't be known here. Of an agent the name
 * is held against the list, as its prompt goes through no shell.
 *
 * @param names first words that are allowed, as they are written in a line, and names of agents;
 *     all when empty
 */
record AllowList(Optional<Set<String>> names) {
  private static final String OPERATORS = ";&|<>()\n\r";
  private static final int SHOWN = 100;
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  /** Sees that an agent may be started. */
  void check(String agent, String prompt) throws ProtocolError {
    refuseNothing(prompt);
    if (names.isPresent() && !names.get().contains(agent)) {
      throw new ProtocolError(
          ProtocolError.Code.NOT_ALLOWED, "Agent '" + shown(agent) + "' is not allowed");
    }
  }

  private static void refuseNothing(String words) throws ProtocolError {
    if (words.isBlank()) {
      throw new ProtocolError(ProtocolError.Code.NOT_ALLOWED, "Command cannot be empty");
    }
  }

  /** Sees that a line may be started. */
  void check(String line) throws ProtocolError {
    refuseNothing(line);
    if (names.isEmpty()) {
      return;
    }
    String first = line.strip().split("\\s", 2)[0];
    if (!names.get().contains(first)) {
      throw new ProtocolError(
          ProtocolError.Code.NOT_ALLOWED, "Command '" + shown(first) + "' is not allowed");
    }
    if (!single(line)) {
      throw new ProtocolError(
          ProtocolError.Code.NOT_ALLOWED,
          "Command '"
              + shown(first)
              + "' is not allowed in this line: with a list of allowed commands a line is one"
              + " command, outside quotes without ; & | < > ( ) and line ends, outside single"
              + " quotes (so within double ones too) without ` and $(");
    }
  }

  /**
   * Sees that a process may be given these variables. One that says to which trace it belongs is
   * read by no shell and starts nothing (W3C Trace Context).
   */
  void check(Map<String, String> variables) throws ProtocolError {
    if (names.isPresent() && !variables.entrySet().stream().allMatch(AllowList::tracing)) {
      throw ProtocolError.params(
          "env is not taken where only some commands are allowed: a variable can start others");
    }
  }

  private static boolean tracing(Map.Entry<String, String> variable) {
    return variable.getKey().equals(TraceIds.VARIABLE)
        && TRACEPARENT.matcher(variable.getValue()).matches();
  }

  private static String shown(String word) {
    return word.length() <= SHOWN ? word : word.substring(0, SHOWN) + "…";
  }

  /** Whether a shell reads that line as one command and nothing else. */
  private static boolean single(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char at = line.charAt(i);
      if (quote == '\'') {
        quote = at == '\'' ? 0 : quote;
      } else if (at == '\\') {
        i++; // the next one is itself
      } else if (at == '`' || (at == '$' && next(line, i) == '(')) {
        return false; // also in double quotes
      } else if (at == '$' && quote == 0 && next(line, i) == '\'') {
        return false; // bash's quoting with escapes of its own: where it ends is not plain
      } else if (at == '"') {
        quote = quote == '"' ? 0 : '"';
      } else if (quote == 0 && at == '\'') {
        quote = '\'';
      } else if (quote == 0 && OPERATORS.indexOf(at) >= 0) {
        return false;
      }
    }
    return quote == 0;
  }

  private static char next(String line, int at) {
    return at + 1 < line.length() ? line.charAt(at + 1) : 0;
  }
}
