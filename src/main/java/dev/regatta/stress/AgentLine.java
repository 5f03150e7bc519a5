package dev.regatta.stress;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a template says of the agent that it starts: the words of the line that stand in no quotes.
 */
final class AgentLine {
  private static final Pattern QUOTED =
      Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|'[^']*'", Pattern.DOTALL);
  private static final Pattern AGENT =
      Pattern.compile("(?:^|[\\s;&|(/])(claude|codex|gemini)(?=\\s|$)");

  private final String bare;

  AgentLine(String template) {
    bare = QUOTED.matcher(template).replaceAll("_");
  }

  /** The agent that it starts, if it starts one that is known. */
  Optional<String> agent() {
    Matcher agent = AGENT.matcher(bare);
    return agent.find() ? Optional.of(agent.group(1)) : Optional.empty();
  }

  /** Whether it makes the agent print and end. */
  boolean prints() {
    return switch (agent().orElse("")) {
      case "codex" -> hasWord("exec", "e");
      case "gemini" -> hasWord("-p", "--prompt");
      default -> hasWord("-p", "--print");
    };
  }

  /** Whether claude prints its events as they come. */
  boolean streams() {
    return Pattern.compile("--output-format[ =]\\s*stream-json\\b").matcher(bare).find();
  }

  /** Whether one of these words stands in it. */
  boolean hasWord(String... words) {
    for (String word : words) {
      if (Pattern.compile("(?:^|\\s)" + Pattern.quote(word) + "(?=\\s|=|$)").matcher(bare).find()) {
        return true;
      }
    }
    return false;
  }
}
